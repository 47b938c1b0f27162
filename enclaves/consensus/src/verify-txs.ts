// Validating transactions that the enclave keeps (spec 02 §6.1): each signature is verified once, and what the ledger can
// change as often as it is asked for (spec 05 §7.3, rule 6).
import type { Random } from "@fogbow/core-bytes";
import {
  decodeTx,
  type TransactionValidationCode,
  type TransactionVerdict,
  type Tx,
  type TxOutMembershipProof,
  type TxSignatureResult,
  type ValidationContext,
  validateTransaction,
  validateTransactions,
} from "@fogbow/core-transaction";
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

/** What verifying takes. */
export interface VerifyParts {
  readonly rules: ChainRules;
  readonly random: Random;
  readonly memo: SignatureMemo | undefined;
}

/** The code for each transaction, in order. Those whose signatures nobody has verified are verified as one batch. */
export async function verifyTxs(
  txs: readonly KeptTx[],
  moment: LedgerMoment,
  parts: VerifyParts,
): Promise<TransactionValidationCode[]> {
  const { random, memo } = parts;
  const codes: TransactionValidationCode[] = txs.map(() => "ok");
  const unverified: { readonly kept: KeptTx; readonly position: number }[] = [];
  for (const [position, kept] of txs.entries()) {
    kept.signatureResult ??= memo?.get(kept.facts.txHash);
    if (hasUnequalHeights(kept, parts.rules)) codes[position] = "membership-proof-validation-error";
    else if (kept.signatureResult === undefined) unverified.push({ kept, position });
    else codes[position] = validateVerified(kept, moment, parts).code;
  }
  const requests = unverified.map(({ kept }) => {
    const tx = decodeTx(kept.encoded);
    return { tx, context: contextOf(tx, moment, parts) };
  });
  for (const [i, verdict] of validateTransactions(requests, random).entries()) {
    const { kept, position } = unverified[i] as (typeof unverified)[number]; // One each.
    codes[position] = verdict.code;
    kept.signatureResult = resultIn(verdict);
    if (kept.signatureResult !== undefined) memo?.set(kept.facts.txHash, kept.signatureResult);
  }
  return codes;
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
function resultIn({ code, detail }: TransactionVerdict): TxSignatureResult | undefined {
  if (code === "ok") return "valid";
  return code === "invalid-transaction-signature" ? (detail as TxSignatureResult) : undefined; // Its only detail.
}
