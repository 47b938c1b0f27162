// What a node answers to a proposed transaction (spec 02 §6.3): the names of `ProposeTxResult` in kebab case.

/** Every answer with its number on the wire. */
export const TRANSACTION_VALIDATION_NUMBERS = {
  ok: 0, // Nothing is wrong.
  "inputs-proofs-length-mismatch": 10, // Not given here: a missing proof is `missing-tx-out-membership-proof`.
  "no-inputs": 11, // Nothing is spent.
  "too-many-inputs": 12, // More than 16 inputs.
  "insufficient-input-signatures": 13, // Not given here: part of `invalid-transaction-signature`.
  "invalid-input-signature": 14, // Not given here: part of `invalid-transaction-signature`.
  "invalid-transaction-signature": 15, // Ring signatures, range proofs or the balance; the detail says which.
  "invalid-range-proof": 16, // Not given here: part of `invalid-transaction-signature`.
  "insufficient-ring-size": 17, // A ring of fewer than 11 members.
  "tombstone-block-exceeded": 18, // The transaction is too late for the block being built.
  "tombstone-block-too-far": 19, // The tombstone block is more than 20160 blocks away.
  "no-outputs": 20, // Nothing is made.
  "too-many-outputs": 21, // More than 16 outputs.
  "excessive-ring-size": 22, // A ring of more than 11 members.
  "duplicate-ring-elements": 23, // An output is a ring member twice.
  "unsorted-ring-elements": 24, // A ring is not in ascending order of public keys.
  "unequal-ring-sizes": 25, // Not given here: deprecated.
  "unsorted-key-images": 26, // Not given here: the order of inputs decides that of key images.
  "contains-spent-key-image": 27, // The ledger says that one of the outputs is spent.
  "duplicate-key-images": 28, // One output is spent twice in this transaction.
  "duplicate-output-public-key": 29, // Two outputs have one public key.
  "contains-existing-output-public-key": 30, // The ledger holds an output with this public key.
  "missing-tx-out-membership-proof": 31, // Not one membership proof for each ring member.
  "invalid-tx-out-membership-proof": 32, // A membership proof leads to another root than the ledger's.
  "invalid-ristretto-public-key": 33, // Not given here: part of `invalid-transaction-signature`.
  "invalid-ledger-context": 34, // The node's own proofs do not go with the transaction or with each other.
  ledger: 35, // The block version is unknown.
  "membership-proof-validation-error": 36, // A membership proof is malformed or for another output.
  "tx-fee-error": 37, // The fee is below the minimum of its token.
  "key-error": 38, // Not given here: part of `invalid-transaction-signature`.
  "unsorted-inputs": 39, // Inputs are not in ascending order of their first ring members' public keys.
  "missing-memo": 40, // From block version 1 every output carries a memo.
  "memos-not-allowed": 41, // Before block version 1 no output carries a memo.
  "token-not-yet-configured": 42, // A token has no minimum fee.
  "missing-masked-token-id": 43, // From block version 2 every output carries a masked token id.
  "masked-token-id-not-allowed": 44, // Before block version 2 no output carries a masked token id.
  "unsorted-outputs": 45, // From block version 3 outputs are in ascending order of public keys.
  "input-rules-not-allowed": 46, // Before block version 3 no input carries rules.
  "input-rule-missing-required-output": 47, // An output that an input demands is not there.
  "input-rule-max-tombstone-block-exceeded": 48, // The tombstone block is later than an input allows.
  "unknown-masked-amount-version": 49, // An amount is in no known version; `decodeTx` throws this.
  "input-rule-partial-fill": 50, // What an input demands of a partial fill does not hold; the detail says what.
  "input-rule-invalid-amount-shared-secret": 51, // An amount shared secret is not 32 bytes.
  "input-rule-tx-out-conversion": 52, // Not given here: `decodeTx` refuses such outputs.
  "input-rule-amount": 53, // An amount in rules, or its counterpart among the outputs, cannot be opened.
  "ledger-tx-out-index-out-of-bounds": 54, // A membership proof speaks of outputs that the ledger does not have.
  "fee-map-digest-mismatch": 55, // The sender saw other minimum fees than the node.
} as const;

/** What a node answers to a proposed transaction; `ok`, or the one thing that decided against it. */
export type TransactionValidationCode = keyof typeof TRANSACTION_VALIDATION_NUMBERS;

/** The answer with this number on the wire; undefined for a number that means nothing here. */
export function transactionValidationCode(number: number): TransactionValidationCode | undefined {
  const codes = Object.keys(TRANSACTION_VALIDATION_NUMBERS) as TransactionValidationCode[]; // Its keys, by definition.
  return codes.find((code) => TRANSACTION_VALIDATION_NUMBERS[code] === number);
}
