// Signed contingent inputs (spec 02 §5.8): an output that its owner offers to whoever makes a transaction by the owner's
// rules, such as paying a price in another token.
import type { RingMlsag } from "@fogbow/core-crypto";
import type { BlockVersion } from "../block-version.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import type { TxIn } from "../tx/tx.ts";

/** An offer. Whoever holds it can fill it, and knows the amounts in it. */
export interface SignedContingentInput {
  /** The rules it was made by; from 3. */
  readonly blockVersion: BlockVersion;
  /** The ring and the rules. Membership proofs are not signed: whoever fills the offer adds fresh ones. */
  readonly txIn: TxIn;
  /** Signs ring and rules. */
  readonly mlsag: RingMlsag;
  /** Opens the pseudo-output that the ring signature was made for. */
  readonly pseudoOutputAmount: UnmaskedAmount;
  /** One for each required output: opens it. */
  readonly requiredOutputAmounts: readonly UnmaskedAmount[];
  /** One for each ring member: its place in the ledger, to find fresh proofs by. Unsigned 64-bit. */
  readonly txOutGlobalIndices: readonly bigint[];
}
