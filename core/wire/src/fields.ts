// Reading byte fields whose length is part of their meaning.
import { WireError } from "./error.ts";

/** A message that wraps one byte string, as every key does (spec 01 §1.2). */
export interface DataMessage {
  readonly data: Uint8Array;
}

/**
 * A fresh copy of the `length` bytes inside a wrapper such as `CompressedRistretto`. `field` names it in the error.
 * Throws `missing-field` when the wrapper is absent and `wrong-length` when it holds another number of bytes.
 */
export function readData(message: DataMessage | undefined, length: number, field: string): Uint8Array {
  return readBytes(message?.data, length, field);
}

/** A fresh copy of a raw byte field of exactly `length` bytes. Throws `missing-field` or `wrong-length`. */
export function readBytes(value: Uint8Array | undefined, length: number, field: string): Uint8Array {
  const present = readPresent(value, field);
  if (!(present instanceof Uint8Array) || present.length !== length) {
    throw new WireError("wrong-length", `${field} must be ${length} bytes.`);
  }
  return new Uint8Array(present);
}

/** The value of a field that must be present. Throws `missing-field`. */
export function readPresent<T>(value: T | undefined, field: string): T {
  if (value === undefined) {
    throw new WireError("missing-field", `${field} is missing.`);
  }
  return value;
}
