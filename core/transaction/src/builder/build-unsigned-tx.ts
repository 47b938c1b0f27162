// Builds a transaction up to its signature (spec 02 §5.9). It needs no spend key, so a view-only machine can do it.
import type { Random, Secret } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import { addressesOf, prepareOutput } from "../output/create-output.ts";
import { createTxOut } from "../output/create-tx-out.ts";
import { unmaskAmount } from "../output/masked-amount.ts";
import type { TxOut } from "../output/tx-out.ts";
import type { TxOutUnblindingData } from "../tx/check-tx-summary.ts";
import type { UnsignedTx } from "../tx/unsigned-tx.ts";
import { TOMBSTONE_DISTANCE_MAX } from "../validation/constants.ts";
import { byPublicKey } from "./by-public-key.ts";
import type { FixedOutput } from "./fill-offer.ts";
import { type PlannedTx, planDigest } from "./plan-digest.ts";
import { feeOf, type PlannedOutput, planOutputs } from "./planned-output.ts";
import { assembleInputs } from "./ring.ts";
import { type AttemptSeed, seededRandom } from "./seeded-random.ts";
import type { TxLifetime, TxPlan } from "./tx-plan.ts";

/** A transaction that only lacks its signature, and what its payer may want to keep. */
export interface BuiltTx {
  readonly unsignedTx: UnsignedTx;
  /** The payments in the order of the plan, then the change of the fee's token, then that of others. */
  readonly outputs: readonly BuiltOutput[];
}

/** An output that was made, and for whom. */
export interface BuiltOutput extends PlannedOutput {
  readonly txOut: TxOut;
  /** Opens the output and gives its confirmation number. Wipe it after use. */
  readonly sharedSecret: Secret;
}

/**
 * Builds a transaction; the same plan and seed give the same one. Throws `no-inputs`, `too-many-inputs`,
 * `too-many-outputs`, `insufficient-funds`, `amount-too-large`, `insufficient-ring-size`, `excessive-ring-size`,
 * `duplicate-ring-elements`, `token-not-yet-configured`, `tx-fee-error`, `token-not-allowed`,
 * `mixed-transactions-not-allowed`, `signed-input-rules-not-allowed`, `missing-ingress-key`, `tombstone-block-exceeded`, `tombstone-block-too-far`,
 * `invalid-seed` and what the memo builder throws.
 */
export function buildUnsignedTx(plan: TxPlan, seed: AttemptSeed): BuiltTx {
  const planned = planTx(plan);
  const { blockVersion } = plan;
  const random = seededRandom(seed, "outputs", planDigest(planned));
  const outputs = makeOutputs(planned, random);
  const fixed = (plan.offers ?? []).flatMap((offer) => offer.outputs);
  const inOrder = [...outputs.map(openMade), ...fixed.map(openFixed)].sort((a, b) => byPublicKey(a.txOut, b.txOut));
  const unsignedTx: UnsignedTx = {
    blockVersion,
    prefix: {
      inputs: planned.inputs.map(({ input }) => input),
      outputs: inOrder.map(({ txOut }) => txOut),
      fee: planned.fee.value,
      feeTokenId: planned.fee.tokenId,
      tombstoneBlock: planned.tombstoneBlock,
    },
    rings: planned.inputs.map(({ ring }) => ring),
    outputs: inOrder.map(({ opening }) => opening),
  };
  return { unsignedTx, outputs: outputs.map(({ built }) => built) };
}

/** Decides and checks everything that needs no randomness. */
function planTx(plan: TxPlan): PlannedTx {
  const fee = feeOf(plan.fee);
  const outputs = planOutputs(plan, fee).map((output) => {
    const { hintAddress } = addressesOf(output.destination);
    return { ...output, ingressKey: hintAddress.fogReportUrl === "" ? undefined : plan.ingressKey(hintAddress) };
  });
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

interface MadeOutput {
  readonly built: BuiltOutput;
  readonly txPrivateKey: PrivateKey;
}

/** In the order of the plan, in which memo builders expect to be asked. */
function makeOutputs({ plan, fee, outputs }: PlannedTx, random: Random): MadeOutput[] {
  const { blockVersion } = plan;
  const memoBuilder = plan.memoBuilder();
  memoBuilder.setFee(fee);
  return outputs.map(({ destination, amount, ingressKey }): MadeOutput => {
    const options = { blockVersion, memoBuilder, random, ingressKey: () => ingressKey };
    const { tombstoneBlockMax: _, ...prepared } = prepareOutput(destination, amount, options);
    const txPrivateKey = PrivateKey.random(random);
    return { built: { destination, amount, ...createTxOut({ ...prepared, txPrivateKey }) }, txPrivateKey };
  });
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
