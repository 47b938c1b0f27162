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

/** The parts one after another, in a new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
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
 * the lengths, as far as JavaScript can promise that.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
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
