// Measuring byte strings, whatever callers without types pass.

/** Whether it is a byte string of `length` bytes. Lists, texts and other objects with that length are none. */
export function hasLength(bytes: Uint8Array, length: number): boolean {
  return bytes instanceof Uint8Array && bytes.length === length;
}
