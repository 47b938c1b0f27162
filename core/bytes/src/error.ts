// Errors with a stable code: the base that every package of the core derives its one error class from.

/**
 * Wrong input, with a code that programs can rely on and a message that tells a person what to do.
 * Neither ever holds a secret.
 */
export abstract class CodedError<Code extends string> extends Error {
  /** The stable reason; each package documents its own. */
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why this package refused an argument. */
export type BytesErrorCode =
  | "invalid-hex" // The text is not an even number of hexadecimal digits.
  | "invalid-utf8" // Not UTF-8 bytes, or not text with a UTF-8 form: half a surrogate pair has none.
  | "invalid-length" // Not a byte string, one of the wrong length, or one that ends before the integer read from it.
  | "out-of-range" // A number is not an integer of the stated width, or an amount exceeds 64 bits.
  | "invalid-amount" // The text is not a decimal number of MOB with at most twelve decimal places.
  | "secret-wiped" // The secret was wiped and cannot be used any more.
  | "secret-not-serializable"; // Something tried to write a secret as JSON.

/** Wrong input to `@fogbow/core-bytes`. */
export class BytesError extends CodedError<BytesErrorCode> {
  override readonly name = "BytesError";
}
