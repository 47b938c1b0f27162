// Rules that the signer of one input sets for the whole transaction that spends it (spec 02 §5.8).
import type { TxOut } from "../output/tx-out.ts";

/** Demands of one input on the whole transaction. */
export interface InputRules {
  /** Outputs that must be in the transaction as they are. */
  readonly requiredOutputs: readonly TxOut[];
  /** The tombstone block may not be later; 0 for no limit. */
  readonly maxTombstoneBlock: bigint;
  /** Outputs that must be in the transaction, with amounts of at least the filled fraction. */
  readonly partialFillOutputs: readonly ClaimedTxOut[];
  /** What returns to the signer; how much less than this is the filled fraction. */
  readonly partialFillChange: ClaimedTxOut | undefined;
  /** The least of the change that may be taken, in its token's smallest unit. */
  readonly minPartialFillValue: bigint;
}

/**
 * An output with what is said to open its amount. Whoever reads the transaction can read both; whether they fit shows
 * when the rules are checked.
 */
export interface ClaimedTxOut {
  readonly txOut: TxOut;
  /** 32 bytes when it is right. */
  readonly amountSharedSecret: Uint8Array;
}
