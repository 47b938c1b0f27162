// Elements: arithmetic modulo p = 2²⁵⁵ − 19 on one number at a time, in ten limbs (see generate/elements.ts), and the
// inverse square root on which decoding and encoding turn (RFC 9496 §4.2). Masks are 0 or −1; nothing branches on data.
import { feMultiply, feSqrtMinusOne, feSquareTimes } from "./generated/field";

export { feMultiply, feSquareTimes };

/** Bytes of an element's ten limbs, rounded up so that elements stay 16-byte aligned. */
export const FE_BYTES: usize = 48;

// Temporaries. `feBytes1` and `feBytes2` hold canonical encodings; the others belong to one function each.
const feBytes1: usize = memory.data(32, 16);
const feBytes2: usize = memory.data(32, 16);
const power: usize = memory.data(192, 16);
const root: usize = memory.data(288, 16);

/** Wipes the temporaries of this file. */
export function wipeElementScratch(): void {
  memory.fill(feBytes1, 0, 32);
  memory.fill(feBytes2, 0, 32);
  memory.fill(power, 0, 192);
  memory.fill(root, 0, 288);
}

/** out = a + b. */
export function feAdd(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 40; i += 4) store<i32>(out + i, load<i32>(a + i) + load<i32>(b + i));
}

/** out = a − b. */
export function feSubtract(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 40; i += 4) store<i32>(out + i, load<i32>(a + i) - load<i32>(b + i));
}

/** out = −a. */
export function feNegate(out: usize, a: usize): void {
  for (let i: usize = 0; i < 40; i += 4) store<i32>(out + i, -load<i32>(a + i));
}

/** out = a. */
export function feCopy(out: usize, a: usize): void {
  for (let i: usize = 0; i < 40; i += 8) store<u64>(out + i, load<u64>(a + i));
}

/** out = a where the mask is set. */
export function feMove(out: usize, a: usize, mask: i32): void {
  for (let i: usize = 0; i < 40; i += 4) {
    const x = load<i32>(out + i);
    store<i32>(out + i, x ^ (mask & (x ^ load<i32>(a + i))));
  }
}

/** out = −out where the mask is set. */
export function feNegateIf(out: usize, mask: i32): void {
  for (let i: usize = 0; i < 40; i += 4) store<i32>(out + i, (load<i32>(out + i) ^ mask) - mask);
}

/** out = |out|: of the two numbers ±out the even one, which RFC 9496 calls nonnegative. */
export function feAbsolute(out: usize): void {
  feNegateIf(out, feIsNegative(out));
}

/** out = a². */
export function feSquare(out: usize, a: usize): void {
  feSquareTimes(out, a, 1);
}

/** Reads the lower 255 bits of 32 little-endian bytes. */
export function feFromBytes(out: usize, bytes: usize): void {
  const w0 = load<u64>(bytes);
  const w1 = load<u64>(bytes, 8);
  const w2 = load<u64>(bytes, 16);
  const w3 = load<u64>(bytes, 24) & 0x7fffffffffffffff;
  i64.store32(out, w0 & 0x3ffffff);
  i64.store32(out, (w0 >> 26) & 0x1ffffff, 4);
  i64.store32(out, ((w0 >> 51) | (w1 << 13)) & 0x3ffffff, 8);
  i64.store32(out, (w1 >> 13) & 0x1ffffff, 12);
  i64.store32(out, w1 >> 38, 16);
  i64.store32(out, w2 & 0x1ffffff, 20);
  i64.store32(out, (w2 >> 25) & 0x3ffffff, 24);
  i64.store32(out, ((w2 >> 51) | (w3 << 13)) & 0x1ffffff, 28);
  i64.store32(out, (w3 >> 12) & 0x3ffffff, 32);
  i64.store32(out, w3 >> 38, 36);
}

