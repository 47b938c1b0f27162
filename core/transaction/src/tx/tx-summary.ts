// A transaction without rings and proofs: small enough for a signing device to read, and part of what is signed from
// block version 3 on (spec 02 §3.2).
import { equalBytes, type TokenId, type TokenValue, toHex } from "@fogbow/core-bytes";
import {
  aggregate,
  bool,
  bytesOf,
  type CompressedPoint,
  type Digestible,
  list,
  optional,
  point,
  uint64,
} from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import type { MaskedAmount } from "../output/masked-amount.ts";
import type { TxOut } from "../output/tx-out.ts";
import { maskedAmountDigestible } from "../output/tx-out-hash.ts";
import type { InputRules } from "./input-rules.ts";
import type { TxIn, TxPrefix } from "./tx.ts";
import { inputRulesDigest } from "./tx-digest.ts";

/** What a signing device sees of a transaction. */
export interface TxSummary {
  readonly outputs: readonly TxOutSummary[];
  readonly inputs: readonly TxInSummary[];
  /** In the smallest unit of the fee token. */
  readonly fee: TokenValue;
  readonly feeTokenId: TokenId;
  /** Unsigned 64-bit. */
  readonly tombstoneBlock: bigint;
}

/** What a signing device sees of an output. */
export interface TxOutSummary {
  readonly maskedAmount: MaskedAmount;
  readonly targetKey: CompressedPoint;
  readonly publicKey: CompressedPoint;
  /** Whether the rules of some input speak of this output. */
  readonly associatedToInputRules: boolean;
}

/** What a signing device sees of an input. */
export interface TxInSummary {
  readonly pseudoOutputCommitment: CompressedPoint;
  /** 32 bytes, or empty for an input without rules. */
  readonly inputRulesDigest: Uint8Array;
}

/** Summarises a transaction. Throws `length-mismatch` unless there are as many pseudo-outputs as inputs. */
export function createTxSummary(prefix: TxPrefix, pseudoOutputs: readonly CompressedPoint[]): TxSummary {
  if (prefix.inputs.length !== pseudoOutputs.length) {
    throw new TransactionError("length-mismatch", "A transaction has one pseudo-output for each input.");
  }
  const targetKeys = targetKeysInRules(prefix.inputs);
  return {
    outputs: prefix.outputs.map((output) => summarizeOutput(output, targetKeys)),
    inputs: pseudoOutputs.map((pseudoOutputCommitment, i) => {
      const rules = prefix.inputs[i]?.inputRules;
      return { pseudoOutputCommitment, inputRulesDigest: rules ? inputRulesDigest(rules) : new Uint8Array(0) };
    }),
    fee: prefix.fee,
    feeTokenId: prefix.feeTokenId,
    tombstoneBlock: prefix.tombstoneBlock,
  };
}

/** A summary as part of a larger hashed object. Outputs come before inputs, unlike in the transaction. */
export function txSummaryDigestible(summary: TxSummary): Digestible {
  return aggregate("TxSummary", [
    ["outputs", list(summary.outputs.map(outputDigestible))],
    ["inputs", list(summary.inputs.map(inputDigestible))],
    ["fee", uint64(summary.fee)],
    ["fee_token_id", uint64(summary.feeTokenId)],
    ["tombstone_block", uint64(summary.tombstoneBlock)],
  ]);
}

function outputDigestible(output: TxOutSummary): Digestible {
  return aggregate("TxOutSummary", [
    ["masked_amount", optional(maskedAmountDigestible(output.maskedAmount))],
    ["target_key", point(output.targetKey)],
    ["public_key", point(output.publicKey)],
    ["associated_to_input_rules", bool(output.associatedToInputRules)],
  ]);
}

function inputDigestible(input: TxInSummary): Digestible {
  return aggregate("TxInSummary", [
    ["pseudo_output_commitment", point(input.pseudoOutputCommitment)],
    ["input_rules_digest", bytesOf(input.inputRulesDigest)],
  ]);
}

/** The target key that rules last gave to each public key, the latter in hexadecimal. */
function targetKeysInRules(inputs: readonly TxIn[]): ReadonlyMap<string, CompressedPoint> {
  const outputs = inputs.flatMap(({ inputRules }) => (inputRules ? outputsInRules(inputRules) : []));
  return new Map(outputs.map(({ publicKey, targetKey }) => [toHex(publicKey), targetKey]));
}

function outputsInRules(rules: InputRules): TxOut[] {
  return [
    ...rules.requiredOutputs,
    ...rules.partialFillOutputs.map(({ txOut }) => txOut),
    ...(rules.partialFillChange ? [rules.partialFillChange.txOut] : []),
  ];
}

function summarizeOutput(
  { maskedAmount, targetKey, publicKey }: TxOut,
  targetKeys: ReadonlyMap<string, CompressedPoint>,
): TxOutSummary {
  const inRules = targetKeys.get(toHex(publicKey));
  return {
    maskedAmount,
    targetKey,
    publicKey,
    associatedToInputRules: inRules !== undefined && equalBytes(inRules, targetKey),
  };
}
