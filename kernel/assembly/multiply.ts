// Constant-time multiplication in ristretto255: one point, the generator, and many points at once. A scalar is written
// in 64 signed digits of base 16, and each digit picks a multiple from a table that is read whole every time.
import { FE_BYTES, feFromBytes, feInvert, feMultiply, feToBytes } from "./field";
import { lanesD, lanesInvSqrtAMinusD, lanesOne, lanesSqrtMinusOne } from "./generated/field";
import {
  absolute4,
  add4,
  clearIf4,
  copy4,
  fromBytes4,
  isNegative4,
  isZero4,
  LANES_BYTES,
  move4,
  mul4,
  negate4,
  negateIf4,
  square4,
  subtract4,
  toBytes4,
} from "./lanes";
import { addCached, doublePoint, multiplesTable, POINT_BYTES, selectCached, setIdentity } from "./point";
import {
  addCached4,
  doublePoints4,
  multiplesTable4,
  selectCached4,
  setIdentities4,
  wipePoints4Scratch,
} from "./points4";
import { decode, decode4, encode, wipeRistrettoScratch } from "./ristretto";
import { halveReduced, scalarIsCanonical } from "./scalar";

const DIGITS: i32 = 64;
const PAIRS: usize = 32; // Digits of the odd powers of 16, and as many of the even ones.

const digits: usize = memory.data(1024, 16); // 64 digits of 32 bits, for one scalar or side by side for four.
const table: usize = memory.data(5120, 16); // Eight cached multiples of one point or of four.
const product: usize = memory.data(640, 16);
const selected: usize = memory.data(640, 16);
const halved: usize = memory.data(32, 16);
const encodings: usize = memory.data(128, 16);

/** The generator's encoding (RFC 9496 §4.1) and, for each i < 32, eight cached multiples j·256^i·G. */
export const generator: usize = memory.data<u64>(
  [0x714ebc6a0aaef2e2, 0x5f5100c561a984a8, 0x8ddd82a56a0be358, 0x762d8de04559a6b6],
  16,
);
const comb: usize = memory.data(40960, 16);

fillComb();

/** out = scalar · point, 32 bytes each. The result is 1 if the scalar is below ℓ, plus 2 if the point is valid. */
export function ristrettoMultiply(out: usize, scalar: usize, point: usize): i32 {
  const valid = decode(selected, point);
  recode(digits, 4, scalar);
  multiplesTable(table, selected);
  setIdentity(product);
  selectCached(selected, table, load<i32>(digits + 4 * (DIGITS - 1)));
  addCached(product, selected);
  for (let i: i32 = DIGITS - 2; i >= 0; i--) {
    doublePoint(product);
    doublePoint(product);
    doublePoint(product);
    doublePoint(product);
    selectCached(selected, table, load<i32>(digits + 4 * i));
    addCached(product, selected);
  }
  encode(out, product);
  wipeMultiplyScratch();
  return scalarIsCanonical(scalar) | (valid & 2);
}

/**
 * out = scalar · G, 32 bytes each. The result is 1 if the scalar is below ℓ. Odd digits first, one multiplication by 16,
 * then even ones: Σ digit·16^i·G with half of the table that all the powers would take.
 */
export function ristrettoMultiplyBase(out: usize, scalar: usize): i32 {
  recode(digits, 4, scalar);
  setIdentity(product);
  addFromComb(1);
  for (let i = 0; i < 4; i++) doublePoint(product);
  addFromComb(0);
  encode(out, product);
  wipeMultiplyScratch();
  return scalarIsCanonical(scalar);
}

function addFromComb(parity: usize): void {
  for (let i: usize = 0; i < PAIRS; i++) {
    selectCached(selected, comb + 8 * POINT_BYTES * i, load<i32>(digits + 4 * (2 * i + parity)));
    addCached(product, selected);
  }
}

/** Runs once, when the module is instantiated. */
function fillComb(): void {
  decode(product, generator);
  for (let i: usize = 0; i < PAIRS; i++) {
    copy4(selected, product);
    multiplesTable(comb + 8 * POINT_BYTES * i, selected);
    for (let j = 0; j < 8; j++) doublePoint(product);
  }
  wipeMultiplyScratch();
}

/** Scratch bytes that a batch of n points needs. */
export function ristrettoBatchScratch(n: i32): i32 {
  return i32(GROUP_BYTES) * ((n + 3) >> 2) + 4 * ((n + 3) & ~3);
}

/**
 * out[i] = scalar[i] · point[i] for n points of 32 bytes; scalars lie `scalarStride` bytes apart, 0 for one that serves
 * all. The result is 1 if all scalars are below ℓ, plus 2 if all points are valid.
 */
export function ristrettoMultiplyBatch(
  out: usize,
  scalars: usize,
  scalarStride: i32,
  points: usize,
  n: i32,
  scratch: usize,
): i32 {
  const valid = scratch + GROUP_BYTES * usize((n + 3) >> 2);
  let canonical: i32 = 1;
  const count = scalarStride === 0 ? 1 : n;
  for (let i = 0; i < count; i++) canonical &= scalarIsCanonical(scalars + 32 * i);
  let allValid: i32 = -1;
  if (n > 0) multiplyBatchInternal(out, scalars, scalarStride, points, n, valid, scratch);
  for (let i = 0; i < n; i++) allValid &= load<i32>(valid + 4 * i);
  memory.fill(scratch, 0, ristrettoBatchScratch(n));
  wipeMultiplyScratch();
  return canonical | (allValid & 2);
}

