// The checks of a transaction that compare and count, but compute nothing (spec 02 §6.1).
import { toHex } from "@fogbow/core-bytes";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { equalTxOuts, type TxOut } from "../output/tx-out.ts";
import type { Tx, TxIn, TxPrefix } from "../tx/tx.ts";
import { isAscending } from "./compare-bytes.ts";
import { INPUTS_MAX, OUTPUTS_MAX, RING_SIZE, TOMBSTONE_DISTANCE_MAX } from "./constants.ts";
import type { FeeMap } from "./fee-map.ts";
import type { TransactionValidationCode } from "./transaction-code.ts";

/** Check 1: whether the network knows the fee's token and every token of an output. */
export function checkTokens({ prefix, signature }: Tx, fees: FeeMap): TransactionValidationCode | undefined {
  const tokens = [prefix.feeTokenId, ...signature.outputTokenIds];
  return tokens.every((token) => fees.minimum(token) !== undefined) ? undefined : "token-not-yet-configured";
}

/** Checks 3 … 5: how many inputs, outputs and ring members there are. Everything after it is bounded. */
export function checkCounts({ inputs, outputs }: TxPrefix): TransactionValidationCode | undefined {
  if (inputs.length === 0) return "no-inputs";
  if (inputs.length > INPUTS_MAX) return "too-many-inputs";
  if (outputs.length === 0) return "no-outputs";
  if (outputs.length > OUTPUTS_MAX) return "too-many-outputs";
  const odd = inputs.find(({ ring }) => ring.length !== RING_SIZE);
  if (odd === undefined) return undefined;
  return odd.ring.length < RING_SIZE ? "insufficient-ring-size" : "excessive-ring-size";
}

/** Checks 6 … 9: that ring members differ, that rings and inputs are in order, and that each member has a proof. */
export function checkRings({ inputs }: TxPrefix): TransactionValidationCode | undefined {
  const free = inputs.filter(({ inputRules }) => inputRules === undefined);
  const ruled = inputs.filter(({ inputRules }) => inputRules !== undefined);
  // A decoy of an input that was signed in advance may have been chosen again: who chose the others did not know it.
  const groups = [free.flatMap(({ ring }) => ring), ...ruled.map(({ ring }) => ring)];
  if (groups.some(hasEqualTxOuts)) return "duplicate-ring-elements";
  if (!inputs.every(({ ring }) => isAscending(ring.map(keyOf)))) return "unsorted-ring-elements";
  if (!isAscending(inputs.map(firstKey))) return "unsorted-inputs";
  if (!inputs.every(({ ring, proofs }) => proofs.length === ring.length)) return "missing-tx-out-membership-proof";
  return undefined;
}

/** Checks 14 and 15: that nothing is spent or made twice. */
export function checkUnique({ prefix, signature }: Tx): TransactionValidationCode | undefined {
  if (hasEqualBytes(signature.ringSignatures.map(({ keyImage }) => keyImage))) return "duplicate-key-images";
  if (hasEqualBytes(prefix.outputs.map(keyOf))) return "duplicate-output-public-key";
  return undefined;
}

/** Checks 16 and 17: whether a transaction is neither too late nor too early for the block at `currentIndex`. */
export function checkTombstone(tombstoneBlock: bigint, currentIndex: bigint): TombstoneCode | undefined {
  if (currentIndex >= tombstoneBlock) return "tombstone-block-exceeded";
  if (tombstoneBlock > currentIndex + TOMBSTONE_DISTANCE_MAX) return "tombstone-block-too-far";
  return undefined;
}

/** What {@link checkTombstone} finds; minting transactions have the same codes. */
export type TombstoneCode = "tombstone-block-exceeded" | "tombstone-block-too-far";

/** Checks 18 … 20: what outputs carry and how they are ordered under a block version. */
export function checkOutputs(
  outputs: readonly TxOut[],
  blockVersion: BlockVersion,
): TransactionValidationCode | undefined {
  const { memos, maskedTokenIds, sortedOutputs } = blockVersionFeatures(blockVersion);
  if (outputs.some(({ encryptedMemo }) => (encryptedMemo !== undefined) !== memos)) {
    return memos ? "missing-memo" : "memos-not-allowed";
  }
  if (outputs.some(({ maskedAmount }) => maskedAmount.maskedTokenId.length !== (maskedTokenIds ? 8 : 0))) {
    return maskedTokenIds ? "missing-masked-token-id" : "masked-token-id-not-allowed";
  }
  return sortedOutputs && !isAscending(outputs.map(keyOf)) ? "unsorted-outputs" : undefined;
}

function hasEqualTxOuts(txOuts: readonly TxOut[]): boolean {
  const byKey = new Map<string, TxOut[]>(); // Equal outputs have equal keys, so few pairs must be compared in full.
  return txOuts.some((txOut) => {
    const key = toHex(txOut.publicKey);
    const others = byKey.get(key) ?? [];
    byKey.set(key, [...others, txOut]);
    return others.some((other) => equalTxOuts(other, txOut));
  });
}

function hasEqualBytes(items: readonly Uint8Array[]): boolean {
  return new Set(items.map(toHex)).size !== items.length;
}

function keyOf({ publicKey }: TxOut): Uint8Array {
  return publicKey;
}

function firstKey({ ring }: TxIn): Uint8Array {
  return ring[0]?.publicKey ?? new Uint8Array(0); // No ring is empty once they are counted.
}
