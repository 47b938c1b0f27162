// Verifying the signature of a transaction (spec 02 §3.3). Cheap checks come first.
import { type Amount, MOB, toHex } from "@fogbow/core-bytes";
import {
  type CompressedPoint,
  type MlsagResult,
  type RangeClaim,
  ringMlsagVerify,
  tryPublicKey,
  verifyRange,
} from "@fogbow/core-crypto";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { isConserved } from "./conserved.ts";
import { reduceTxOut } from "./input-ring.ts";
import { mlsagSigningDigest } from "./signing-digest.ts";
import type { SignatureRctBulletproofs, Tx } from "./tx.ts";
import { signedInputDigest } from "./tx-digest.ts";
import { type RangeProofMismatch, txRangeClaims } from "./tx-range-proofs.ts";

/** What {@link verifyTxSignature} finds: `valid`, or the first thing that is wrong. */
export type TxSignatureResult =
  | "token-not-allowed" // Before block version 2 there is only token 0.
  | "all-rings-presigned" // Nobody signed the transaction as a whole; also when it has no input.
  | "length-mismatch" // Not as many ring signatures or pseudo-outputs as inputs, or responses as ring members need.
  | "missing-pseudo-output-token-ids" // From block version 3 each pseudo-output has a token id.
  | "missing-output-token-ids" // From block version 3 each output has a token id.
  | "pseudo-output-token-ids-not-allowed" // Before block version 3 pseudo-outputs have no token ids.
  | "output-token-ids-not-allowed" // Before block version 3 outputs have no token ids.
  | "duplicate-key-image" // An output is spent twice.
  | RangeProofMismatch
  | "invalid-range-proof" // A range proof is malformed or does not hold for its commitments.
  | "value-not-conserved" // The inputs do not pay exactly for the outputs and the fee.
  | MlsagResult; // Also `invalid-curve-point` for a commitment that is no point.

/** A transaction, the rules it must follow, and who looks at its range proofs. */
export interface TxSignatureStatement {
  readonly blockVersion: BlockVersion;
  readonly tx: Tx;
  /**
   * Whether all claims are proven: one after the other unless given. Whoever verifies many transactions collects the
   * claims, answers true, and verifies them in one batch afterwards.
   */
  readonly verifyRanges?: (claims: readonly RangeClaim[]) => boolean;
}

/** Whether a transaction's signature is valid, and if not, why. Variable time: everything here is public. Never throws. */
export function verifyTxSignature({ blockVersion, tx, verifyRanges }: TxSignatureStatement): TxSignatureResult {
  const { prefix, signature } = tx;
  const outputs = prefix.outputs.map(({ maskedAmount }) => maskedAmount.commitment);
  const pseudoOutputs = signature.pseudoOutputCommitments;
  const fee: Amount = { value: prefix.fee, tokenId: prefix.feeTokenId };

  const misfit = findMisfit(blockVersion, tx);
  if (misfit !== undefined) return misfit;
  if (hasDuplicates(signature)) return "duplicate-key-image";
  if (![...outputs, ...pseudoOutputs].every(isPoint)) return "invalid-curve-point";

  const claims = txRangeClaims(
    {
      version: blockVersion,
      feeTokenId: fee.tokenId,
      items: [...pseudoOutputs, ...outputs],
      tokenIds: [...signature.pseudoOutputTokenIds, ...signature.outputTokenIds],
    },
    signature,
  );
  if (typeof claims === "string") return claims;
  if (!(verifyRanges ?? areProven)(claims)) return "invalid-range-proof";
  if (!isConserved({ outputs, pseudoOutputs, fee })) return "value-not-conserved";
  return verifyRings(blockVersion, tx);
}

/** Whether the parts of the signature go with the transaction and the block version at all. */
function findMisfit(version: BlockVersion, { prefix, signature }: Tx): TxSignatureResult | undefined {
  const { maskedTokenIds, mixedTokens } = blockVersionFeatures(version);
  const { ringSignatures, pseudoOutputCommitments, pseudoOutputTokenIds, outputTokenIds } = signature;
  const inputs = prefix.inputs.length;
  if (!maskedTokenIds && prefix.feeTokenId !== MOB) return "token-not-allowed";
  if (prefix.inputs.every(({ inputRules }) => inputRules !== undefined)) return "all-rings-presigned";
  if (ringSignatures.length !== inputs || pseudoOutputCommitments.length !== inputs) return "length-mismatch";
  if (mixedTokens) {
    if (pseudoOutputTokenIds.length !== inputs) return "missing-pseudo-output-token-ids";
    if (outputTokenIds.length !== prefix.outputs.length) return "missing-output-token-ids";
  } else {
    if (pseudoOutputTokenIds.length !== 0) return "pseudo-output-token-ids-not-allowed";
    if (outputTokenIds.length !== 0) return "output-token-ids-not-allowed";
  }
  return undefined;
}

/** Each ring with the message its owner signed; the first one that is not valid decides. */
function verifyRings(version: BlockVersion, { prefix, signature }: Tx): MlsagResult {
  const digest = mlsagSigningDigest(version, prefix, signature);
  for (const [i, mlsag] of signature.ringSignatures.entries()) {
    const input = prefix.inputs[i];
    const pseudoOutputCommitment = signature.pseudoOutputCommitments[i];
    if (input === undefined || pseudoOutputCommitment === undefined) return "length-mismatch";
    const result = ringMlsagVerify({
      message: signedInputDigest(input) ?? digest,
      ring: input.ring.map(reduceTxOut),
      pseudoOutputCommitment,
      signature: mlsag,
    });
    if (result !== "valid") return result;
  }
  return "valid";
}

function hasDuplicates({ ringSignatures }: SignatureRctBulletproofs): boolean {
  return new Set(ringSignatures.map(({ keyImage }) => toHex(keyImage))).size !== ringSignatures.length;
}

function isPoint(commitment: CompressedPoint): boolean {
  return tryPublicKey(commitment) !== undefined;
}

function areProven(claims: readonly RangeClaim[]): boolean {
  return claims.every(verifyRange);
}
