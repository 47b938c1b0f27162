// Builds a signed contingent input up to its signature (spec 02 §5.8). It needs no spend key, so a view-only machine can
// do it.
import { MOB, tokenValue } from "@fogbow/core-bytes";
import { blockVersionFeatures } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import { unmaskAmount } from "../output/masked-amount.ts";
import { amountSharedSecret } from "../output/tx-out-shared-secret.ts";
import type { UnsignedOffer } from "../sci/unsigned-offer.ts";
import type { ClaimedTxOut, InputRules } from "../tx/input-rules.ts";
import { OUTPUTS_MAX } from "../validation/constants.ts";
import { byPublicKey } from "./by-public-key.ts";
import { type BuiltOutput, findIngressKeys, makeOutputs, type OutputToMake, wipeMadeOutput } from "./make-outputs.ts";
import { offerDigest, type PlannedOffer } from "./offer-digest.ts";
import type { OfferPlan } from "./offer-plan.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { assembleRing } from "./ring.ts";
import { type AttemptSeed, withSeededRandom } from "./seeded-random.ts";

/** An offer that only lacks its signature, and what its maker may want to keep. */
export interface BuiltOffer {
  readonly unsignedOffer: UnsignedOffer;
  /** The required payments, those of a partial fill, the rest of the input if there is one, what is not taken. */
  readonly outputs: readonly BuiltOutput[];
}

/**
 * Builds an offer; the same plan and seed give the same one. Throws `signed-input-rules-not-allowed` before block version
 * 3, `insufficient-funds` when the input does not hold what is offered, `zero-partial-fill-change`,
 * `zero-partial-fill-output`, `min-partial-fill-value-exceeds-partial-change`, `too-many-outputs`,
 * `insufficient-ring-size`, `excessive-ring-size`, `duplicate-ring-elements`, `tombstone-block-exceeded`,
 * `missing-ingress-key`, `invalid-seed` and what the memo builder throws, whose fee is 0 of token 0: whoever fills the
 * offer pays it.
 */
export function buildUnsignedOffer(plan: OfferPlan, seed: AttemptSeed): BuiltOffer {
  const planned = planOffer(plan);
  const { blockVersion } = plan;
  const startMemos = (): ReturnType<OfferPlan["memoBuilder"]> => {
    const memoBuilder = plan.memoBuilder();
    memoBuilder.setFee({ value: tokenValue(0n), tokenId: MOB });
    return memoBuilder;
  };
  const contentDigest = offerDigest(planned, startMemos());
  const made = withSeededRandom({ seed, use: "offer-outputs", contentDigest }, (random) =>
    makeOutputs(planned.outputs, { blockVersion, memoBuilder: startMemos(), random }),
  );
  try {
    const outputs = made.map(({ built }) => built);
    return { unsignedOffer: assemble(planned, outputs), outputs };
  } catch (error) {
    made.forEach(wipeMadeOutput);
    throw error;
  } finally {
    for (const { txPrivateKey } of made) txPrivateKey.wipe();
  }
}

/** Decides and checks everything that needs no randomness. */
function planOffer(plan: OfferPlan): PlannedOffer {
  if (!blockVersionFeatures(plan.blockVersion).inputRules) {
    throw new TransactionError("signed-input-rules-not-allowed", "Before block version 3 there are no offers.");
  }
  const planned = planOutputs(plan);
  if (planned.length > OUTPUTS_MAX) {
    throw new TransactionError("too-many-outputs", `A transaction makes at most ${OUTPUTS_MAX} outputs.`);
  }
  const outputs = findIngressKeys(planned, plan.ingressKey);
  return {
    plan,
    assembled: assembleRing(plan.input),
    outputs,
    roles: planned.map(({ role }) => role),
    tombstoneBlockMax: chooseTombstoneMax(plan, outputs),
  };
}

/** What is left of the input returns in any case, and what is offered and not taken when a part can be. */
function planOutputs(plan: OfferPlan): (PlannedOutput & { readonly role: PlannedOffer["roles"][number] })[] {
  const { input, required, partialFill, own } = plan;
  const { value, tokenId } = input.amount;
  const offered = plan.offered ?? value;
  if (offered > value) {
    throw new TransactionError("insufficient-funds", "The input does not hold what is offered.");
  }
  assertFillable(offered, partialFill);
  const destination = { kind: "change", own } as const;
  const rest = { role: "required", destination, amount: { value: tokenValue(value - offered), tokenId } } as const;
  const untaken = {
    role: "partial-fill-change",
    destination,
    amount: { value: tokenValue(offered), tokenId },
  } as const;
  return [
    ...required.map((payment) => ({ ...payment, role: "required" as const })),
    ...(partialFill?.outputs ?? []).map((payment) => ({ ...payment, role: "partial-fill" as const })),
    ...(rest.amount.value === 0n ? [] : [rest]),
    ...(partialFill === undefined ? [] : [untaken]),
  ];
}

function assertFillable(offered: bigint, partialFill: OfferPlan["partialFill"]): void {
  if (partialFill === undefined) return;
  if (offered === 0n) {
    throw new TransactionError("zero-partial-fill-change", "Nothing is offered of which a part could be taken.");
  }
  if (partialFill.minimum > offered) {
    throw new TransactionError("min-partial-fill-value-exceeds-partial-change", "More must be taken than is offered.");
  }
  if (partialFill.outputs.some(({ amount }) => amount.value === 0n)) {
    throw new TransactionError("zero-partial-fill-output", "A price by fraction is more than zero.");
  }
}

/** The plan's block, or an earlier one at which a Fog key expires; 0 for none. */
function chooseTombstoneMax({ lifetime }: OfferPlan, outputs: readonly OutputToMake[]): bigint {
  const limits = [lifetime.tombstoneBlock, ...outputs.map(({ ingressKey }) => ingressKey?.pubkeyExpiry)];
  const [first, ...others] = limits.filter((limit) => limit !== undefined);
  if (first === undefined) return 0n;
  const least = others.reduce((a, b) => (a < b ? a : b), first);
  if (least <= lifetime.currentBlock) {
    throw new TransactionError("tombstone-block-exceeded", "The offer or a Fog key has expired.");
  }
  return least;
}

function assemble({ plan, assembled, roles, tombstoneBlockMax }: PlannedOffer, outputs: BuiltOutput[]): UnsignedOffer {
  const of = (role: (typeof roles)[number]): BuiltOutput[] =>
    outputs.filter((_, i) => roles[i] === role).sort((a, b) => byPublicKey(a.txOut, b.txOut));
  const required = of("required");
  const [untaken] = of("partial-fill-change");
  const inputRules: InputRules = {
    requiredOutputs: required.map(({ txOut }) => txOut),
    maxTombstoneBlock: tombstoneBlockMax,
    partialFillOutputs: of("partial-fill").map(claim),
    partialFillChange: untaken && claim(untaken),
    minPartialFillValue: plan.partialFill?.minimum ?? 0n,
  };
  const { ring, proofs } = assembled.input;
  return {
    blockVersion: plan.blockVersion,
    txIn: { ring, proofs: [], inputRules },
    ring: assembled.ring,
    requiredOutputAmounts: required.map(({ txOut, sharedSecret }) => unmaskAmount(txOut.maskedAmount, sharedSecret)),
    txOutGlobalIndices: proofs.map(({ index }) => index),
  };
}

/** Shows an output's amount to whoever fills the offer, and to everybody who sees the transaction. */
function claim({ txOut, sharedSecret }: BuiltOutput): ClaimedTxOut {
  return { txOut, amountSharedSecret: amountSharedSecret(sharedSecret).expose() };
}
