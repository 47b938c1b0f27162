// One point of edwards25519 with its coordinates side by side: X, Y, Z, T in the four lanes of one `lanes` value, 160
// bytes, so that the four products of each half of a formula run as one. Formulas of Hisil, Wong, Carter and Dawson,
// "Twisted Edwards Curves Revisited" (2008), §4, for a = −1: complete, so the identity and small orders need no care.
//
// A *cached* point is (Y − X, Y + X, 2Z, 2dT), what an addition needs of its second operand. Its negative is found by
// exchanging the first two lanes and negating the fourth.
import { additionFactors, additionSums, doublingFactors, doublingSums, lanesOneOneTwoTwoD } from "./generated/field";
import { mul4, reduce4, square4 } from "./lanes";

export { selectCached } from "./generated/field";

/** Bytes of a point in either form. */
export const POINT_BYTES: usize = 160;

const left: usize = memory.data(160, 16);
const right: usize = memory.data(160, 16);
const products: usize = memory.data(160, 16);

/** Wipes the temporaries of this file. */
export function wipePointScratch(): void {
  memory.fill(left, 0, 160);
  memory.fill(right, 0, 160);
  memory.fill(products, 0, 160);
}

function negateWhere(vector: v128, mask: v128): v128 {
  return i16x8.sub(v128.xor(vector, mask), mask);
}

/** p = the identity (0 : 1 : 1 : 0). */
export function setIdentity(p: usize): void {
  memory.fill(p, 0, POINT_BYTES);
  v128.store(p, i32x4(0, 1, 1, 0));
}

/**
 * p = 2·p. With A = X², B = Y², S = (X + Y)²: E = A + B − S = −2XY, G = A − B, H = A + B, F = 2Z² + G; the result is
 * (EF : GH : FG : EH).
 */
export function doublePoint(p: usize): void {
  doublingSums(left, p);
  square4(products, left);
  doublingFactors(left, right, products);
  reduce4(left, left); // F is a sum of four, E a sum of three.
  mul4(p, left, right);
}

/**
 * p = p + q for a cached q. With A = (Y₁ − X₁)(Y₂ − X₂), B = (Y₁ + X₁)(Y₂ + X₂), C = 2d·T₁T₂, D = 2·Z₁Z₂: E = B − A,
 * F = D − C, G = D + C, H = B + A; the result is (EF : GH : FG : EH).
 */
export function addCached(p: usize, q: usize): void {
  additionSums(left, p);
  mul4(products, left, q);
  additionFactors(left, right, products);
  mul4(p, left, right);
}

/** out = p in cached form. */
export function toCached(out: usize, p: usize): void {
  additionSums(left, p);
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
