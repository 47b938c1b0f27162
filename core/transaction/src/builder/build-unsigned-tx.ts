// Builds a transaction up to its signature (spec 02 §5.9). It needs no spend key, so a view-only machine can do it.
import { TransactionError } from "../error.ts";
import { addressesOf } from "../output/create-output.ts";
import { unmaskAmount } from "../output/masked-amount.ts";
import type { TxOut } from "../output/tx-out.ts";
import type { TxOutUnblindingData } from "../tx/check-tx-summary.ts";
import type { UnsignedTx } from "../tx/unsigned-tx.ts";
import { TOMBSTONE_DISTANCE_MAX } from "../validation/constants.ts";
import { assertAcceptable } from "./assert-acceptable.ts";
import { byPublicKey } from "./by-public-key.ts";
import type { FixedOutput } from "./fill-offer.ts";
import { type BuiltOutput, findIngressKeys, type MadeOutput, makeOutputs, wipeMadeOutput } from "./make-outputs.ts";
import { type PlannedTx, planDigest } from "./plan-digest.ts";
import { feeOf, planOutputs } from "./planned-output.ts";
import { assembleInputs } from "./ring.ts";
import { type AttemptSeed, withSeededRandom } from "./seeded-random.ts";
import type { TxLifetime, TxPlan } from "./tx-plan.ts";

/** A transaction that only lacks its signature, and what its payer may want to keep. */
export interface BuiltTx {
  readonly unsignedTx: UnsignedTx;
  /** The payments in the order of the plan, then the change of the fee's token, then that of others. */
  readonly outputs: readonly BuiltOutput[];
}

/**
 * Builds a transaction; the same plan and seed give the same one. Throws `no-inputs`, `too-many-inputs`,
 * `too-many-outputs`, `insufficient-funds`, `amount-too-large`, `insufficient-ring-size`, `excessive-ring-size`,
 * `duplicate-ring-elements`, `token-not-yet-configured`, `tx-fee-error`, `token-not-allowed`,
 * `mixed-transactions-not-allowed`, `signed-input-rules-not-allowed`, `missing-ingress-key`, `tombstone-block-exceeded`, `tombstone-block-too-far`,
 * `invalid-seed`, what the memo builder throws, and what {@link assertAcceptable} throws of offers.
 */
export function buildUnsignedTx(plan: TxPlan, seed: AttemptSeed): BuiltTx {
  const planned = planTx(plan);
  const { blockVersion } = plan;
  const outputs = withSeededRandom({ seed, use: "outputs", contentDigest: planDigest(planned) }, (random) => {
    const memoBuilder = plan.memoBuilder();
    memoBuilder.setFee(planned.fee);
    return makeOutputs(planned.outputs, { blockVersion, memoBuilder, random });
  });
  try {
    const unsignedTx = assemble(planned, outputs);
    assertAcceptable(unsignedTx);
    return { unsignedTx, outputs: outputs.map(({ built }) => built) };
  } catch (error) {
    outputs.forEach(wipeMadeOutput);
    throw error;
  }
}

/** Decides and checks everything that needs no randomness. */
function planTx(plan: TxPlan): PlannedTx {
  const fee = feeOf(plan.fee);
  const outputs = findIngressKeys(planOutputs(plan, fee), plan.ingressKey);
  const { offers = [] } = plan;
  const limits = offers.flatMap(({ tombstoneBlockMax }) => tombstoneBlockMax ?? []);
  const expiries = outputs.flatMap(({ ingressKey }) => (ingressKey ? [ingressKey.pubkeyExpiry] : []));
  return {
    plan,
    fee,
    outputs,
    tombstoneBlock: chooseTombstone(plan.lifetime, [...expiries, ...limits]),
    inputs: assembleInputs(plan.inputs, offers),
  };
}

function assemble({ plan, fee, inputs, tombstoneBlock }: PlannedTx, outputs: readonly MadeOutput[]): UnsignedTx {
  const fixed = (plan.offers ?? []).flatMap((offer) => offer.outputs);
  const inOrder = [...outputs.map(openMade), ...fixed.map(openFixed)].sort((a, b) => byPublicKey(a.txOut, b.txOut));
  return {
    blockVersion: plan.blockVersion,
    prefix: {
      inputs: inputs.map(({ input }) => input),
      outputs: inOrder.map(({ txOut }) => txOut),
      fee: fee.value,
      feeTokenId: fee.tokenId,
      tombstoneBlock,
    },
    rings: inputs.map(({ ring }) => ring),
    outputs: inOrder.map(({ opening }) => opening),
  };
}

/** Long enough to try again for a while, short enough to know soon that a payment will never happen. */
const LIFETIME_BLOCKS = 100n;

/** The block of the plan, or an earlier one that a Fog key's expiry or the rules of an offer demand. */
function chooseTombstone({ currentBlock, tombstoneBlock }: TxLifetime, limits: readonly bigint[]): bigint {
  const wanted = tombstoneBlock ?? currentBlock + LIFETIME_BLOCKS;
  const tombstone = limits.reduce((least, limit) => (limit < least ? limit : least), wanted);
  if (tombstone <= currentBlock) {
    throw new TransactionError("tombstone-block-exceeded", "The tombstone block, a Fog key or an offer has expired.");
  }
  // Whoever proposes a transaction checks it as of the block before the one being built (spec 02 §6.1).
  if (tombstone > currentBlock - 1n + TOMBSTONE_DISTANCE_MAX) {
    throw new TransactionError("tombstone-block-too-far", "The tombstone block is too many blocks ahead.");
  }
  return tombstone;
}

/** An output with what opens it. */
interface OpenedOutput {
  readonly txOut: TxOut;
  readonly opening: TxOutUnblindingData;
}

function openMade({ built: { txOut, sharedSecret, destination }, txPrivateKey }: MadeOutput): OpenedOutput {
  const unmaskedAmount = unmaskAmount(txOut.maskedAmount, sharedSecret);
  return { txOut, opening: { unmaskedAmount, address: addressesOf(destination).recipient, txPrivateKey } };
}

/** Whom an output of an offer pays, only the maker of the offer knows. */
function openFixed({ txOut, amount }: FixedOutput): OpenedOutput {
  return { txOut, opening: { unmaskedAmount: amount, address: undefined, txPrivateKey: undefined } };
}
