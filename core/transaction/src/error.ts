// The one error this package throws for wrong input.
import { CodedError } from "@fogbow/core-bytes";
import type { TransactionValidationCode } from "./validation/transaction-code.ts";

/** Why an output, memo, hint or record was refused. */
export type TransactionErrorCode =
  | "unknown-block-version" // The block version is not one of 0 … 4.
  | "invalid-masked-amount" // A masked token id is not 8 bytes (or none, in version 1).
  | "invalid-shared-secret" // A TxOut or amount shared secret is not 32 bytes.
  | "inconsistent-commitment" // The unmasked amount does not open the commitment: the output is not for this key.
  | "invalid-revealed-tx-out" // Only masked amounts of version 2 have an amount shared secret that can be revealed.
  | "token-not-allowed" // The block version knows only token 0.
  | "missing-memo" // From block version 1 on every output carries a memo.
  | "memo-not-allowed" // Before block version 1 outputs have no memo.
  | "invalid-memo" // A memo payload is not 66 bytes, or a field has the wrong length.
  | "memo-note-not-utf8" // The note of a gift code memo is not UTF-8.
  | "memo-too-long" // The note of a gift code memo does not fit its field.
  | "fee-too-large" // A fee does not fit the 56 bits that memos have for it.
  | "amount-too-large" // A sum of amounts does not fit 64 bits.
  | "too-many-recipients" // A destination memo counts at most 255 outputs.
  | "mixed-token-ids" // The outputs, the change and the fee of one memo builder must be of one token.
  | "conflicting-payment-ids" // A payment request id and a payment intent id exclude each other.
  | "fee-after-change" // The memo of the change output already names the fee.
  | "fee-after-output" // The memo of the main output already names the fee.
  | "outputs-after-change" // The memo of the change output already counts the outputs.
  | "multiple-outputs" // This memo builder allows one output besides the change.
  | "multiple-change-outputs" // This memo builder allows one change output.
  | "missing-output" // The output that the change's memo speaks of was not added.
  | "output-not-allowed" // This memo builder allows a change output only.
  | "recipient-not-allowed" // A burn redemption pays the burn address and no other.
  | "change-not-zero" // The change output of a defragmentation has value 0.
  | "missing-ingress-key" // The address uses Fog, and no ingress key for it was given.
  | "invalid-fog-hint" // An encrypted Fog hint is not 84 bytes.
  | "invalid-tx-out-record" // The commitment in an old TxOutRecord is not 32 bytes.
  | "payload-too-long" // A sealed record does not fit the 255 bytes of a search result.
  | "invalid-search-result" // The stated length of a search result exceeds its bytes.
  // Membership proofs.
  | "invalid-range" // A range of a membership proof ends before it begins.
  | "missing-leaf-hash" // A membership proof does not begin with the leaf it is for.
  | "incorrect-leaf-hash" // A membership proof is for another output.
  | "unexpected-membership-element" // An element of a membership proof is no neighbour of those before it.
  | "root-not-covering-zero" // A membership proof leads to a subtree that does not hold the first output.
  | "highest-index-mismatch" // A membership proof is for an output beyond the tree it says it was made in.
  | "index-too-large" // No tree of outputs has room for an output at this index.
  // Transactions.
  | "unknown-masked-amount-version" // An output of a transaction has no amount in a version known here.
  | "length-mismatch" // Two lists that go together are not equally long.
  | "value-not-conserved" // The inputs of a transaction do not pay exactly for its outputs and its fee.
  | "mixed-transactions-not-allowed" // Before block version 3 a transaction is of one token.
  | "signed-input-rules-not-allowed" // Before block version 3 no input is signed in advance.
  | "no-inputs" // A transaction spends nothing.
  | "all-rings-presigned" // Every input was signed in advance, and nobody signs for the transaction as a whole.
  | "presigned-ring-mismatch" // An input has rules but its ring is still to be signed, or the other way round.
  | "no-commitments-for-token-id" // The fee is of a token that no input and no output is of.
  | "no-path-to-spend-key" // A ring is to be signed with a key that is not here and cannot be derived here.
  // Building transactions; where a validator refuses the same, under its name.
  | "insufficient-funds" // The inputs do not cover the outputs and the fee.
  | "too-many-inputs" // A transaction spends at most 16 outputs.
  | "too-many-outputs" // A transaction makes at most 16 outputs, the change included.
  | "insufficient-ring-size" // A ring has too few decoys.
  | "excessive-ring-size" // A ring has too many decoys.
  | "duplicate-ring-elements" // An output is in the rings of a transaction twice.
  | "token-not-yet-configured" // The token has no minimum fee.
  | "tx-fee-error" // The fee is below the minimum of its token.
  | "tombstone-block-exceeded" // The tombstone block has gone by, perhaps because a recipient's Fog key expires.
  | "tombstone-block-too-far" // The tombstone block is too many blocks ahead.
  | Exclude<TransactionValidationCode, "ok"> // What a node would answer to the transaction, where the rules of an offer lead to it.
  | "unequal-highest-indexes" // Membership proofs of a transaction were made in trees of different sizes.
  | "zero-partial-fill-change" // Nothing of an offer could be taken.
  | "zero-partial-fill-output" // A price by fraction is zero.
  | "min-partial-fill-value-exceeds-partial-change" // More would have to be taken of an offer than there is.
  | "invalid-offer" // An offer that was changed before it was signed cannot be filled by anybody.
  | "fill-out-of-range" // More is taken of an offer than there is, or less than its rules allow.
  | "invalid-gift-code" // A gift code is to be made of an output that is no gift, or is of another output.
  | "ledger-too-small" // The ledger does not hold enough outputs for the decoys.
  | "invalid-seed" // A wallet secret has fewer than 32 bytes, or an attempt nonce not 16.
  // Fees.
  | "invalid-minimum-fee" // A minimum fee is not a positive multiple of 128.
  | "missing-minimum-fee" // Token 0 has no minimum fee.
  // Minting.
  | "too-many-signers" // A multisignature has at most 10 signatures.
  // Transaction summaries.
  | "missing-tx-private-key" // An output is said to be for an address, but not with which private key it was made.
  | "address-verification-failed" // An output does not pay the amount and the address that are said of it.
  | "missing-recipient-data" // Nothing says whom an output pays.
  | "amount-verification-failed"; // An amount does not open the commitment it is said to be of.

/** Wrong input to `@fogbow/core-transaction`. The message never says anything about a secret. */
export class TransactionError extends CodedError<TransactionErrorCode> {
  override readonly name = "TransactionError";
}
