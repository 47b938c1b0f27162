// Validating many transactions at once: every rule for each of them, and all their range proofs in one batch, whose cost a
// proof is a fifth of what it takes alone. The verdicts are those of `validateTransaction`, one by one.
import type { Random } from "@fogbow/core-bytes";
import { findInvalidRanges, type RangeClaim, verifyRange } from "@fogbow/core-crypto";
import type { Tx } from "../tx/tx.ts";
import { type ValidationContext, validateTransaction } from "./validate-transaction.ts";
import type { TransactionVerdict } from "./verdict.ts";

/** A transaction and what it is validated against. */
export interface TransactionInContext {
  readonly tx: Tx;
  readonly context: Omit<ValidationContext, "verifyRanges">;
}

/**
 * The verdict of each transaction, in order, all of them equal to what {@link validateTransaction} says. Takes a request
 * when it has finished the one before. When the batch of range proofs fails, it is halved until the culprits stand alone:
 * a bad transaction costs its neighbours little and never their verdict. `random` gives 32 bytes for each batch and half, which
 * nobody may know before the transactions are given.
 */
export function validateTransactions(requests: Iterable<TransactionInContext>, random: Random): TransactionVerdict[] {
  const verdicts: TransactionVerdict[] = [];
  const batch: { readonly claim: RangeClaim; readonly position: number }[] = [];
  for (const request of requests) {
    const { verdict, claims } = validateButRanges(request);
    if (verdict.code === "ok") batch.push(...claims.map((claim) => ({ claim, position: verdicts.length })));
    // What comes after the range proofs was wrong. Alone, the transaction would be told of them first.
    verdicts.push(verdict.code === "ok" || claims.every(verifyRange) ? verdict : INVALID_RANGE_PROOF);
  }
  const claims = batch.map(({ claim }) => claim);
  for (const i of findInvalidRanges(claims, random)) {
    const { position } = batch[i] as (typeof batch)[number]; // An index of the claims.
    verdicts[position] = INVALID_RANGE_PROOF;
  }
  return verdicts;
}

/** The verdict if all range proofs hold, and what they claim; no claims when a check before them decided. */
function validateButRanges({ tx, context }: TransactionInContext): {
  readonly verdict: TransactionVerdict;
  readonly claims: readonly RangeClaim[];
} {
  let claims: readonly RangeClaim[] = [];
  const verifyRanges = (found: readonly RangeClaim[]): boolean => {
    claims = found;
    return true;
  };
  return { verdict: validateTransaction(tx, { ...context, verifyRanges }), claims };
}

const INVALID_RANGE_PROOF: TransactionVerdict = {
  code: "invalid-transaction-signature",
  detail: "invalid-range-proof",
};
