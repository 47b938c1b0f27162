// Lanes: four numbers modulo p side by side, in ten vectors of 13-bit limbs, 160 bytes (see generate/lanes.ts, which also
// gives the bounds). A mask is a vector of four lanes, each 0 or −1; nothing branches on data.
import { lanesOne, lanesSqrtMinusOne, mul4, reduce4, square4 } from "./generated/field";

export { mul4, reduce4, square4 };

/** Bytes of four numbers in lanes. */
export const LANES_BYTES: usize = 160;

const frozen: usize = memory.data(320, 16); // Twenty vectors: one canonical limb of each number in each.
const power: usize = memory.data(640, 16);
const root: usize = memory.data(480, 16);

/** Wipes the temporaries of this file. */
export function wipeLanesScratch(): void {
  memory.fill(frozen, 0, 320);
  memory.fill(power, 0, 640);
  memory.fill(root, 0, 480);
}

/** out = a + b; limb bounds add up. */
export function add4(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 160; i += 16) v128.store(out + i, i16x8.add(v128.load(a + i), v128.load(b + i)));
}

/** out = a − b; limb bounds add up. */
export function subtract4(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 160; i += 16) v128.store(out + i, i16x8.sub(v128.load(a + i), v128.load(b + i)));
}

/** out = −a. */
export function negate4(out: usize, a: usize): void {
  for (let i: usize = 0; i < 160; i += 16) v128.store(out + i, i16x8.neg(v128.load(a + i)));
}

/** out = a. */
export function copy4(out: usize, a: usize): void {
  for (let i: usize = 0; i < 160; i += 16) v128.store(out + i, v128.load(a + i));
}

/** out = a in the lanes where the mask is set. */
export function move4(out: usize, a: usize, mask: v128): void {
  for (let i: usize = 0; i < 160; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(a + i), v128.load(out + i), mask));
  }
}

/** out = −out in the lanes where the mask is set. A set lane is −1 in both of its 16-bit halves. */
export function negateIf4(out: usize, mask: v128): void {
  for (let i: usize = 0; i < 160; i += 16) {
    v128.store(out + i, i16x8.sub(v128.xor(v128.load(out + i), mask), mask));
  }
}

/** out = 0 in the lanes where the mask is set. */
export function clearIf4(out: usize, mask: v128): void {
  for (let i: usize = 0; i < 160; i += 16) v128.store(out + i, v128.andnot(v128.load(out + i), mask));
}

/** out = |out| in each lane: the even one of ±out (RFC 9496). */
export function absolute4(out: usize): void {
  negateIf4(out, isNegative4(out));
}

// Canonical form. The value is made positive by adding 512·p = 2²⁶⁴ − 9 728, which no sum of four reduced numbers
// outweighs, and carried; its bits from 2²⁵⁵ up (at most 2¹⁰) come back times 19. What remains is below 2²⁵⁵ + 2¹⁴,
// and q = ⌊(value + 19) / 2²⁵⁵⌋ is 1 exactly if it is p or more.
/** Carries the numbers to twenty unsigned limbs in `frozen`, below 2²⁵⁵ + 2¹⁴, and returns the q above. */
function normalize4(a: usize): v128 {
  const mask = i32x4.splat(8191);
  let carry = i32x4.splat(-9728);
  for (let i: usize = 0; i < 10; i++) {
    const pair = v128.load(a + 16 * i);
    const low = i32x4.add(i32x4.shr_s(i32x4.shl(pair, 16), 16), carry);
    v128.store(frozen + 32 * i, v128.and(low, mask));
    const high = i32x4.add(i32x4.shr_s(pair, 16), i32x4.shr_s(low, 13));
    v128.store(frozen + 32 * i, v128.and(high, mask), 16);
    carry = i32x4.shr_s(high, 13);
  }
  const top = v128.load(frozen, 304);
  v128.store(frozen, v128.and(top, i32x4.splat(255)), 304);
  // The carry has weight 2²⁶⁰ = 2²⁵⁵·2⁵, and 2¹⁷ added to limb 19 comes out as 2⁴ in it.
  const excess = i32x4.add(i32x4.shr_u(top, 8), i32x4.shl(i32x4.add(carry, i32x4.splat(16)), 5));
  carry = i32x4.mul(excess, i32x4.splat(19));
  let q = i32x4.splat(19);
  for (let i: usize = 0; i < 19; i++) {
    const limb = i32x4.add(v128.load(frozen + 16 * i), carry);
    carry = i32x4.shr_s(limb, 13);
    const reduced = v128.and(limb, mask);
    v128.store(frozen + 16 * i, reduced);
    q = i32x4.shr_s(i32x4.add(reduced, q), 13);
  }
  const limb = i32x4.add(v128.load(frozen, 304), carry);
  v128.store(frozen, limb, 304);
  return i32x4.shr_s(i32x4.add(limb, q), 8);
}

