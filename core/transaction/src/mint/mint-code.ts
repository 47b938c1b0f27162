// What a node answers to minting transactions (spec 02 §6.3): the names of `MintValidationResultCode` in kebab case.

/** Every answer with its number on the wire. */
export const MINT_VALIDATION_NUMBERS = {
  ok: 0, // Nothing is wrong.
  "invalid-block-version": 1, // Before block version 2 nothing is minted.
  "invalid-token-id": 2, // Token 0 is not minted, and a configuration is about one token.
  "invalid-nonce-length": 3, // A nonce has 64 bytes.
  "invalid-signer-set": 4, // A signer set cannot be satisfied, is too large, or is nested before block version 3.
  "invalid-signature": 5, // Not enough of the signers signed.
  "tombstone-block-exceeded": 6, // The transaction is too late for the block being built.
  "tombstone-block-too-far": 7, // The tombstone block is more than 20160 blocks away.
  unknown: 8, // Not given here: a node's answer to what it cannot explain.
  "amount-exceeds-mint-limit": 9, // The minters would mint more than they may.
  "no-governors": 10, // Nobody may configure the minting of this token.
  "nonce-already-used": 11, // The ledger holds a transaction with this nonce and token.
  "no-matching-mint-config": 12, // No active configuration of the token is of these signers.
  "minting-to-fog-not-supported": 13, // Before block version 3 nothing is minted to addresses with Fog.
} as const;

/** What a node answers to a minting transaction; `ok`, or the one thing that decided against it. */
export type MintValidationCode = keyof typeof MINT_VALIDATION_NUMBERS;

/** The answer with this number on the wire; undefined for a number that means nothing here. */
export function mintValidationCode(number: number): MintValidationCode | undefined {
  const codes = Object.keys(MINT_VALIDATION_NUMBERS) as MintValidationCode[]; // Its keys, by definition.
  return codes.find((code) => MINT_VALIDATION_NUMBERS[code] === number);
}
