// One point of edwards25519 with its coordinates side by side: X, Y, Z, T in the four lanes of one `lanes` value, 160
// bytes, so that the four products of each half of a formula run as one. Formulas of Hisil, Wong, Carter and Dawson,
// "Twisted Edwards Curves Revisited" (2008), §4, for a = −1: complete, so the identity and small orders need no care.
//
// A *cached* point is (Y − X, Y + X, 2Z, 2dT), what an addition needs of its second operand. Its negative is found by
// exchanging the first two lanes and negating the fourth.
import { lanesOneOneTwoTwoD } from "./generated/field";
import { copy4, mul4, reduce4, square4 } from "./lanes";

/** Bytes of a point in either form. */
export const POINT_BYTES: usize = 160;

const left: usize = memory.data(160, 16);
const right: usize = memory.data(160, 16);

/** Wipes the temporaries of this file. */
export function wipePointScratch(): void {
  memory.fill(left, 0, 160);
  memory.fill(right, 0, 160);
}

function negateWhere(vector: v128, mask: v128): v128 {
  return i16x8.sub(v128.xor(vector, mask), mask);
}

/** p = the identity (0 : 1 : 1 : 0). */
export function setIdentity(p: usize): void {
  memory.fill(p, 0, POINT_BYTES);
  v128.store(p, i32x4(0, 1, 1, 0));
}

/** p = 2·p. With A = X², B = Y²: E = −2XY, G = A − B, H = A + B, F = 2Z² + G; the result is (EF : GH : FG : EH). */
export function doublePoint(p: usize): void {
  const lastLane = i32x4(0, 0, 0, -1);
  for (let i: usize = 0; i < 160; i += 16) {
    const v = v128.load(p + i); // (X, Y, Z, T) → (X, Y, Z, X + Y)
    const xs = v128.shuffle<i32>(v, v, 0, 1, 2, 0);
    const y = v128.and(v128.shuffle<i32>(v, v, 1, 1, 1, 1), lastLane);
    v128.store(left + i, i16x8.add(xs, y));
  }
  square4(right, left);
  const outer = i32x4(-1, 0, 0, -1);
  const even = i32x4(-1, 0, -1, 0);
  for (let i: usize = 0; i < 160; i += 16) {
    const v = v128.load(right + i); // (A, B, Z², (X + Y)²)
    const a = v128.shuffle<i32>(v, v, 0, 0, 0, 0);
    const b = v128.shuffle<i32>(v, v, 1, 1, 1, 1);
    const h = i16x8.add(a, b);
    const g = i16x8.sub(a, b);
    const z = v128.and(v128.shuffle<i32>(v, v, 2, 2, 2, 2), even);
    const s = v128.and(v128.shuffle<i32>(v, v, 3, 3, 3, 3), outer);
    v128.store(left + i, i16x8.add(i16x8.shl(z, 1), v128.shuffle<i32>(g, h, 0, 5, 2, 7))); // (F, H, F, H)
    v128.store(right + i, i16x8.sub(v128.shuffle<i32>(h, g, 0, 5, 6, 3), s)); // (E, G, G, E)
  }
  reduce4(left, left); // F is a sum of four, E a sum of three.
  mul4(p, left, right);
}

/** Stores (Y − X, Y + X, Z, T) of p. */
function sumAndDifference(out: usize, p: usize): void {
  const firstLane = i32x4(-1, 0, 0, 0);
  const firstTwo = i32x4(-1, -1, 0, 0);
  for (let i: usize = 0; i < 160; i += 16) {
    const v = v128.load(p + i);
    const x = v128.and(v128.shuffle<i32>(v, v, 0, 0, 0, 0), firstTwo);
    v128.store(out + i, i16x8.add(v128.shuffle<i32>(v, v, 1, 1, 2, 3), negateWhere(x, firstLane)));
  }
}

/**
 * p = p + q for a cached q. With A = (Y₁ − X₁)(Y₂ − X₂), B = (Y₁ + X₁)(Y₂ + X₂), C = 2d·T₁T₂, D = 2·Z₁Z₂: E = B − A,
 * F = D − C, G = D + C, H = B + A; the result is (EF : GH : FG : EH).
 */
