// Four points of edwards25519 at once: X, Y, Z and T of all four, each in one `lanes` value, 640 bytes. The formulas are
// those of point.ts, without shuffles. Used where there are many points: one instruction serves four of them.
import { lanesTwoD, selectLanes } from "./generated/field";
import { add4, mul4, reduce4, square4, subtract4 } from "./lanes";

/** Bytes of four points, in extended or cached form. */
export const POINTS4_BYTES: usize = 640;

const a: usize = memory.data(160, 16);
const b: usize = memory.data(160, 16);
const c: usize = memory.data(160, 16);
const e: usize = memory.data(160, 16);
const f: usize = memory.data(160, 16);
const g: usize = memory.data(160, 16);
const h: usize = memory.data(160, 16);

/** Wipes the temporaries of this file. */
export function wipePoints4Scratch(): void {
  memory.fill(a, 0, 160);
  memory.fill(b, 0, 160);
  memory.fill(c, 0, 160);
  memory.fill(e, 0, 160);
  memory.fill(f, 0, 160);
  memory.fill(g, 0, 160);
  memory.fill(h, 0, 160);
}

/** p = four identities (0 : 1 : 1 : 0). */
export function setIdentities4(p: usize): void {
  memory.fill(p, 0, POINTS4_BYTES);
  v128.store(p, i32x4.splat(1), 160);
  v128.store(p, i32x4.splat(1), 320);
}

/** p = 2·p. T is neither read nor, unless `withT`, written: another doubling does not need it. */
export function doublePoints4(p: usize, withT: bool): void {
  square4(a, p);
  square4(b, p + 160);
  square4(c, p + 320);
  add4(e, p, p + 160);
  square4(e, e);
  for (let i: usize = 0; i < 160; i += 16) {
    const xx = v128.load(a + i);
    const yy = v128.load(b + i);
    const sum = i16x8.add(xx, yy);
    const difference = i16x8.sub(xx, yy);
    v128.store(h + i, sum);
    v128.store(e + i, i16x8.sub(sum, v128.load(e + i)));
    v128.store(g + i, difference);
    v128.store(f + i, i16x8.add(i16x8.shl(v128.load(c + i), 1), difference));
  }
  reduce4(f, f);
  mul4(p, e, f);
  mul4(p + 160, g, h);
  mul4(p + 320, f, g);
  if (withT) mul4(p + 480, e, h);
}

/** p = p + q for four cached q. T is not written unless `withT`. */
export function addCached4(p: usize, q: usize, withT: bool): void {
  for (let i: usize = 0; i < 160; i += 16) {
    const x = v128.load(p + i);
    const y = v128.load(p + i, 160);
    v128.store(a + i, i16x8.sub(y, x));
    v128.store(b + i, i16x8.add(y, x));
  }
  mul4(a, a, q);
  mul4(b, b, q + 160);
  mul4(c, p + 480, q + 480);
  mul4(f, p + 320, q + 320);
  for (let i: usize = 0; i < 160; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    const vc = v128.load(c + i);
    const vd = v128.load(f + i);
    v128.store(e + i, i16x8.sub(vb, va));
    v128.store(h + i, i16x8.add(vb, va));
    v128.store(f + i, i16x8.sub(vd, vc));
    v128.store(g + i, i16x8.add(vd, vc));
  }
  mul4(p, e, f);
  mul4(p + 160, g, h);
  mul4(p + 320, f, g);
  if (withT) mul4(p + 480, e, h);
}

/** out = p in cached form: (Y − X, Y + X, 2Z, 2dT), all but the last sums of two. out must not be p. */
export function toCached4(out: usize, p: usize): void {
  subtract4(out, p + 160, p);
  add4(out + 160, p + 160, p);
  add4(out + 320, p + 320, p + 320);
  mul4(out + 480, p + 480, lanesTwoD);
}

/** Eight times four cached multiples 1·p … 8·p at `table`, 5 120 bytes. p is changed. */
export function multiplesTable4(table: usize, p: usize): void {
  toCached4(table, p);
  for (let j: usize = 1; j < 8; j++) {
    addCached4(p, table, true);
    toCached4(table + POINTS4_BYTES * j, p);
  }
}

/** out = digit · P in each lane, from `table`, −8 ≤ digits ≤ 8. Reads the whole table whatever the digits. */
export function selectCached4(out: usize, table: usize, digits: v128): void {
  const negative = i32x4.shr_s(digits, 31);
  const magnitude = i32x4.sub(v128.xor(digits, negative), negative);
  for (let i: usize = 0; i < 640; i += 160) selectLanes(out + i, table + i, magnitude);
  // The identity is cached as (1, 1, 2, 0).
  const one = v128.and(i32x4.eq(magnitude, i32x4.splat(0)), i32x4.splat(1));
  v128.store(out, v128.or(v128.load(out), one));
  v128.store(out, v128.or(v128.load(out, 160), one), 160);
  v128.store(out, v128.or(v128.load(out, 320), i32x4.shl(one, 1)), 320);
  for (let i: usize = 0; i < 160; i += 16) {
    const minus = v128.load(out + i);
    const plus = v128.load(out + i, 160);
    v128.store(out + i, v128.bitselect(plus, minus, negative));
    v128.store(out + i, v128.bitselect(minus, plus, negative), 160);
    v128.store(out + i, i16x8.sub(v128.xor(v128.load(out + i, 480), negative), negative), 480);
  }
}

/**
 * Turns four points with a lanes value for each coordinate into four of point.ts, `stride` bytes apart, or back (with a
 * stride of 160): a transposition.
 */
export function transposePoints4(out: usize, stride: usize, p: usize): void {
  const out1 = out + stride;
  const out2 = out1 + stride;
  const out3 = out2 + stride;
  for (let i: usize = 0; i < 160; i += 16) {
    const x = v128.load(p + i);
    const y = v128.load(p + i, 160);
    const z = v128.load(p + i, 320);
    const t = v128.load(p + i, 480);
    const xy01 = v128.shuffle<i32>(x, y, 0, 4, 1, 5);
    const xy23 = v128.shuffle<i32>(x, y, 2, 6, 3, 7);
    const zt01 = v128.shuffle<i32>(z, t, 0, 4, 1, 5);
    const zt23 = v128.shuffle<i32>(z, t, 2, 6, 3, 7);
    v128.store(out + i, v128.shuffle<i32>(xy01, zt01, 0, 1, 4, 5));
    v128.store(out1 + i, v128.shuffle<i32>(xy01, zt01, 2, 3, 6, 7));
    v128.store(out2 + i, v128.shuffle<i32>(xy23, zt23, 0, 1, 4, 5));
    v128.store(out3 + i, v128.shuffle<i32>(xy23, zt23, 2, 3, 6, 7));
  }
}
