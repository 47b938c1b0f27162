// Arithmetic modulo ℓ on vectors of scalars, n of them one after the other, 32 bytes each, in constant time: what proofs
// do with hundreds of secret scalars at a time. How many there are is public. Each function checks every operand and
// returns 1 when all were canonical; otherwise 0, and what it wrote means nothing.
import { addReduced, montgomery, multiplyReduced, R_SQUARED, scalarIsCanonical, scalarReduceWide } from "./scalar";

const BYTES: usize = 32;

const factor = memory.data(32, 16);
const term = memory.data(32, 16);

/** out[i] = a[i] + b[i]. `out` may be `a` or `b`. */
export function vectorAdd(out: usize, a: usize, b: usize, n: i32): i32 {
  const canonical = allCanonical(a, n) & allCanonical(b, n);
  for (let at: usize = 0; at < BYTES * n; at += BYTES) addReduced(out + at, a + at, b + at);
  return canonical;
}

/** out[i] = a[i] · b[i]. `out` may be `a` or `b`. */
export function vectorMultiply(out: usize, a: usize, b: usize, n: i32): i32 {
  const canonical = allCanonical(a, n) & allCanonical(b, n);
  for (let at: usize = 0; at < BYTES * n; at += BYTES) multiplyReduced(out + at, a + at, b + at);
  return canonical;
}

/** out[i] = s · a[i]. `out` may be `a`. */
export function vectorScale(out: usize, s: usize, a: usize, n: i32): i32 {
  const canonical = scalarIsCanonical(s) & allCanonical(a, n);
  montgomery(factor, s, R_SQUARED); // Once in Montgomery's form, one step a product.
  for (let at: usize = 0; at < BYTES * n; at += BYTES) montgomery(out + at, factor, a + at);
  memory.fill(factor, 0, BYTES);
  return canonical;
}

/** out[i] = s · a[i] + b[i]. `out` may be `a` or `b`. */
export function vectorMultiplyAdd(out: usize, s: usize, a: usize, b: usize, n: i32): i32 {
  const canonical = scalarIsCanonical(s) & allCanonical(a, n) & allCanonical(b, n);
  montgomery(factor, s, R_SQUARED);
  for (let at: usize = 0; at < BYTES * n; at += BYTES) {
    montgomery(term, factor, a + at);
    addReduced(out + at, term, b + at);
  }
  memory.fill(factor, 0, BYTES);
  memory.fill(term, 0, BYTES);
  return canonical;
}

/** out = Σ a[i] · b[i]. */
export function vectorInnerProduct(out: usize, a: usize, b: usize, n: i32): i32 {
  const canonical = allCanonical(a, n) & allCanonical(b, n);
  memory.fill(factor, 0, BYTES);
  for (let at: usize = 0; at < BYTES * n; at += BYTES) {
    montgomery(term, a + at, b + at); // a[i]·b[i]/R; the sum is multiplied by R at the end.
    addReduced(factor, factor, term);
  }
  montgomery(out, factor, R_SQUARED);
  memory.fill(factor, 0, BYTES);
  memory.fill(term, 0, BYTES);
  return canonical;
}

/** out[i] = s^i, from 1 on. */
export function vectorPowers(out: usize, s: usize, n: i32): i32 {
  montgomery(factor, s, R_SQUARED);
  memory.fill(term, 0, BYTES);
  store<u8>(term, 1);
  for (let at: usize = 0; at < BYTES * n; at += BYTES) {
    memory.copy(out + at, term, BYTES);
    montgomery(term, factor, term);
  }
  memory.fill(factor, 0, BYTES);
  memory.fill(term, 0, BYTES);
  return scalarIsCanonical(s);
}

/** out[i] = the 64 bytes at wide[i] modulo ℓ. Nothing has to be canonical. */
export function vectorReduceWide(out: usize, wide: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) scalarReduceWide(out + BYTES * i, wide + 2 * BYTES * i);
}

/** out[i] = bit i of `bytes`, least significant first, as the scalar 0 or 1. n is a number of bits. */
export function vectorBits(out: usize, bytes: usize, n: i32): void {
  memory.fill(out, 0, BYTES * n);
  for (let i: usize = 0; i < <usize>n; i++) {
    store<u8>(out + BYTES * i, (load<u8>(bytes + (i >> 3)) >> <u8>(i & 7)) & 1);
  }
}

function allCanonical(a: usize, n: i32): i32 {
  let canonical = 1;
  for (let at: usize = 0; at < BYTES * n; at += BYTES) canonical &= scalarIsCanonical(a + at);
  return canonical;
}
