// Which range proof of a transaction covers which commitments (spec 02 §4.4). Before block version 3 one proof covers all,
// then one proof each token.
import type { Random, TokenId } from "@fogbow/core-bytes";
import { proveRange, type RangeClaim } from "@fogbow/core-crypto";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import type { SignatureRctBulletproofs } from "./tx.ts";

/** The range proofs of a transaction, as its signature holds them. */
export type TxRangeProofs = Pick<SignatureRctBulletproofs, "rangeProofBytes" | "rangeProofs">;

/** What the range proofs of a transaction are about. */
export interface RangeSubject<Item> {
  readonly version: BlockVersion;
  readonly feeTokenId: TokenId;
  /** The pseudo-outputs in the order of inputs, then the outputs. */
  readonly items: readonly Item[];
  /** The token of each item; from block version 3. */
  readonly tokenIds: readonly TokenId[];
}

/** Why range proofs do not fit the commitments they should cover. */
export type RangeProofMismatch =
  | "too-many-range-proofs" // Proofs by token before block version 3.
  | "unexpected-range-proof" // One proof for everything from block version 3 on.
  | "missing-range-proofs" // Not as many proofs as there are tokens.
  | "no-commitments-for-token-id"; // Nothing of the fee's token is spent or made.

/** Proves that no amount is negative. Throws `no-commitments-for-token-id` when only the fee is of its token. */
export function proveTxRanges(subject: RangeSubject<UnmaskedAmount>, random: Random): TxRangeProofs {
  const prove = (tokenId: TokenId, amounts: readonly UnmaskedAmount[]): Uint8Array => {
    if (amounts.length === 0) {
      throw new TransactionError("no-commitments-for-token-id", "No input and no output is of the fee's token.");
    }
    const values = amounts.map(({ value }) => value);
    const blindings = amounts.map(({ blinding }) => blinding.expose());
    return proveRange({ values, blindings, tokenId, random }).proof;
  };
  if (!blockVersionFeatures(subject.version).mixedTokens) {
    return { rangeProofBytes: prove(subject.feeTokenId, subject.items), rangeProofs: [] };
  }
  const rangeProofs = byToken(subject).map(([tokenId, amounts]) => prove(tokenId, amounts));
  return { rangeProofBytes: new Uint8Array(0), rangeProofs };
}

/** What a transaction's range proofs claim, or why they claim nothing. */
export function txRangeClaims(
  subject: RangeSubject<Uint8Array>,
  { rangeProofBytes, rangeProofs }: TxRangeProofs,
): RangeClaim[] | RangeProofMismatch {
  if (!blockVersionFeatures(subject.version).mixedTokens) {
    if (rangeProofs.length !== 0) {
      return "too-many-range-proofs";
    }
    return [{ proof: rangeProofBytes, commitments: subject.items, tokenId: subject.feeTokenId }];
  }
  if (rangeProofBytes.length !== 0) {
    return "unexpected-range-proof";
  }
  const tokens = byToken(subject);
  if (tokens.length !== rangeProofs.length) {
    return "missing-range-proofs";
  }
  if (tokens.some(([, commitments]) => commitments.length === 0)) {
    return "no-commitments-for-token-id";
  }
  return tokens.map(([tokenId, commitments], i) => ({
    proof: rangeProofs[i] as Uint8Array, // As many as tokens.
    commitments,
    tokenId,
  }));
}

/** The items of each token, and of the fee's token even when there are none, in ascending order of token ids. */
function byToken<Item>({ items, tokenIds, feeTokenId }: RangeSubject<Item>): [TokenId, Item[]][] {
  const groups = new Map<TokenId, Item[]>([[feeTokenId, []]]);
  items.forEach((item, i) => {
    const tokenId = tokenIds[i] as TokenId; // One for each item, which the caller has made sure of.
    groups.set(tokenId, [...(groups.get(tokenId) ?? []), item]);
  });
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
