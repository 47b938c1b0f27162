// An offer on its way from a machine that sees the ledger to one that holds the keys (spec 02 §5.8).
import type { BlockVersion } from "../block-version.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import type { SignableRing } from "../tx/input-ring.ts";
import type { TxIn } from "../tx/tx.ts";

/** A signed contingent input but for its signature, and what signs it. It is as secret as the amounts in it. */
export interface UnsignedOffer {
  readonly blockVersion: BlockVersion;
  /** Ring and rules, without membership proofs. */
  readonly txIn: TxIn;
  /** The same ring. That of a view-only account names the subaddress instead of the key. */
  readonly ring: SignableRing;
  /** One for each required output: opens it. */
  readonly requiredOutputAmounts: readonly UnmaskedAmount[];
  /** One for each ring member: its place in the ledger. */
  readonly txOutGlobalIndices: readonly bigint[];
}
