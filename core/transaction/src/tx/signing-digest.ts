// What the ring signatures of a transaction sign (spec 02 §3.2).
import { concatBytes } from "@fogbow/core-bytes";
import { appendAllowOmit, appendStrict, bytesOf, list, point, Transcript } from "@fogbow/core-crypto";
import type { BlockVersion } from "../block-version.ts";
import type { SignatureRctBulletproofs, TxPrefix } from "./tx.ts";
import { txPrefixHash } from "./tx-digest.ts";
import { createTxSummary, type TxSummary, txSummaryDigestible } from "./tx-summary.ts";

/** The parts of a transaction's signature that its ring signatures sign. */
export type SignedParts = Pick<SignatureRctBulletproofs, "pseudoOutputCommitments" | "rangeProofBytes" | "rangeProofs">;

/**
 * What the ring signatures of a transaction sign under a block version, but for inputs with rules. Before block version
 * 2 a string whose length depends on the transaction; then 32 bytes. Throws `length-mismatch` from block version 3 on
 * unless there are as many pseudo-outputs as inputs.
 */
export function mlsagSigningDigest(version: BlockVersion, prefix: TxPrefix, parts: SignedParts): Uint8Array {
  const prefixHash = txPrefixHash(prefix);
  if (version < 2) {
    return concatBytes(prefixHash, ...parts.pseudoOutputCommitments, parts.rangeProofBytes);
  }
  const message = extendedMessageDigest(prefixHash, parts);
  if (version < 3) {
    return message;
  }
  return extendedMessageAndTxSummaryDigest(message, createTxSummary(prefix, parts.pseudoOutputCommitments));
}

/** The digest of a transaction's prefix hash and proofs, 32 bytes, for which a signing device trusts its host. */
export function extendedMessageDigest(prefixHash: Uint8Array, parts: SignedParts): Uint8Array {
  const transcript = new Transcript("mc_extended_message");
  appendStrict(transcript, "message", bytesOf(prefixHash));
  appendStrict(transcript, "pseudo_output_commitments", list(parts.pseudoOutputCommitments.map(point)));
  appendAllowOmit(transcript, "range_proof_bytes", bytesOf(parts.rangeProofBytes));
  appendAllowOmit(transcript, "range_proofs", list(parts.rangeProofs.map(bytesOf)));
  return transcript.challenge("digest32", 32);
}

/** The same together with the summary that a signing device has checked: 32 bytes. */
export function extendedMessageAndTxSummaryDigest(message: Uint8Array, summary: TxSummary): Uint8Array {
  const transcript = new Transcript("mc_extended_message_and_tx_summary");
  appendStrict(transcript, "extended_message", bytesOf(message));
  appendStrict(transcript, "tx_summary", txSummaryDigestible(summary));
  return transcript.challenge("digest32", 32);
}
