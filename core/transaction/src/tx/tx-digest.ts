// The structured digests of transactions and their parts (spec 02 §1.4, §1.5).
import { u64 } from "@fogbow/core-bytes";
import {
  aggregate,
  bytesOf,
  type Digestible,
  digest32,
  list,
  neverOmit,
  omitWhenZero,
  optional,
  point,
  primitive,
  type RecordShape,
  type RingMlsag,
  recordList,
  scalar,
  shapeOfRecords,
  uint64,
} from "@fogbow/core-crypto";
import { txOutDigestible } from "../output/tx-out-hash.ts";
import type { ClaimedTxOut, InputRules } from "./input-rules.ts";
import type { TxOutMembershipElement, TxOutMembershipProof } from "./membership-proof.ts";
import type { SignatureRctBulletproofs, Tx, TxIn, TxPrefix } from "./tx.ts";

/** The hash of a whole transaction, 32 bytes, by which nodes name it. */
export function txHash(tx: Tx): Uint8Array {
  return digest32("mobilecoin-tx", txDigestible(tx));
}

/** The hash of a transaction without its signature, 32 bytes. Every block version's signatures build on it. */
export function txPrefixHash(prefix: TxPrefix): Uint8Array {
  return digest32("mobilecoin-tx-prefix", txPrefixDigestible(prefix));
}

/**
 * What the owner of an input with rules signs: ring and rules, 32 bytes. Membership proofs are not part of it, so that
 * whoever spends the input can add fresh ones. Undefined for an input without rules, whose owner signs the transaction.
 */
export function signedInputDigest(input: TxIn): Uint8Array | undefined {
  return input.inputRules && digest32("mc-input-rules-digest", txInDigestible({ ...input, proofs: [] }));
}

/** The digest of an input's rules in a transaction summary, 32 bytes. */
export function inputRulesDigest(rules: InputRules): Uint8Array {
  return digest32("mc-input-rules", inputRulesDigestible(rules));
}

/** A transaction as part of a larger hashed object. */
export function txDigestible(tx: Tx): Digestible {
  return aggregate("Tx", [
    ["prefix", txPrefixDigestible(tx.prefix)],
    ["signature", signatureDigestible(tx.signature)],
    ["fee_map_digest", bytesOf(tx.feeMapDigest)],
  ]);
}

function txPrefixDigestible(prefix: TxPrefix): Digestible {
  return aggregate("TxPrefix", [
    ["inputs", list(prefix.inputs.map(txInDigestible))],
    ["outputs", list(prefix.outputs.map(txOutDigestible))],
    ["fee", uint64(prefix.fee)],
    ["tombstone_block", uint64(prefix.tombstoneBlock)],
    // Younger than the others: left out for token 0, so that older transactions keep their hashes.
    ["fee_token_id", omitWhenZero(uint64(prefix.feeTokenId))],
  ]);
}

function txInDigestible(input: TxIn): Digestible {
  return aggregate("TxIn", [
    ["ring", list(input.ring.map(txOutDigestible))],
    ["proofs", list(input.proofs.map(proofDigestible))],
    ["input_rules", optional(input.inputRules && inputRulesDigestible(input.inputRules))],
  ]);
}

function inputRulesDigestible(rules: InputRules): Digestible {
  return aggregate("InputRules", [
    ["required_outputs", list(rules.requiredOutputs.map(txOutDigestible))],
    ["max_tombstone_block", uint64(rules.maxTombstoneBlock)],
    ["partial_fill_outputs", list(rules.partialFillOutputs.map(claimedDigestible))],
    ["partial_fill_change", optional(rules.partialFillChange && claimedDigestible(rules.partialFillChange))],
    ["min_partial_fill_value", uint64(rules.minPartialFillValue)],
  ]);
}

function claimedDigestible({ txOut, amountSharedSecret }: ClaimedTxOut): Digestible {
  return aggregate("RevealedTxOut", [
    ["tx_out", txOutDigestible(txOut)],
    ["amount_shared_secret", bytesOf(amountSharedSecret)],
  ]);
}

function proofDigestible(proof: TxOutMembershipProof): Digestible {
  return aggregate("TxOutMembershipProof", [
    ["index", uint64(proof.index)],
    ["highest_index", uint64(proof.highestIndex)],
    ["elements", elementsDigestible(proof.elements)],
  ]);
}

function elementsDigestible(elements: readonly TxOutMembershipElement[]): Digestible {
  const isRegular = elements.every(({ hash }) => hash.length === HASH_BYTES);
  return isRegular
    ? recordList(elementShape(), elementRecords(elements))
    : list(elements.map(membershipElementDigestible));
}

// Nine tenths of what a transaction's hash is made of are these, so they have no tree of their own.
const HASH_BYTES = 32;
const RECORD_BYTES = 8 + 8 + HASH_BYTES;

function elementRecords(elements: readonly TxOutMembershipElement[]): Uint8Array {
  const records = new Uint8Array(RECORD_BYTES * elements.length);
  const view = new DataView(records.buffer);
  for (const [i, { range, hash }] of elements.entries()) {
    const at = RECORD_BYTES * i;
    view.setBigUint64(at, u64(range.from), true);
    view.setBigUint64(at + 8, u64(range.to), true);
    records.set(hash, at + 16);
  }
  return records;
}

let shape: RecordShape | undefined;

/** Made when it is needed: importing a module computes nothing. */
function elementShape(): RecordShape {
  shape ??= shapeOfRecords(RECORD_BYTES, (record) =>
    elementOf({
      from: primitive("uint", record.subarray(0, 8)),
      to: primitive("uint", record.subarray(8, 16)),
      hash: bytesOf(record.subarray(16)),
    }),
  );
  return shape;
}

/** A node of the Merkle tree of outputs as part of a larger hashed object; a block's header holds one. */
export function membershipElementDigestible({ range, hash }: TxOutMembershipElement): Digestible {
  return elementOf({ from: uint64(range.from), to: uint64(range.to), hash: bytesOf(hash) });
}

function elementOf({ from, to, hash }: Readonly<Record<"from" | "to" | "hash", Digestible>>): Digestible {
  return aggregate("TxOutMembershipElement", [
    [
      "range",
      aggregate("Range", [
        ["from", from],
        ["to", to],
      ]),
    ],
    ["hash", hash],
  ]);
}

function signatureDigestible(signature: SignatureRctBulletproofs): Digestible {
  return aggregate("SignatureRctBulletproofs", [
    ["ring_signatures", list(signature.ringSignatures.map(mlsagDigestible))],
    ["pseudo_output_commitments", list(signature.pseudoOutputCommitments.map(point))],
    // Was always there once, and still counts when it is empty.
    ["range_proof_bytes", neverOmit(bytesOf(signature.rangeProofBytes))],
    ["range_proofs", list(signature.rangeProofs.map(bytesOf))],
    ["pseudo_output_token_ids", list(signature.pseudoOutputTokenIds.map(uint64))],
    ["output_token_ids", list(signature.outputTokenIds.map(uint64))],
  ]);
}

function mlsagDigestible(mlsag: RingMlsag): Digestible {
  return aggregate("RingMLSAG", [
    ["c_zero", scalar(mlsag.cZero)],
    ["responses", list(mlsag.responses.map(scalar))],
    ["key_image", point(mlsag.keyImage)],
  ]);
}
