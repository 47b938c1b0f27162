// What the enclave refuses. Codes and messages reach the host, so neither says anything of what is in a transaction.
import { CodedError } from "@fogbow/core-bytes";

/** Why a call was refused; codes of other packages come through as they are, such as `unknown-channel`. */
export type ConsensusErrorCode =
  | "not-initialized" // `init` comes first.
  | "already-initialized" // `init` comes once.
  | "unknown-entry-point" // There is no such call.
  | "invalid-config" // The network's configuration breaks a rule.
  | "invalid-governors-signature" // The minting trust root did not sign these governors.
  | "invalid-sealed-key" // What was unsealed is no block signing key, or no kept ledger.
  | "malformed-tx" // What a client or a peer sealed is no transaction.
  | "too-many-txs" // A call names more transactions than it may.
  | "transactions-full" // No more transactions are kept, and all that are have been found well formed.
  | "unknown-tx" // A transaction was never taken in, was forgotten, or was not found well formed.
  | "list-too-large" // The transactions for a peer have too many bytes together: ask for fewer.
  | "proofs-of-different-times" // The host's own proofs lead to different roots.
  | "missing-parent" // Minting transactions cannot be combined without the block that they go on.
  | "values-not-combined" // A block is formed of what `combine` gives, in its order.
  | "mint-sources-mismatch" // Each minting transaction comes with the configuration that it is under.
  | "invalid-parent" // The id of the parent does not follow from it.
  | "retains-everything" // Only the enclave of a node that forgets keeps a ledger.
  | "retains-nothing" // The enclave of a node that forgets absorbs blocks instead.
  | "ledger-not-empty" // A snapshot begins a ledger, and this one has blocks.
  | "unknown-parent" // The enclave keeps another ledger than the one that ends with this block.
  | "unsorted-key-images" // A checkpoint is signed once the enclave was given all key images.
  | "other-records" // Records do not add up to the ledger that the enclave keeps.
  | "invalid-record" // What the host stored for the enclave was altered, or is of another place or store.
  | "root-mismatch" // The host's proofs lead to another root than that of the ledger which the enclave keeps.
  | "height-already-signed"; // A different block of this height, or a higher one, was signed since the enclave started.

/** Wrong input to the consensus enclave. */
export class ConsensusError extends CodedError<ConsensusErrorCode> {
  override readonly name = "ConsensusError";
}
