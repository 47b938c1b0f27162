// What the memos of one transaction are made by, and what the makers have in common (spec 01 §6.6).
import type { PublicAddress } from "@fogbow/core-account";
import { type Amount, MOB, tokenValue, U64_MAX, u64 } from "@fogbow/core-bytes";
import type { PublicKey } from "@fogbow/core-crypto";
import { TransactionError } from "../../error.ts";
import type { MemoPayload } from "../memo.ts";

/** The output a memo is wanted for. */
export interface OutputMemoContext {
  readonly amount: Amount;
  /** The address whose keys the output is made from. */
  readonly recipient: PublicAddress;
  /** The public key of the output. */
  readonly txOutPublicKey: PublicKey;
}

/** The change output a memo is wanted for. */
export type ChangeMemoContext = Omit<OutputMemoContext, "recipient">;

/**
 * Makes the memos of one transaction, in the order in which its outputs are added. Whoever builds the transaction
 * tells it the fee when they start and whenever the fee changes; for signed contingent inputs the fee is 0 of token 0.
 */
export interface MemoBuilder {
  /** Tells the fee of the transaction. */
  setFee(fee: Amount): void;
  /** The memo of a payment or gift code output. */
  memoForOutput(context: OutputMemoContext): MemoPayload;
  /** The memo of the change output. */
  memoForChange(context: ChangeMemoContext): MemoPayload;
}

/** The fee that memo builders assume until they are told one: 400 000 000 picoMOB. */
export const DEFAULT_MEMO_FEE: Amount = { value: tokenValue(400_000_000n), tokenId: MOB };

/** The sum of two amounts. Throws `mixed-token-ids`, `amount-too-large` beyond 64 bits, BytesError `out-of-range`. */
export function addAmounts(a: Amount, b: Amount): Amount {
  assertOneToken(a, b);
  const sum = u64(a.value) + u64(b.value);
  if (sum > U64_MAX) {
    throw new TransactionError("amount-too-large", "The outputs and the fee together exceed 64 bits.");
  }
  return { value: tokenValue(sum), tokenId: a.tokenId };
}

/** Throws `mixed-token-ids` unless all amounts are of one token. */
export function assertOneToken(...amounts: readonly Amount[]): void {
  if (new Set(amounts.map(({ tokenId }) => tokenId)).size > 1) {
    throw new TransactionError("mixed-token-ids", "The outputs, the change and the fee must be of one token here.");
  }
}