// A group of four leaves in the scratch area: e, f, g, h, e·g, f·h, their product, and the product of all groups' before.
const GROUP_BYTES: usize = 8 * LANES_BYTES;
const E: usize = 0;
const F: usize = LANES_BYTES;
const G: usize = 2 * LANES_BYTES;
const H: usize = 3 * LANES_BYTES;
const EG: usize = 4 * LANES_BYTES;
const FH: usize = 5 * LANES_BYTES;
const EGFH: usize = 6 * LANES_BYTES;
const BEFORE: usize = 7 * LANES_BYTES;

/**
 * The batch for use inside the kernel: out[i] = scalar[i] · point[i] for n ≥ 1 points, all of 32 bytes, scalars
 * `scalarStride` bytes apart (0: one for all) and canonical. valid[i], 32 bits, becomes −1 if point i is a canonical
 * encoding; else 0, and out[i] is meaningless but the others are right. Constant time, also in which points are valid.
 * `valid` has room for n rounded up to four. `scratch` holds `ristrettoBatchScratch(n)` bytes; the caller wipes it, and
 * calls `wipeMultiplyScratch`. out must not overlap points.
 *
 * Encoding a point takes an inverse square root of its own, but the double of a point can be encoded with an inverse,
 * which a batch shares: so each scalar is halved modulo ℓ first, and the encoding doubles.
 */
export function multiplyBatchInternal(
  out: usize,
  scalars: usize,
  scalarStride: i32,
  points: usize,
  n: i32,
  valid: usize,
  scratch: usize,
): void {
  for (let i = 0; i < n; i += 4) {
    const group = scratch + GROUP_BYTES * usize(i >> 2);
    for (let lane: i32 = 0; lane < 4; lane++) {
      halveReduced(halved, scalars + scalarStride * min(i + lane, n - 1));
      recode(digits + 4 * usize(lane), 16, halved);
    }
    const last = n - 1;
    const mask = decode4(
      product,
      points + 32 * i,
      points + 32 * min(i + 1, last),
      points + 32 * min(i + 2, last),
      points + 32 * min(i + 3, last),
    );
    v128.store(valid + 4 * i, mask);
    multiplyFour();
    prepareEncoding(group, product);
    // Products for Montgomery's trick. A zero would spoil all the others, so it counts as one.
    const zero = isZero4(group + EGFH);
    move4(group + EGFH, lanesOne, zero);
    if (i === 0) copy4(group + BEFORE, lanesOne);
    else {
      const previous = group - GROUP_BYTES;
      mul4(group + BEFORE, previous + BEFORE, previous + EGFH);
    }
  }
  const lastGroup = scratch + GROUP_BYTES * usize((n - 1) >> 2);
  mul4(product, lastGroup + BEFORE, lastGroup + EGFH);
  invertLanes(product);
  for (let i = (n - 1) & ~3; i >= 0; i -= 4) {
    const group = scratch + GROUP_BYTES * usize(i >> 2);
    mul4(selected, product, group + BEFORE);
    mul4(product, product, group + EGFH);
    finishEncoding(encodings, group, selected);
    memory.copy(out + 32 * i, encodings, 32 * min(4, n - i));
  }
}

/** product = digits · product for four points. */
function multiplyFour(): void {
  multiplesTable4(table, product);
  setIdentities4(product);
  selectCached4(selected, table, v128.load(digits + 16 * (DIGITS - 1)));
  addCached4(product, selected, false);
  for (let i: i32 = DIGITS - 2; i >= 0; i--) {
    doublePoints4(product, false);
    doublePoints4(product, false);
    doublePoints4(product, false);
    doublePoints4(product, true);
    selectCached4(selected, table, v128.load(digits + 16 * i));
    addCached4(product, selected, i === 0);
  }
}

// The double of (X : Y : Z : T) has x' = e/f and y' = g/h with e = 2XY, f = Z² + dT², g = Y² + X², h = Z² − dT², that
// is X' = e·h, Y' = g·f, Z' = f·h, T' = e·g. By the curve's equation f = Y² − X² too, so h² = f² − d·e² and
// g² = f² + e². ENCODE's u₁ = Z'² − Y'² = f²·(h² − g²) is then (a − d)·(e·f)², a square but for a constant: its root
// needs only 1/√(a − d), and what is left to invert is Z' and T'.
function prepareEncoding(group: usize, p: usize): void {
  square4(group + F, p + 320); // Z²
  square4(group + H, p + 480); // T²
  mul4(group + BEFORE, group + H, lanesD); // d·T²
  subtract4(group + H, group + F, group + BEFORE);
  add4(group + F, group + F, group + BEFORE);
  square4(group + G, p);
  square4(group + E, p + 160);
  add4(group + G, group + G, group + E);
  add4(group + BEFORE, p, p);
  mul4(group + E, group + BEFORE, p + 160);
  mul4(group + EG, group + E, group + G);
  mul4(group + FH, group + F, group + H);
  mul4(group + EGFH, group + EG, group + FH);
}