/** Writes the canonical encoding: 32 little-endian bytes below p. */
export function feToBytes(bytes: usize, a: usize): void {
  let h0 = i64.load32_s(a);
  let h1 = i64.load32_s(a, 4);
  let h2 = i64.load32_s(a, 8);
  let h3 = i64.load32_s(a, 12);
  let h4 = i64.load32_s(a, 16);
  let h5 = i64.load32_s(a, 20);
  let h6 = i64.load32_s(a, 24);
  let h7 = i64.load32_s(a, 28);
  let h8 = i64.load32_s(a, 32);
  let h9 = i64.load32_s(a, 36);
  // q = ⌊a / p⌋, found by carrying a + 19·2⁻²⁵·h9 + ½ upwards without storing. Then a − q·p = a + 19·q − q·2²⁵⁵, of
  // which the last part falls away when the top limb is masked.
  let q = (19 * h9 + (1 << 24)) >> 25;
  q = (h0 + q) >> 26;
  q = (h1 + q) >> 25;
  q = (h2 + q) >> 26;
  q = (h3 + q) >> 25;
  q = (h4 + q) >> 26;
  q = (h5 + q) >> 25;
  q = (h6 + q) >> 26;
  q = (h7 + q) >> 25;
  q = (h8 + q) >> 26;
  q = (h9 + q) >> 25;
  h0 += 19 * q;
  h1 += h0 >> 26;
  h2 += h1 >> 25;
  h3 += h2 >> 26;
  h4 += h3 >> 25;
  h5 += h4 >> 26;
  h6 += h5 >> 25;
  h7 += h6 >> 26;
  h8 += h7 >> 25;
  h9 += h8 >> 26;
  h0 &= 0x3ffffff;
  h1 &= 0x1ffffff;
  h2 &= 0x3ffffff;
  h3 &= 0x1ffffff;
  h4 &= 0x3ffffff;
  h5 &= 0x1ffffff;
  h6 &= 0x3ffffff;
  h7 &= 0x1ffffff;
  h8 &= 0x3ffffff;
  h9 &= 0x1ffffff;
  store<u64>(bytes, h0 | (h1 << 26) | (h2 << 51));
  store<u64>(bytes, (h2 >> 13) | (h3 << 13) | (h4 << 38), 8);
  store<u64>(bytes, h5 | (h6 << 25) | (h7 << 51), 16);
  store<u64>(bytes, (h7 >> 13) | (h8 << 12) | (h9 << 38), 24);
}

/** −1 if 32 bytes are all zero, else 0. */
export function isZero32(bytes: usize): i32 {
  const any = load<u64>(bytes) | load<u64>(bytes, 8) | load<u64>(bytes, 16) | load<u64>(bytes, 24);
  return 0 - i32(any === 0);
}

/** −1 if a = b (mod p), else 0. */
export function feIsEqual(a: usize, b: usize): i32 {
  feToBytes(feBytes1, a);
  feToBytes(feBytes2, b);
  for (let i: usize = 0; i < 32; i += 8) store<u64>(feBytes1 + i, load<u64>(feBytes1 + i) ^ load<u64>(feBytes2 + i));
  return isZero32(feBytes1);
}

/** −1 if a = 0 (mod p), else 0. */
export function feIsZero(a: usize): i32 {
  feToBytes(feBytes1, a);
  return isZero32(feBytes1);
}

/** −1 if a is negative in the sense of RFC 9496, its canonical form odd; else 0. */
export function feIsNegative(a: usize): i32 {
  feToBytes(feBytes1, a);
  return 0 - i32(load<u8>(feBytes1) & 1);
}

/** −1 if 32 bytes are below p and even, as the encoding of a nonnegative number must be; else 0. */
export function isNonnegativeEncoding(bytes: usize): i32 {
  const w3 = load<u64>(bytes, 24);
  const ones = load<u64>(bytes, 8) & load<u64>(bytes, 16) & (w3 | 0x8000000000000000);
  const aboveP = i32(ones === 0xffffffffffffffff) & i32(load<u64>(bytes) >= 0xffffffffffffffed);
  const bad = aboveP | i32(w3 >> 63) | i32(load<u8>(bytes) & 1);
  return bad - 1;
}

