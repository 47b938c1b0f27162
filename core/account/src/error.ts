// The one error of this package.
import { CodedError } from "@fogbow/core-bytes";

/** Why this package refused an argument. */
export type AccountErrorCode =
  | "bad-word-count" // A recovery phrase has 12, 15, 18, 21 or 24 words; this one has not.
  | "unknown-word" // A word is not in the English BIP-39 list; `word` says which, and the nearest that is.
  | "bad-checksum" // All words are in the list, but they do not belong together: one is wrong or two are swapped.
  | "bad-entropy-length" // Not 16, 20, 24, 28 or 32 bytes of BIP-39 entropy, 64 of seed, 32 of SLIP-10 key or root entropy.
  | "out-of-range" // A subaddress index does not fit 64 bits, or an account index 32.
  | "malformed-key-file" // The text is not a key file in JSON of either form, or too long for one.
  | "conflicting-fog-authority" // An identity names two different Fog authorities.
  | "foreign-prefix" // The text begins with another scheme, such as `bitcoin:`, or another kind of mob: link.
  | "bad-base58" // A character is not in the base58 alphabet.
  | "code-too-short" // Fewer than 5 bytes: no checksum and content.
  | "code-too-long" // More than 2 797 characters, or content that would take more.
  | "bad-code-checksum" // The code was mistyped or cut.
  | "unknown-code-kind" // The code holds none of the four kinds known here.
  | "not-one-entropy"; // A transfer payload names two accounts, or none.

/** Which word of a recovery phrase is wrong. */
export interface WrongWord {
  /** Its place in the phrase, from 1. */
  readonly position: number;
  /** The nearest word of the list. */
  readonly suggestion: string;
}

/** Wrong input to `@fogbow/core-account`. Neither message nor data ever holds more of a secret than one suggestion. */
export class AccountError extends CodedError<AccountErrorCode> {
  override readonly name = "AccountError";
  /** With `unknown-word` only. */
  readonly word: WrongWord | undefined;

  constructor(code: AccountErrorCode, message: string, word?: WrongWord) {
    super(code, message);
    this.word = word;
  }
}