/** Puts the canonical limbs, 0 … 8 191 and 0 … 255 for the last, into `frozen`. */
function freeze4(a: usize): void {
  let carry = i32x4.mul(normalize4(a), i32x4.splat(19));
  for (let i: usize = 0; i < 304; i += 16) {
    const limb = i32x4.add(v128.load(frozen + i), carry);
    v128.store(frozen + i, v128.and(limb, i32x4.splat(8191)));
    carry = i32x4.shr_s(limb, 13);
  }
  v128.store(frozen, v128.and(i32x4.add(v128.load(frozen, 304), carry), i32x4.splat(255)), 304);
}

/** Which numbers are negative in the sense of RFC 9496: odd in canonical form. p is odd, so each p taken off flips. */
export function isNegative4(a: usize): v128 {
  const q = normalize4(a);
  return i32x4.neg(v128.and(v128.xor(v128.load(frozen), q), i32x4.splat(1)));
}

/** Which numbers are 0 modulo p. */
export function isZero4(a: usize): v128 {
  freeze4(a);
  let any = i32x4.splat(0);
  for (let i: usize = 0; i < 320; i += 16) any = v128.or(any, v128.load(frozen + i));
  return i32x4.eq(any, i32x4.splat(0));
}

/** Reads the lower 255 bits of four encodings of 32 bytes, one after the other, as unsigned limbs. */
export function fromBytes4(out: usize, bytes: usize): void {
  fromBytesAt4(out, bytes, bytes + 32, bytes + 64, bytes + 96);
}

/** Reads the lower 255 bits of four encodings of 32 bytes at four addresses, as unsigned limbs. */
export function fromBytesAt4(out: usize, b0: usize, b1: usize, b2: usize, b3: usize): void {
  const mask = i32x4.splat(8191);
  let low = i32x4.splat(0);
  for (let i: i32 = 0; i < 20; i++) {
    // Thirteen bits lie within any four bytes that begin at their first bit's byte, but the last four begin at byte 28.
    const byte = min((13 * i) >> 3, 28);
    let words = v128.load32_zero(b0 + byte);
    words = v128.load_lane<u32>(b1 + byte, words, 1);
    words = v128.load_lane<u32>(b2 + byte, words, 2);
    words = v128.load_lane<u32>(b3 + byte, words, 3);
    const limb = v128.and(i32x4.shr_u(words, 13 * i - 8 * byte), mask);
    if (i & 1) v128.store(out + 16 * (i >> 1), v128.or(low, i32x4.shl(limb, 16)));
    else low = limb;
  }
  // Bit 255 is no part of the number: the last limb has eight bits.
  v128.store(out, v128.and(v128.load(out, 144), i32x4.splat(0x00ff1fff)), 144);
}

/** Writes the four canonical encodings of 32 bytes, one after the other. */
export function toBytes4(bytes: usize, a: usize): void {
  freeze4(a);
  for (let lane: usize = 0; lane < 4; lane++) packFrozen(bytes + 32 * lane, frozen + 4 * lane);
}

/** Thirteen bits a limb, twenty limbs, 16 bytes apart: bit 13·i of the number is bit 0 of limb i. */
function packFrozen(bytes: usize, p: usize): void {
  const l4 = i64.load32_u(p, 64);
  const l9 = i64.load32_u(p, 144);
  const l14 = i64.load32_u(p, 224);
  store<u64>(bytes, limbAt(p, 0, 0) | limbAt(p, 1, 13) | limbAt(p, 2, 26) | limbAt(p, 3, 39) | (l4 << 52));
  store<u64>(
    bytes,
    (l4 >> 12) | limbAt(p, 5, 1) | limbAt(p, 6, 14) | limbAt(p, 7, 27) | limbAt(p, 8, 40) | (l9 << 53),
    8,
  );
  store<u64>(
    bytes,
    (l9 >> 11) | limbAt(p, 10, 2) | limbAt(p, 11, 15) | limbAt(p, 12, 28) | limbAt(p, 13, 41) | (l14 << 54),
    16,
  );
  store<u64>(
    bytes,
    (l14 >> 10) | limbAt(p, 15, 3) | limbAt(p, 16, 16) | limbAt(p, 17, 29) | limbAt(p, 18, 42) | limbAt(p, 19, 55),
    24,
  );
}

