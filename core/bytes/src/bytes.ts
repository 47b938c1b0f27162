// Byte strings: a type that carries its length, joining, comparing and wiping.
import { BytesError } from "./error.ts";

/** A byte string of exactly N bytes. */
export type Bytes<N extends number> = Uint8Array & { readonly length: N };

/** The same bytes, not copied, as a string of exactly `length` bytes. Throws `invalid-length` naming `name`. */
export function bytes<N extends number>(value: Uint8Array, length: N, name: string): Bytes<N> {
  if (!(value instanceof Uint8Array) || value.length !== length) {
    throw new BytesError("invalid-length", `${name} must be ${length} bytes.`);
  }
  return value as Bytes<N>; // The length has just been checked.
}

/** Throws `invalid-length` naming `name` unless it is a byte string; callers without types pass anything. */
export function assertBytes(value: Uint8Array, name: string): void {
  if (!(value instanceof Uint8Array)) {
    throw new BytesError("invalid-length", `${name} must be a Uint8Array.`);
  }
}

/** The parts one after another, in a new array. Throws `invalid-length` for a part that is no byte string. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) {
    assertBytes(part, "Every part");
  }
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * Whether two byte strings are equal. Looks at every byte whatever the earlier ones were, so the time tells only
 * the lengths, as far as JavaScript can promise that. Throws `invalid-length` for what is no byte string, which would
 * otherwise equal zeros.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  assertBytes(a, "The first");
  assertBytes(b, "The second");
  if (a.length !== b.length) {
    return false;
  }
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    difference |= (a[i] as number) ^ (b[i] as number); // `i` is below both lengths.
  }
  return difference === 0;
}

/** Overwrites the bytes with zeros. Call it in `finally` on every buffer that held part of a secret. */
export function wipeBytes(...buffers: readonly Uint8Array[]): void {
  for (const buffer of buffers) {
    buffer.fill(0);
  }
}
