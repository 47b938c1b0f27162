// Validating transactions that the enclave keeps (spec 02 §6.1): each signature is verified once, and what the ledger can
// change as often as it is asked for (spec 05 §7.3, rule 6).
import {
  decodeTx,
  encodeMembershipProof,
  type TransactionValidationCode,
  type TransactionVerdict,
  type Tx,
  type TxOutMembershipProof,
  type TxSignatureResult,
  type ValidationContext,
  validateTransaction,
} from "@fogbow/core-transaction";
import type { VerificationAnswer, VerificationContext } from "@fogbow/verifier-enclave";
import type { ChainRules } from "./chain-rules.ts";
import type { KeptTx } from "./transaction-store.ts";

/** One moment of the ledger. */
export interface LedgerMoment {
  /** The index of the block being built. */
  readonly currentIndex: bigint;
  /** The node's own proofs by the leaf that they are of: all of one tree. */
  readonly rootProofs: ReadonlyMap<bigint, TxOutMembershipProof>;
}

/**
 * What verifying signatures gave, by transaction hash. The enclave remembers its own results with the transactions; the
 * simulation shares one among all its enclaves, which is what makes it fast.
 */
export interface SignatureMemo {
  get(txHash: Uint8Array): TxSignatureResult | undefined;
  set(txHash: Uint8Array, result: TxSignatureResult): void;
}

/** Every rule for each transaction, in its wire encoding. */
export type VerifyEncoded = (
  txs: readonly Uint8Array[],
  context: VerificationContext,
) => Promise<readonly VerificationAnswer[]>;

/** What verifying takes. */
export interface VerifyParts {
  readonly rules: ChainRules;
  readonly verifyEncoded: VerifyEncoded;
  readonly memo: SignatureMemo | undefined;
}

/**
 * The code for each transaction, in order. Those whose signatures nobody has verified are verified together. Rejects with
 * VerifierError.
 */
export async function verifyTxs(
  txs: readonly KeptTx[],
  moment: LedgerMoment,
  parts: VerifyParts,
): Promise<TransactionValidationCode[]> {
  const { verifyEncoded, memo } = parts;
  const codes: TransactionValidationCode[] = txs.map(() => "ok");
  const unverified: { readonly kept: KeptTx; readonly position: number }[] = [];
  for (const [position, kept] of txs.entries()) {
    kept.signatureResult ??= memo?.get(kept.facts.txHash);
    if (hasUnequalHeights(kept, parts.rules)) codes[position] = "membership-proof-validation-error";
    else if (kept.signatureResult === undefined) unverified.push({ kept, position });
    else codes[position] = validateVerified(kept, moment, parts).code;
  }
  if (unverified.length === 0) return codes;
  const encoded = unverified.map(({ kept }) => kept.encoded);
  const answers = await verifyEncoded(encoded, encodedContext(moment, parts.rules));
  for (const [i, { kept, position }] of unverified.entries()) {
    const answer = answers[i] as VerificationAnswer; // One each.
    if (answer.code === "malformed") throw new Error("A transaction that was read cannot be read."); // By the same code.
    codes[position] = answer.code;
    kept.signatureResult = resultIn(answer);
    if (kept.signatureResult !== undefined) memo?.set(kept.facts.txHash, kept.signatureResult);
  }
  return codes;
}

function encodedContext({ currentIndex, rootProofs }: LedgerMoment, rules: ChainRules): VerificationContext {
  return {
    blockVersion: rules.blockVersion,
    currentIndex,
    minimumFees: rules.minimumFees.entries(),
    rootProofs: [...rootProofs.values()].map((proof) => encodeMembershipProof(proof)),
  };
}

/** What a transaction is validated against. */
export function contextOf(
  tx: Tx,
  { currentIndex, rootProofs }: LedgerMoment,
  { rules }: Pick<VerifyParts, "rules">,
): ValidationContext {
  const members = tx.prefix.inputs.flatMap(({ proofs }) => proofs);
  return {
    blockVersion: rules.blockVersion,
    minimumFees: rules.minimumFees,
    currentIndex,
    // A missing one makes the list too short, which validation has a code for.
    rootProofs: members.flatMap(({ highestIndex }) => rootProofs.get(highestIndex) ?? []),
  };
}

function validateVerified(kept: KeptTx, moment: LedgerMoment, parts: VerifyParts): TransactionVerdict {
  const tx = decodeTx(kept.encoded);
  const { signatureResult } = kept;
  return validateTransaction(tx, { ...contextOf(tx, moment, parts), ...(signatureResult && { signatureResult }) });
}

/** A transaction whose proofs are of different times says which inputs its sender fetched when (spec 05 §5 e). */
function hasUnequalHeights({ facts }: KeptTx, { equalProofHeights }: ChainRules): boolean {
  return equalProofHeights && new Set(facts.highestIndexes).size > 1;
}

/** What a verdict says of the signature; nothing when a check before it decided. */
function resultIn({ code, detail }: VerificationAnswer): TxSignatureResult | undefined {
  if (code === "ok") return "valid";
  return code === "invalid-transaction-signature" ? (detail as TxSignatureResult) : undefined; // Its only detail.
}