/** out = a^((p − 5) / 8) = a^(2²⁵² − 3): 252 squarings and 11 multiplications. out may be a. */
export function fePower22523(out: usize, a: usize): void {
  const x = power;
  const y = power + FE_BYTES;
  const z = power + 2 * FE_BYTES;
  const base = power + 3 * FE_BYTES;
  feCopy(base, a);
  feSquare(x, base); // 2
  feSquareTimes(y, x, 2); // 8
  feMultiply(y, base, y); // 9
  feMultiply(x, x, y); // 11
  feSquare(x, x); // 22
  feMultiply(x, y, x); // 2⁵ − 1
  feSquareTimes(y, x, 5);
  feMultiply(x, y, x); // 2¹⁰ − 1
  feSquareTimes(y, x, 10);
  feMultiply(y, y, x); // 2²⁰ − 1
  feSquareTimes(z, y, 20);
  feMultiply(y, z, y); // 2⁴⁰ − 1
  feSquareTimes(y, y, 10);
  feMultiply(x, y, x); // 2⁵⁰ − 1
  feSquareTimes(y, x, 50);
  feMultiply(y, y, x); // 2¹⁰⁰ − 1
  feSquareTimes(z, y, 100);
  feMultiply(y, z, y); // 2²⁰⁰ − 1
  feSquareTimes(y, y, 50);
  feMultiply(x, y, x); // 2²⁵⁰ − 1
  feSquareTimes(x, x, 2);
  feMultiply(out, x, base); // 2²⁵² − 3
}

/** out = 1 / a, with 1 / 0 = 0: a^(p − 2) = (a^((p − 5) / 8))⁸ · a³. out must not be a. */
export function feInvert(out: usize, a: usize): void {
  fePower22523(out, a);
  feSquareTimes(out, out, 3);
  feMultiply(out, out, a);
  feMultiply(out, out, a);
  feMultiply(out, out, a);
}

/**
 * SQRT_RATIO_M1 of RFC 9496 §4.2: −1 and out = |√(u/v)| if u/v is a square, otherwise 0 and out = |√(√−1·u/v)|.
 * 0 and out = 0 when v = 0 and u is not. out must be neither u nor v.
 */
export function feSqrtRatio(out: usize, u: usize, v: usize): i32 {
  const v3 = root;
  const v7 = root + FE_BYTES;
  const check = root + 2 * FE_BYTES;
  const minusU = root + 3 * FE_BYTES;
  const rotated = root + 4 * FE_BYTES;
  feSquare(v3, v);
  feMultiply(v3, v3, v);
  feSquare(v7, v3);
  feMultiply(v7, v7, v);
  feMultiply(v7, u, v7);
  fePower22523(v7, v7);
  feMultiply(out, u, v3);
  feMultiply(out, out, v7); // u·v³·(u·v⁷)^((p−5)/8), a root up to a power of √−1.
  feSquare(check, out);
  feMultiply(check, check, v);
  feNegate(minusU, u);
  const correct = feIsEqual(check, u);
  const flipped = feIsEqual(check, minusU);
  feMultiply(minusU, minusU, feSqrtMinusOne);
  const flippedRotated = feIsEqual(check, minusU);
  feMultiply(rotated, out, feSqrtMinusOne);
  feMove(out, rotated, flipped | flippedRotated);
  feAbsolute(out);
  return correct | flipped;
}

/**
 * {@link feSqrtRatio} with u = 1, for the two places where only squares matter: −1 and out = √(1/v), its sign left open,
 * if v is a square other than 0; else 0 and out is meaningless, but 0 when v = 0. out must not be v.
 */
export function feInvSqrt(out: usize, v: usize): i32 {
  const v3 = root;
  const v7 = root + FE_BYTES;
  const check = root + 2 * FE_BYTES;
  feSquare(v3, v);
  feMultiply(v3, v3, v);
  feSquare(v7, v3);
  feMultiply(v7, v7, v);
  fePower22523(v7, v7);
  feMultiply(out, v3, v7);
  feSquare(check, out);
  feMultiply(check, check, v); // 1, −1, or ±√−1 when v is no square.
  feToBytes(feBytes1, check);
  const middle = load<u64>(feBytes1, 8) | load<u64>(feBytes1, 16) | load<u64>(feBytes1, 24);
  const correct = 0 - i32((middle | (load<u64>(feBytes1) ^ 1)) === 0);
  const ones = load<u64>(feBytes1, 8) & load<u64>(feBytes1, 16) & (load<u64>(feBytes1, 24) | 0x8000000000000000);
  const flipped = 0 - i32((~ones | (load<u64>(feBytes1) ^ 0xffffffffffffffec)) === 0);
  feMultiply(v3, out, feSqrtMinusOne);
  feMove(out, v3, flipped);
  return correct | flipped;
}