// With i = 1/(e·g·f·h): 1/Z' = e·g·i and 1/T' = f·h·i. ENCODE rotates the point by a fourth root of unity if
// T'/Z' = x'·y' is negative, which turns (e, g, h) into (g, −e, √−1·f) and the constant 1/√(a − d) into √−1. It makes x'
// nonnegative, by the sign of g, and s = |(Z' − Y')/(√(a − d)·e·f)| = |(h − g) · constant · g / T'|. Where e·g = 0 the
// double is in the identity's coset: i = 0 there, and s = 0 is the identity's encoding.
function finishEncoding(bytes: usize, group: usize, inverse: usize): void {
  const e = group + E;
  const f = group + F;
  const g = group + G;
  const h = group + H;
  const zInverse = group + BEFORE;
  const tInverse = group + EGFH;
  const x = group + EG;
  const constant = group + FH;
  // e·g·f·h = 0 only if e·g = 0, as Z' = f·h is never 0.
  clearIf4(inverse, isZero4(group + EG));
  mul4(zInverse, group + EG, inverse);
  mul4(tInverse, group + FH, inverse);
  mul4(x, group + EG, zInverse);
  const rotate = isNegative4(x);
  copy4(constant, lanesInvSqrtAMinusD);
  move4(constant, lanesSqrtMinusOne, rotate);
  mul4(f, f, lanesSqrtMinusOne);
  negate4(x, e);
  move4(e, g, rotate);
  move4(g, x, rotate);
  move4(h, f, rotate);
  mul4(x, h, e);
  mul4(x, x, zInverse);
  negateIf4(g, isNegative4(x));
  subtract4(h, h, g);
  mul4(x, g, tInverse);
  mul4(x, x, constant);
  mul4(x, x, h);
  absolute4(x);
  toBytes4(bytes, x);
}

/**
 * Writes the encodings of the **doubles** of four points side by side, 32 bytes each, one after the other. The caller calls
 * `wipeMultiplyScratch`.
 */
export function encodeDoubles4(bytes: usize, points: usize): void {
  const group = table + 3 * LANES_BYTES; // Behind what `invertLanes` uses.
  prepareEncoding(group, points);
  copy4(selected, group + EGFH);
  move4(selected, lanesOne, isZero4(group + EGFH));
  invertLanes(selected);
  finishEncoding(bytes, group, selected);
}

/** Replaces four nonzero numbers by their inverses, with one inversion: 1/a = (bcd)/(abcd), and so on. */
function invertLanes(p: usize): void {
  const a = table;
  const b = table + FE_BYTES;
  const c = table + 2 * FE_BYTES;
  const d = table + 3 * FE_BYTES;
  const ab = table + 4 * FE_BYTES;
  const cd = table + 5 * FE_BYTES;
  const all = table + 6 * FE_BYTES;
  const inverse = table + 7 * FE_BYTES;
  toBytes4(encodings, p);
  for (let i: usize = 0; i < 4; i++) feFromBytes(table + FE_BYTES * i, encodings + 32 * i);
  feMultiply(ab, a, b);
  feMultiply(cd, c, d);
  feMultiply(all, ab, cd);
  feInvert(inverse, all);
  feMultiply(all, inverse, ab); // 1/(cd)
  feMultiply(inverse, inverse, cd); // 1/(ab)
  feMultiply(ab, all, d);
  feMultiply(cd, all, c);
  feMultiply(all, inverse, b);
  feMultiply(inverse, inverse, a);
  feToBytes(encodings, all);
  feToBytes(encodings + 32, inverse);
  feToBytes(encodings + 64, ab);
  feToBytes(encodings + 96, cd);
  fromBytes4(p, encodings);
}

/** Wipes what the functions of this file leave behind, but for what a caller of `multiplyBatchInternal` gave them. */
export function wipeMultiplyScratch(): void {
  memory.fill(digits, 0, 1024);
  memory.fill(table, 0, 5120);
  memory.fill(product, 0, 640);
  memory.fill(selected, 0, 640);
  memory.fill(halved, 0, 32);
  memory.fill(encodings, 0, 128);
  wipePoints4Scratch();
  wipeRistrettoScratch();
}

/** Writes k = Σ dᵢ·16ⁱ with −8 ≤ dᵢ < 8 as 64 numbers of 32 bits, `stride` bytes apart, for k < 2²⁵⁵. */
function recode(out: usize, stride: usize, scalar: usize): void {
  let carry: i32 = 0;
  for (let i: usize = 0; i < 32; i++) {
    const byte = i32(load<u8>(scalar + i));
    const low = (byte & 15) + carry;
    carry = (low + 8) >> 4;
    store<i32>(out, low - (carry << 4));
    out += stride;
    const high = (byte >> 4) + carry;
    carry = (high + 8) >> 4;
    store<i32>(out, high - (carry << 4));
    out += stride;
  }
}
