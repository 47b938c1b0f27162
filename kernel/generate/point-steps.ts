// Generates the steps between the products of `assembly/point.ts`, where the four lanes are the coordinates of one point,
// and the constant-time table lookups. They are short, but half as fast when written as loops.
import { at, type Body, generateFunction, generateVectorFunction, put, VECTORS } from "./body.ts";

/** Entries of a table that is read whole: the multiples 1 … 8 of a point. */
const ENTRIES = 8;

/** Masks of the functions below, and the functions. */
export function generatePointSteps(): string[] {
  return [
    [mask("lane0", [0]), mask("lane3", [3]), mask("lanes01", [0, 1]), mask("lanes02", [0, 2])].join("\n"),
    [mask("lanes03", [0, 3]), mask("lanes023", [0, 2, 3])].join("\n"),

    generateVectorFunction("doublingSums(out: usize, p: usize)", "out = (X, Y, Z, X + Y).", (body, i) => {
      const v = body.name(at("p", i));
      const y = `v128.and(${lanes(v, 1, 1, 1, 1)}, v128.load(lane3))`;
      body.emit(put("out", i, `i16x8.add(${lanes(v, 0, 1, 2, 0)}, ${y})`));
    }),

    generateVectorFunction(
      "doublingFactors(left: usize, right: usize, squares: usize)",
      "From (A, B, Z², S): left = (F, H, F, H), not reduced, and right = (E, G, G, E). See `doublePoint`.",
      (body, i) => {
        const v = body.name(at("squares", i));
        const a = body.name(lanes(v, 0, 0, 0, 0));
        const b = body.name(lanes(v, 1, 1, 1, 1));
        const h = body.name(`i16x8.add(${a}, ${b})`);
        const g = body.name(`i16x8.sub(${a}, ${b})`);
        const z = body.name(`v128.and(${lanes(v, 2, 2, 2, 2)}, v128.load(lanes02))`);
        const s = body.name(`v128.and(${lanes(v, 3, 3, 3, 3)}, v128.load(lanes03))`);
        body.emit(put("left", i, `i16x8.add(i16x8.shl(${z}, 1), v128.shuffle<i32>(${g}, ${h}, 0, 5, 2, 7))`));
        body.emit(put("right", i, `i16x8.sub(v128.shuffle<i32>(${h}, ${g}, 0, 5, 6, 3), ${s})`));
      },
    ),

    generateVectorFunction("additionSums(out: usize, p: usize)", "out = (Y − X, Y + X, Z, T).", (body, i) => {
      const v = body.name(at("p", i));
      const x = body.name(`v128.and(${lanes(v, 0, 0, 0, 0)}, v128.load(lanes01))`);
      body.emit(put("out", i, `i16x8.add(${lanes(v, 1, 1, 2, 3)}, ${negateWhere(x, "v128.load(lane0)")})`));
    }),

    generateVectorFunction(
      "additionFactors(left: usize, right: usize, products: usize)",
      "From (A, B, D, C): left = (E, G, F, E) and right = (F, H, G, H). See `addCached`.",
      (body, i) => {
        const v = body.name(at("products", i));
        const u = body.name(lanes(v, 0, 3, 3, 0));
        body.emit(put("left", i, `i16x8.add(${lanes(v, 1, 2, 2, 1)}, ${negateWhere(u, "v128.load(lanes023)")})`));
        const w = body.name(lanes(v, 3, 0, 3, 0));
        body.emit(put("right", i, `i16x8.add(${lanes(v, 2, 1, 2, 1)}, ${negateWhere(w, "v128.load(lane0)")})`));
      },
    ),

    generateFunction(
      "selectCached(out: usize, table: usize, digit: i32)",
      "out = digit · P from eight cached multiples of P, −8 ≤ digit ≤ 8. Reads the whole table whatever the digit.",
      (body) => {
        body.emit("const sign = digit >> 31;");
        body.emit("const negative = i32x4.splat(sign);");
        body.emit("const magnitude = i32x4.splat((digit ^ sign) - sign);");
        emitMasks(body);
        // The identity is cached as (1, 1, 2, 0): only limb 0 differs from nothing.
        const identity = body.name("v128.and(i32x4.eq(magnitude, i32x4.splat(0)), i32x4(1, 1, 2, 0))");
        for (let i = 0; i < VECTORS; i++) {
          const found = selected(body, i, 160, i === 0 ? identity : undefined);
          // The negative has its first two lanes exchanged and its fourth negated.
          const exchanged = body.name(`v128.bitselect(${lanes(found, 1, 0, 2, 3)}, ${found}, negative)`);
          body.emit(put("out", i, negateWhere(exchanged, "v128.and(negative, v128.load(lane3))")));
        }
      },
    ),

    generateFunction(
      "selectLanes(out: usize, table: usize, magnitude: v128)",
      "In each lane out = entry `magnitude`, counted from 1, of eight numbers 640 bytes apart; 0 for 0. Reads them all.",
      (body) => {
        emitMasks(body);
        for (let i = 0; i < VECTORS; i++) body.emit(put("out", i, selected(body, i, 640)));
      },
    ),
  ];
}

function mask(name: string, set: readonly number[]): string {
  return `const ${name}: usize = memory.data<i32>([${[0, 1, 2, 3].map((lane) => (set.includes(lane) ? -1 : 0)).join(", ")}], 16);`;
}

function lanes(v: string, ...order: readonly number[]): string {
  return `v128.shuffle<i32>(${v}, ${v}, ${order.join(", ")})`;
}

function negateWhere(v: string, where: string): string {
  return `i16x8.sub(v128.xor(${v}, ${where}), ${where})`;
}

function emitMasks(body: Body): void {
  for (let j = 1; j <= ENTRIES; j++) body.emit(`const m${j} = i32x4.eq(magnitude, i32x4.splat(${j}));`);
}

/** One vector of the entry that the masks pick, or `otherwise`, which must be 0 where a mask is set. */
function selected(body: Body, vector: number, stride: number, otherwise?: string): string {
  let found = otherwise;
  for (let j = 1; j <= ENTRIES; j++) {
    const entry = `v128.and(m${j}, v128.load(table, ${stride * (j - 1) + 16 * vector}))`;
    found = body.name(found === undefined ? entry : `v128.or(${found}, ${entry})`);
  }
  return found as string; // There are entries.
}