export function addCached(p: usize, q: usize): void {
  sumAndDifference(left, p);
  mul4(right, left, q);
  const notSecond = i32x4(-1, 0, -1, -1);
  const firstLane = i32x4(-1, 0, 0, 0);
  for (let i: usize = 0; i < 160; i += 16) {
    const v = v128.load(right + i); // (A, B, D, C)
    const u1 = v128.shuffle<i32>(v, v, 1, 2, 2, 1);
    const u2 = v128.shuffle<i32>(v, v, 0, 3, 3, 0);
    v128.store(left + i, i16x8.add(u1, negateWhere(u2, notSecond))); // (E, G, F, E)
    const w1 = v128.shuffle<i32>(v, v, 2, 1, 2, 1);
    const w2 = v128.shuffle<i32>(v, v, 3, 0, 3, 0);
    v128.store(right + i, i16x8.add(w1, negateWhere(w2, firstLane))); // (F, H, G, H)
  }
  mul4(p, left, right);
}

/** out = p in cached form. */
export function toCached(out: usize, p: usize): void {
  sumAndDifference(left, p);
  mul4(out, left, lanesOneOneTwoTwoD);
}

/** out = −q for a cached q. */
export function negateCached(out: usize, q: usize): void {
  const lastLane = i32x4(0, 0, 0, -1);
  for (let i: usize = 0; i < 160; i += 16) {
    const v = v128.load(q + i);
    v128.store(out + i, negateWhere(v128.shuffle<i32>(v, v, 1, 0, 2, 3), lastLane));
  }
}

/** Eight cached multiples 1·p … 8·p at `table`, 1 280 bytes. p is changed. */
export function multiplesTable(table: usize, p: usize): void {
  toCached(table, p);
  for (let j: usize = 1; j < 8; j++) {
    addCached(p, table);
    toCached(table + POINT_BYTES * j, p);
  }
}

/** out = digit · P from the table of its multiples, −8 ≤ digit ≤ 8. Reads the whole table whatever the digit. */
export function selectCached(out: usize, table: usize, digit: i32): void {
  const sign = digit >> 31;
  const magnitude = i32x4.splat((digit ^ sign) - sign);
  const negative = i32x4.splat(sign);
  const negativeLast = v128.and(negative, i32x4(0, 0, 0, -1));
  const m1 = i32x4.eq(magnitude, i32x4.splat(1));
  const m2 = i32x4.eq(magnitude, i32x4.splat(2));
  const m3 = i32x4.eq(magnitude, i32x4.splat(3));
  const m4 = i32x4.eq(magnitude, i32x4.splat(4));
  const m5 = i32x4.eq(magnitude, i32x4.splat(5));
  const m6 = i32x4.eq(magnitude, i32x4.splat(6));
  const m7 = i32x4.eq(magnitude, i32x4.splat(7));
  const m8 = i32x4.eq(magnitude, i32x4.splat(8));
  // The identity is cached as (1, 1, 2, 0): only limb 0 differs from nothing.
  let found = v128.and(i32x4.eq(magnitude, i32x4.splat(0)), i32x4(1, 1, 2, 0));
  for (let i: usize = 0; i < 160; i += 16) {
    const t = table + i;
    found = v128.or(found, v128.and(m1, v128.load(t)));
    found = v128.or(found, v128.and(m2, v128.load(t, 160)));
    found = v128.or(found, v128.and(m3, v128.load(t, 320)));
    found = v128.or(found, v128.and(m4, v128.load(t, 480)));
    found = v128.or(found, v128.and(m5, v128.load(t, 640)));
    found = v128.or(found, v128.and(m6, v128.load(t, 800)));
    found = v128.or(found, v128.and(m7, v128.load(t, 960)));
    found = v128.or(found, v128.and(m8, v128.load(t, 1120)));
    const exchanged = v128.shuffle<i32>(found, found, 1, 0, 2, 3);
    v128.store(out + i, negateWhere(v128.bitselect(exchanged, found, negative), negativeLast));
    found = i32x4.splat(0);
  }
}

/** out = p. */
export function copyPoint(out: usize, p: usize): void {
  copy4(out, p);
}