function limbAt(p: usize, limb: usize, shift: u64): u64 {
  return u64(load<u32>(p + 16 * limb)) << shift;
}

/** out = a^(2^n), n ≥ 1. */
function squareTimes4(out: usize, a: usize, n: i32): void {
  square4(out, a);
  for (let i = 1; i < n; i++) square4(out, out);
}

/** out = a^((p − 5) / 8) = a^(2²⁵² − 3), by the same chain as for elements. out may be a. */
export function power22523x4(out: usize, a: usize): void {
  const x = power;
  const y = power + LANES_BYTES;
  const z = power + 2 * LANES_BYTES;
  const base = power + 3 * LANES_BYTES;
  copy4(base, a);
  square4(x, base); // 2
  squareTimes4(y, x, 2); // 8
  mul4(y, base, y); // 9
  mul4(x, x, y); // 11
  square4(x, x); // 22
  mul4(x, y, x); // 2⁵ − 1
  squareTimes4(y, x, 5);
  mul4(x, y, x); // 2¹⁰ − 1
  squareTimes4(y, x, 10);
  mul4(y, y, x); // 2²⁰ − 1
  squareTimes4(z, y, 20);
  mul4(y, z, y); // 2⁴⁰ − 1
  squareTimes4(y, y, 10);
  mul4(x, y, x); // 2⁵⁰ − 1
  squareTimes4(y, x, 50);
  mul4(y, y, x); // 2¹⁰⁰ − 1
  squareTimes4(z, y, 100);
  mul4(y, z, y); // 2²⁰⁰ − 1
  squareTimes4(y, y, 50);
  mul4(x, y, x); // 2²⁵⁰ − 1
  squareTimes4(x, x, 2);
  mul4(out, x, base); // 2²⁵² − 3
}

/** out = 1 / a in each lane, with 1 / 0 = 0. out must not be a. */
export function invert4(out: usize, a: usize): void {
  power22523x4(out, a);
  squareTimes4(out, out, 3);
  mul4(out, out, a);
  mul4(out, out, a);
  mul4(out, out, a);
}

/** out = √(1/v) up to sign in the lanes where v is a square other than 0; returns these lanes. out must not be v. */
export function invSqrt4(out: usize, v: usize): v128 {
  const v3 = root;
  const v7 = root + LANES_BYTES;
  const check = root + 2 * LANES_BYTES;
  square4(v3, v);
  mul4(v3, v3, v);
  square4(v7, v3);
  mul4(v7, v7, v);
  power22523x4(v7, v7);
  mul4(out, v3, v7); // v³·(v⁷)^((p−5)/8), a root up to a power of √−1.
  square4(check, out);
  mul4(check, check, v); // 1, −1, or ±√−1 when v is no square.
  subtract4(v3, check, lanesOne);
  const correct = isZero4(v3);
  add4(v3, check, lanesOne);
  const flipped = isZero4(v3);
  mul4(v7, out, lanesSqrtMinusOne);
  move4(out, v7, flipped);
  return v128.or(correct, flipped);
}

/**
 * SQRT_RATIO_M1 of RFC 9496 §4.2 in each lane: out = |√(u/v)| where u/v is a square, and these lanes are returned; in
 * the others out = |√(√−1·u/v)|, but 0 where v = 0. out must be neither u nor v.
 */
export function sqrtRatio4(out: usize, u: usize, v: usize): v128 {
  const v3 = root;
  const v7 = root + LANES_BYTES;
  const check = root + 2 * LANES_BYTES;
  square4(v3, v);
  mul4(v3, v3, v);
  square4(v7, v3);
  mul4(v7, v7, v);
  mul4(v7, u, v7);
  power22523x4(v7, v7);
  mul4(out, u, v3);
  mul4(out, out, v7); // u·v³·(u·v⁷)^((p−5)/8), a root up to a power of √−1.
  square4(check, out);
  mul4(check, check, v); // ±u, or ±√−1·u when u/v is no square.
  subtract4(v3, check, u);
  const correct = isZero4(v3);
  add4(v3, check, u);
  const flipped = isZero4(v3);
  mul4(v7, u, lanesSqrtMinusOne);
  add4(v3, check, v7);
  const flippedRotated = isZero4(v3);
  mul4(v7, out, lanesSqrtMinusOne);
  move4(out, v7, v128.or(flipped, flippedRotated));
  absolute4(out);
  return v128.or(correct, flipped);
}
