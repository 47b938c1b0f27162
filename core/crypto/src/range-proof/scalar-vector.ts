// Vectors of scalars as byte strings: taking them apart and putting them together. Their arithmetic is the kernel's.

/** Bytes of a scalar. */
export const SCALAR_BYTES = 32;

/** The scalar 1. */
export const ONE: Uint8Array = new Uint8Array(SCALAR_BYTES).fill(1, 0, 1);

/** 1, 2, 4 … 2^(n − 1), for n up to 252. */
export function powersOfTwo(n: number): Uint8Array {
  const powers = new Uint8Array(SCALAR_BYTES * n);
  for (let i = 0; i < n; i++) powers[SCALAR_BYTES * i + (i >> 3)] = 1 << (i & 7);
  return powers;
}

/** How many scalars there are. */
export function count(vector: Uint8Array): number {
  return vector.length / SCALAR_BYTES;
}

/** The scalar at an index, which must be there. A view, not a copy. */
export function at(vector: Uint8Array, index: number): Uint8Array {
  return vector.subarray(SCALAR_BYTES * index, SCALAR_BYTES * (index + 1));
}

/** Both halves of a vector of even length. Views, not copies. */
export function halves(vector: Uint8Array): [Uint8Array, Uint8Array] {
  return [vector.subarray(0, vector.length / 2), vector.subarray(vector.length / 2)];
}

/** A vector over and over again. */
export function repeat(vector: Uint8Array, times: number): Uint8Array {
  const repeated = new Uint8Array(vector.length * times);
  for (let i = 0; i < times; i++) repeated.set(vector, vector.length * i);
  return repeated;
}

/** The vector from its last scalar to its first. */
export function reverse(vector: Uint8Array): Uint8Array {
  // All bytes reversed, then those of each scalar: no view for each of hundreds.
  const reversed = vector.slice().reverse();
  for (let low = 0; low < reversed.length; low += SCALAR_BYTES) reverseScalar(reversed, low);
  return reversed;
}

function reverseScalar(bytes: Uint8Array, start: number): void {
  for (let low = start, high = start + SCALAR_BYTES - 1; low < high; low++, high--) {
    [bytes[low], bytes[high]] = [bytes[high] as number, bytes[low] as number]; // Within the vector.
  }
}
