// Whether a transaction may go into the next block (spec 02 §6.1). The builder and the validator share it.
//
// Several things can be wrong at once; the first check in this order decides the code:
//   the fee map digest; the tokens; the block version; the numbers of inputs, outputs and ring members; duplicate ring
//   members, unsorted rings, unsorted inputs, missing proofs, missing root proofs; the fee; duplicate key images and
//   output keys; the tombstone block; memos, masked token ids, unsorted outputs; whether input rules are allowed;
//   membership proofs; the signature; input rules.
// This is the order of the specification, but for membership proofs and the signature, which are expensive: a
// transaction that is refused for anything before them costs next to nothing. Input rules stay last: with a partial
// fill in every input there are hundreds of amounts to open, for which their sender should have signed.
import { equalBytes } from "@fogbow/core-bytes";
import type { RangeClaim } from "@fogbow/core-crypto";
import { BLOCK_VERSION_MAX, type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import type { TxOutMembershipProof } from "../tx/membership-proof.ts";
import type { Tx, TxPrefix } from "../tx/tx.ts";
import { type TxSignatureResult, verifyTxSignature } from "../tx/verify-tx-signature.ts";
import { checkMembership } from "./check-membership.ts";
import { checkCounts, checkOutputs, checkRings, checkTokens, checkTombstone, checkUnique } from "./check-structure.ts";
import type { FeeMap } from "./fee-map.ts";
import type { TransactionValidationCode } from "./transaction-code.ts";
import type { TransactionVerdict } from "./verdict.ts";
import { inputRuleCode, verifyInputRules } from "./verify-input-rules.ts";

/** What a transaction is validated against. */
export interface ValidationContext {
  /** That of the block being built. */
  readonly blockVersion: BlockVersion;
  /** The index of the block being built. */
  readonly currentIndex: bigint;
  readonly minimumFees: FeeMap;
  /**
   * The node's own current membership proofs: for each ring member, inputs in order, of the output at the `highestIndex`
   * of the member's proof. Equal ones may be one object, which saves time.
   */
  readonly rootProofs: readonly TxOutMembershipProof[];
  /**
   * Whether all claims are proven: one after the other unless given. Whoever validates many transactions collects the
   * claims, answers true, and verifies them in one batch afterwards.
   */
  readonly verifyRanges?: (claims: readonly RangeClaim[]) => boolean;
  /**
   * What `verifyTxSignature` found of this very transaction and block version, range proofs included, for whoever has
   * verified it before and keeps the result by the transaction's hash. Nothing in the ledger changes it; all that the
   * ledger does change is checked again. Verified now unless given.
   */
  readonly signatureResult?: TxSignatureResult;
}

/**
 * Whether a transaction is well formed and everything in it proven; what only the ledger knows, `checkAgainstLedger`
 * answers. Never throws for any transaction that could be decoded. Variable time: everything here is public.
 */
export function validateTransaction(tx: Tx, context: ValidationContext): TransactionVerdict {
  const code = checkCheaply(tx, context);
  if (code !== undefined) return { code, detail: undefined };
  return (
    checkMembership(tx, context.rootProofs) ??
    checkSignature(tx, context) ??
    checkInputRules(tx.prefix) ?? { code: "ok", detail: undefined }
  );
}

function checkCheaply(tx: Tx, context: ValidationContext): TransactionValidationCode | undefined {
  const { blockVersion, currentIndex, minimumFees } = context;
  const { prefix, feeMapDigest } = tx;
  if (feeMapDigest.length !== 0 && !equalBytes(feeMapDigest, minimumFees.digest)) return "fee-map-digest-mismatch";
  return (
    checkTokens(tx, minimumFees) ??
    checkVersion(blockVersion) ??
    checkCounts(prefix) ??
    checkRings(prefix) ??
    checkRootProofCount(prefix, context.rootProofs) ??
    checkFee(prefix, minimumFees) ??
    checkUnique(tx) ??
    checkTombstone(prefix.tombstoneBlock, currentIndex) ??
    checkOutputs(prefix.outputs, blockVersion) ??
    checkInputRulesAllowed(prefix, blockVersion)
  );
}

/** Check 2. */
function checkVersion(version: number): TransactionValidationCode | undefined {
  return Number.isInteger(version) && version >= 0 && version <= BLOCK_VERSION_MAX ? undefined : "ledger";
}

/** The first half of check 10. */
function checkRootProofCount(
  { inputs }: TxPrefix,
  rootProofs: readonly TxOutMembershipProof[],
): TransactionValidationCode | undefined {
  const members = inputs.reduce((sum, { ring }) => sum + ring.length, 0);
  return rootProofs.length === members ? undefined : "invalid-ledger-context";
}

/** Check 13. */
function checkFee({ fee, feeTokenId }: TxPrefix, fees: FeeMap): TransactionValidationCode | undefined {
  const minimum = fees.minimum(feeTokenId);
  return minimum !== undefined && fee >= minimum ? undefined : "tx-fee-error";
}

/** Check 21 before there are rules. */
function checkInputRulesAllowed(
  { inputs }: TxPrefix,
  blockVersion: BlockVersion,
): TransactionValidationCode | undefined {
  const { inputRules: areAllowed } = blockVersionFeatures(blockVersion);
  return areAllowed || inputs.every(({ inputRules }) => inputRules === undefined)
    ? undefined
    : "input-rules-not-allowed";
}

/** Check 12. */
function checkSignature(tx: Tx, context: ValidationContext): TransactionVerdict | undefined {
  const { blockVersion, verifyRanges, signatureResult } = context;
  const result = signatureResult ?? verifyTxSignature({ blockVersion, tx, ...(verifyRanges && { verifyRanges }) });
  return result === "valid" ? undefined : { code: "invalid-transaction-signature", detail: result };
}

/** Check 21. */
function checkInputRules(prefix: TxPrefix): TransactionVerdict | undefined {
  for (const { inputRules } of prefix.inputs) {
    const violation = inputRules && verifyInputRules(inputRules, prefix);
    if (violation !== undefined) return { code: inputRuleCode(violation), detail: violation };
  }
  return undefined;
}
