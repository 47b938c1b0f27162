// Arithmetic modulo p = 2²⁵⁵ − 19 below the group: both forms of a number against BigInt, over random limbs and limbs at
// the ends of their bounds. The shipped module exports none of it, so a small module of it is compiled here.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { beforeAll, describe, expect, test } from "vitest";
import { generateField } from "../generate/field.ts";
import { compile, Instance } from "../src/instance.ts";
import { randomBytesFrom, seed } from "./random.ts";

const P = 2n ** 255n - 19n;
const RUNS = 10_000;
/** Each run over lanes has four operands. */
const LANES_RUNS = RUNS / 4;
/** A reduced limb's bound, and the largest for which products are promised: 20·LARGEST² and its folds stay below 2³¹. */
const REDUCED = 4130;
const LARGEST = 10_290;

const PROBE = `
import { add4, fromBytes4, invert4, invSqrt4, isNegative4, isZero4, mul4, reduce4, square4, subtract4, toBytes4 } from "./lanes";
import { feAdd, feFromBytes, feInvert, feInvSqrt, feIsNegative, feIsZero, feMultiply, feSqrtRatio, feSquareTimes,
  feSubtract, feToBytes, isNonnegativeEncoding } from "./field";
export { ioBase } from "./memory";
export { add4, fromBytes4, invert4, mul4, reduce4, square4, subtract4, toBytes4 };
export { feAdd, feFromBytes, feInvert, feInvSqrt, feIsNegative, feIsZero, feMultiply, feSqrtRatio, feSquareTimes,
  feSubtract, feToBytes, isNonnegativeEncoding };
export function isNegativeMask4(out: usize, a: usize): void { v128.store(out, isNegative4(a)); }
export function isZeroMask4(out: usize, a: usize): void { v128.store(out, isZero4(a)); }
export function invSqrtMask4(out: usize, root: usize, a: usize): void { v128.store(out, invSqrt4(root, a)); }

const a: usize = memory.data(160, 16);
const b: usize = memory.data(160, 16);
const product: usize = memory.data(160, 16);
const square: usize = memory.data(160, 16);
const bytes: usize = memory.data(512, 16);
const elements: usize = memory.data(192, 16);
let state: u64 = 0;

function next(): u64 { // xorshift64*
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 2685821657736338717;
}
function fill(out: usize, bound: i32, extreme: bool): void {
  for (let i: usize = 0; i < 160; i += 2) {
    const random = next() >> 16;
    const limb = extreme ? (random & 1 ? bound : -bound) : i32(random % u64(2 * bound + 1)) - bound;
    store<i16>(out + i, i16(limb));
  }
}
function isReduced(p: usize, bound: i32): bool {
  for (let i: usize = 0; i < 160; i += 2) if (abs(i32(load<i16>(p + i))) > bound) return false;
  return true;
}
/** Runs of mul4 and square4 on limbs within the bound, against elements. How many came out wrong. */
export function compareProducts(seed: u64, runs: i32, bound: i32): i32 {
  state = seed | 1;
  let wrong = 0;
  for (let run = 0; run < runs; run++) {
    fill(a, bound, (run & 15) === 0);
    fill(b, bound, (run & 15) < 2);
    mul4(product, a, b);
    square4(square, a);
    toBytes4(bytes, a);
    toBytes4(bytes + 128, b);
    toBytes4(bytes + 256, product);
    toBytes4(bytes + 384, square);
    let ok = isReduced(product, ${REDUCED}) && isReduced(square, ${REDUCED});
    for (let lane: usize = 0; lane < 4; lane++) {
      feFromBytes(elements, bytes + 32 * lane);
      feFromBytes(elements + 48, bytes + 128 + 32 * lane);
      feMultiply(elements + 48, elements, elements + 48);
      feSquareTimes(elements, elements, 1);
      feToBytes(elements + 96, elements + 48);
      ok = ok && memory.compare(elements + 96, bytes + 256 + 32 * lane, 32) === 0;
      feToBytes(elements + 96, elements);
      ok = ok && memory.compare(elements + 96, bytes + 384 + 32 * lane, 32) === 0;
    }
    if (!ok) wrong++;
  }
  return wrong;
}
`;

// Where operands and results lie: above everything static in the probe.
const [A, B, OUT, MASK] = [1 << 16, (1 << 16) + 1024, (1 << 16) + 2048, (1 << 16) + 3072];

let probe: Record<string, (...args: (number | bigint)[]) => number>;
let memory: DataView;

beforeAll(async () => {
  const assembly = fileURLToPath(new URL("../assembly", import.meta.url));
  const sources: Record<string, string> = { "probe.ts": PROBE, "generated/field.ts": generateField() };
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main(
    ["probe.ts", "--outFile", "probe.wasm", "--runtime", "stub", "--enable", "simd", "-O3", "--noAssert"].concat(
      "--initialMemory",
      "4",
    ),
    {
      readFile: async (name) => sources[name] ?? (await readFile(`${assembly}/${name}`, "utf8").catch(() => null)),
      writeFile: (_, contents) => {
        wasm = contents as Uint8Array<ArrayBuffer>; // The one output is binary.
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(stderr.toString(), { cause: error });
  const instance = new Instance(compile(wasm));
  probe = instance.exports as typeof probe; // The functions of PROBE.
  memory = new DataView(instance.memory.buffer);
});

const random = randomBytesFrom("field");
const mod = (x: bigint): bigint => ((x % P) + P) % P;
const integer = (low: number, high: number): number => {
  const bytes = random(4);
  return low + (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) % (high - low + 1));
};

/** Twenty limbs within the bound: random, all at an end, or mostly zeros. */
function randomLimbs(bound: number): number[] {
  const kind = integer(0, 3);
  return Array.from({ length: 20 }, () => {
    if (kind === 0) return integer(0, 1) === 0 ? bound : -bound;
    if (kind === 1) return integer(0, 4) === 0 ? integer(-bound, bound) : 0;
    return integer(-bound, bound);
  });
}

const evaluate = (limbs: readonly number[], bits: (i: number) => number): bigint => {
  let shift = 0n;
  let sum = 0n;
  limbs.forEach((limb, i) => {
    sum += BigInt(limb) << shift;
    shift += BigInt(bits(i));
  });
  return mod(sum);
};

/** Four random numbers in lanes at `address`; their values. */
function putLanes(address: number, bound: number): bigint[] {
  return [0, 1, 2, 3].map((lane) => putLane(address, lane, randomLimbs(bound)));
}

function putLane(address: number, lane: number, limbs: readonly number[]): bigint {
  limbs.forEach((limb, i) => {
    memory.setInt16(address + 16 * (i >> 1) + 4 * lane + 2 * (i & 1), limb, true);
  });
  return evaluate(limbs, () => 13);
}

function lanesAt(address: number): number[][] {
  return [0, 1, 2, 3].map((lane) =>
    Array.from({ length: 20 }, (_, i) => memory.getInt16(address + 16 * (i >> 1) + 4 * lane + 2 * (i & 1), true)),
  );
}

function putElement(address: number, scale: number): bigint {
  const extreme = integer(0, 3) === 0;
  const limbs = Array.from({ length: 10 }, (_, i) => {
    const bound = scale * 2 ** (i % 2 === 0 ? 25 : 24);
    if (extreme) return integer(0, 1) === 0 ? bound : -bound;
    return integer(-bound, bound);
  });
  limbs.forEach((limb, i) => {
    memory.setInt32(address + 4 * i, limb, true);
  });
  return evaluate(limbs, (i) => (i % 2 === 0 ? 26 : 25));
}

const elementAt = (address: number): bigint =>
  evaluate(
    Array.from({ length: 10 }, (_, i) => memory.getInt32(address + 4 * i, true)),
    (i) => (i % 2 === 0 ? 26 : 25),
  );

const bytesAt = (address: number): bigint =>
  [3, 2, 1, 0].reduce((sum, word) => (sum << 64n) | memory.getBigUint64(address + 8 * word, true), 0n);

function putBytes(address: number, value: bigint): void {
  for (let i = 0; i < 4; i++) memory.setBigUint64(address + 8 * i, BigInt.asUintN(64, value >> BigInt(64 * i)), true);
}

const call = (name: string, ...args: number[]): number => {
  const f = probe[name];
  if (f === undefined) throw new Error(`the probe has no ${name}`);
  return f(...args);
};

function expectLanes(expected: readonly bigint[], what: string): void {
  lanesAt(OUT).forEach((limbs, lane) => {
    const got = evaluate(limbs, () => 13);
    if (got !== expected[lane])
      expect.fail(`FOGBOW_SEED=${seed}: ${what}, lane ${lane}: ${got}, not ${expected[lane]}`);
  });
}

function expectMask(values: readonly bigint[], isSet: (x: bigint) => boolean): void {
  const got = values.map((_, lane) => memory.getInt32(MASK + 4 * lane, true));
  expect(got, `FOGBOW_SEED=${seed}: mask of ${values}`).toEqual(values.map((x) => (isSet(x) ? -1 : 0)));
}

function expectReduced(bound: number): void {
  for (const limb of lanesAt(OUT).flat()) if (Math.abs(limb) > bound) expect.fail(`FOGBOW_SEED=${seed}: limb ${limb}`);
}

const zip = (a: readonly bigint[], b: readonly bigint[], f: (x: bigint, y: bigint) => bigint): bigint[] =>
  a.map((x, i) => mod(f(x, b[i] as bigint))); // Equally long.

/** Numbers whose canonical form is hard to find: around multiples of p and at the ends of limbs. */
const HARD = [
  0n,
  1n,
  2n,
  18n,
  19n,
  20n,
  P - 2n,
  P - 1n,
  P,
  P + 1n,
  P + 18n,
  2n ** 255n - 1n,
  2n ** 254n,
  2n ** 253n - 1n,
];

const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n);

describe(`four numbers in lanes (FOGBOW_SEED=${seed})`, () => {
  test("products and squares of limbs up to the bound", () => {
    for (let run = 0; run < LANES_RUNS; run++) {
      const bound = [REDUCED, 2 * REDUCED, LARGEST, 1][run % 4] as number;
      const [a, b] = [putLanes(A, bound), putLanes(B, bound)];
      call("mul4", OUT, A, B);
      expectLanes(
        zip(a, b, (x, y) => x * y),
        `product, run ${run}`,
      );
      expectReduced(REDUCED);
      call("square4", OUT, A);
      expectLanes(
        zip(a, a, (x, y) => x * y),
        `square, run ${run}`,
      );
      expectReduced(REDUCED);
    }
  });

  test.each([
    ["the largest limbs", LARGEST, LARGEST],
    ["a sum of three and a sum of two", 3 * REDUCED, 2 * REDUCED],
    ["a sum of six and a reduced number", 6 * REDUCED, REDUCED],
  ])("all limbs at the bound, all of one sign: %s", (_, boundA, boundB) => {
    for (const [s, t] of [
      [1, 1],
      [1, -1],
      [-1, -1],
    ] as const) {
      const fill = (at: number, limb: number): bigint[] =>
        [0, 1, 2, 3].map((lane) => putLane(at, lane, Array(20).fill(limb)));
      const [a, b] = [fill(A, s * boundA), fill(B, t * boundB)];
      for (const [name, left, right] of [
        ["A·B", A, B],
        ["B·A", B, A],
      ] as const) {
        call("mul4", OUT, left, right);
        expectLanes(
          zip(a, b, (x, y) => x * y),
          name,
        );
        expectReduced(REDUCED);
      }
      if (boundA !== boundB) continue;
      call("square4", OUT, A);
      expectLanes(
        zip(a, a, (x, y) => x * y),
        "square",
      );
      expectReduced(REDUCED);
    }
  });

  test("operands may be overwritten by the result", () => {
    for (let run = 0; run < 100; run++) {
      for (const [left, right] of [
        [OUT, B],
        [B, OUT],
        [OUT, OUT],
      ] as const) {
        const a = putLanes(OUT, REDUCED);
        const b = putLanes(B, REDUCED);
        call("mul4", OUT, left, right);
        expectLanes(left === right ? zip(a, a, (x, y) => x * y) : zip(a, b, (x, y) => x * y), "product");
      }
      const a = putLanes(OUT, REDUCED);
      call("square4", OUT, OUT);
      expectLanes(
        zip(a, a, (x, y) => x * y),
        "square",
      );
      const c = putLanes(OUT, 4 * REDUCED);
      call("reduce4", OUT, OUT);
      expectLanes(c, "reduction");
    }
  });

  // A limb that carrying leaves at −1 before it is packed spoiled its neighbour about once in 10⁶ products.
  test("no rare carry goes wrong in millions of products", () => {
    const state = new DataView(random(8).buffer).getBigUint64(0, true);
    const compare = probe.compareProducts as (...args: (number | bigint)[]) => number; // Defined in PROBE.
    expect(compare(state, 1_000_000, REDUCED)).toBe(0);
    expect(compare(state + 2n, 100_000, 2 * REDUCED)).toBe(0);
    expect(compare(state + 4n, 100_000, LARGEST)).toBe(0);
  });

  test("sums, differences and reduction", () => {
    for (let run = 0; run < LANES_RUNS; run++) {
      const [a, b] = [putLanes(A, 2 * REDUCED), putLanes(B, 2 * REDUCED)];
      call("add4", OUT, A, B);
      expectLanes(
        zip(a, b, (x, y) => x + y),
        `sum, run ${run}`,
      );
      call("reduce4", OUT, OUT);
      expectLanes(
        zip(a, b, (x, y) => x + y),
        `reduced sum, run ${run}`,
      );
      expectReduced(5400);
      call("subtract4", OUT, A, B);
      expectLanes(
        zip(a, b, (x, y) => x - y),
        `difference, run ${run}`,
      );
    }
  });

  test("canonical bytes, sign and zero, and back", () => {
    for (let run = 0; run < LANES_RUNS; run++) {
      const a = putLanes(A, [REDUCED, 4 * REDUCED, 8191, 1][run % 4] as number);
      if (run < 4 * HARD.length * HARD.length) {
        // Hard values, as limbs that are themselves carried differently.
        const value = (HARD[run % HARD.length] as bigint) + P * BigInt((run >> 4) % 30) - 15n * P;
        a[run % 4] = putLane(A, run % 4, limbsOf(value));
      }
      call("toBytes4", B, A);
      const got = [0, 1, 2, 3].map((lane) => bytesAt(B + 32 * lane));
      expect(got, `FOGBOW_SEED=${seed}, run ${run}`).toEqual(a);
      call("isNegativeMask4", MASK, A);
      expectMask(a, (x) => (x & 1n) === 1n);
      call("isZeroMask4", MASK, A);
      expectMask(a, (x) => x === 0n);
      call("fromBytes4", OUT, B);
      expectLanes(a, `from bytes, run ${run}`);
    }
  });

  test("bytes are read as 255 bits, whatever the last one is", () => {
    for (let run = 0; run < LANES_RUNS; run++) {
      const values = [0, 1, 2, 3].map((lane) => {
        const value = run < HARD.length ? (HARD[run] as bigint) : bytesToNumber(random(32));
        putBytes(A + 32 * lane, value);
        return mod(BigInt.asUintN(255, value));
      });
      call("fromBytes4", OUT, A);
      expectLanes(values, `run ${run}`);
    }
  });

  test("inverses and inverse square roots", () => {
    for (let run = 0; run < LANES_RUNS; run++) {
      const numbers = [0, 1, 2, 3].map(() => randomSquare());
      const a = numbers.map(({ value }, lane) => putLane(A, lane, limbsOf(value)));
      call("invert4", OUT, A);
      const inverses = lanesAt(OUT).map((limbs) => evaluate(limbs, () => 13));
      expect(zip(a, inverses, (x, y) => x * y)).toEqual(a.map((x) => (x === 0n ? 0n : 1n)));
      call("invSqrtMask4", MASK, OUT, A);
      const roots = lanesAt(OUT).map((limbs) => evaluate(limbs, () => 13));
      numbers.forEach(({ value, isSquare }, lane) => {
        const expected = isSquare && value !== 0n;
        expect(memory.getInt32(MASK + 4 * lane, true)).toBe(expected ? -1 : 0);
        if (expected) expect(mod((roots[lane] as bigint) ** 2n * value)).toBe(1n);
      });
    }
  });
});

describe(`elements (FOGBOW_SEED=${seed})`, () => {
  test("products, squares, sums and differences of limbs up to four times a reduced one", () => {
    for (let run = 0; run < RUNS; run++) {
      const [a, b] = [putElement(A, [1, 2, 4][run % 3] as number), putElement(B, [1, 2, 4][(run >> 2) % 3] as number)];
      call("feMultiply", OUT, A, B);
      expect(elementAt(OUT)).toBe(mod(a * b));
      call("feSquareTimes", OUT, A, 1 + (run % 4));
      expect(elementAt(OUT)).toBe(power(a, 2n ** BigInt(1 + (run % 4))));
      call("feToBytes", OUT, OUT);
      expect(bytesAt(OUT)).toBe(power(a, 2n ** BigInt(1 + (run % 4))));
      if (run % 3 === 2) continue; // A sum of more than four would not fit.
      call("feAdd", OUT, A, B);
      expect(elementAt(OUT)).toBe(mod(a + b));
      call("feSubtract", OUT, A, B);
      expect(elementAt(OUT)).toBe(mod(a - b));
    }
  });

  test("canonical bytes, sign and zero, and back", () => {
    for (let run = 0; run < RUNS; run++) {
      const value = run < HARD.length ? (HARD[run] as bigint) : bytesToNumber(random(32));
      putBytes(A, value);
      call("feFromBytes", B, A);
      const expected = mod(BigInt.asUintN(255, value));
      expect(elementAt(B)).toBe(expected);
      call("feToBytes", OUT, B);
      expect(bytesAt(OUT)).toBe(expected);
      expect(call("feIsNegative", B)).toBe(expected & 1n ? -1 : 0);
      expect(call("feIsZero", B)).toBe(expected === 0n ? -1 : 0);
      expect(call("isNonnegativeEncoding", A)).toBe(value < P && (value & 1n) === 0n ? -1 : 0);
    }
    for (const near of HARD.flatMap((x) => [x, x + 2n ** 255n])) {
      putBytes(A, near);
      expect(call("isNonnegativeEncoding", A)).toBe(near < P && (near & 1n) === 0n ? -1 : 0);
    }
  });

  test("inverses, square roots of quotients and inverse square roots", () => {
    for (let run = 0; run < RUNS; run++) {
      const [u, v] = [randomSquare(), randomSquare()];
      putBytesElement(A, u.value);
      putBytesElement(B, v.value);
      call("feInvert", OUT, B);
      expect(mod(elementAt(OUT) * v.value)).toBe(v.value === 0n ? 0n : 1n);

      const expected = u.value === 0n || (v.value !== 0n && u.isSquare === v.isSquare);
      expect(call("feSqrtRatio", OUT, A, B)).toBe(expected ? -1 : 0);
      const root = elementAt(OUT);
      const factor = expected ? 1n : SQRT_MINUS_ONE;
      expect(mod(root * root * v.value)).toBe(v.value === 0n ? 0n : mod(factor * u.value));
      expect(root & 1n).toBe(0n);
      if (v.value === 0n) expect(root).toBe(0n);

      const hasRoot = v.value !== 0n && v.isSquare;
      expect(call("feInvSqrt", OUT, B)).toBe(hasRoot ? -1 : 0);
      if (hasRoot) expect(mod(elementAt(OUT) ** 2n * v.value)).toBe(1n);
      if (v.value === 0n) expect(elementAt(OUT)).toBe(0n);
    }
  });
});

function putBytesElement(address: number, value: bigint): bigint {
  putBytes(OUT, value);
  call("feFromBytes", address, OUT);
  return mod(value);
}

/** A square, or twice one, which is none as p ≡ 5 (mod 8); sometimes 0, 1, 4, −1 or a power of two. */
function randomSquare(): { value: bigint; isSquare: boolean } {
  const special = [0n, 1n, 2n, P - 1n, SQRT_MINUS_ONE, 2n ** 127n][integer(0, 40)];
  const root = special ?? mod(bytesToNumber(random(32)));
  const isSquare = root === 0n || integer(0, 1) === 0;
  return { value: mod(root * root * (isSquare ? 1n : 2n)), isSquare };
}

/** Signed limbs of a number of up to 2²⁶⁰ in size; the last takes what is left. */
function limbsOf(value: bigint): number[] {
  let rest = value;
  return Array.from({ length: 20 }, (_, i) => {
    const limb = i < 19 ? BigInt.asIntN(13, rest) : rest;
    rest = (rest - limb) >> 13n;
    return Number(limb);
  });
}

function bytesToNumber(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = mod(result * b);
    b = mod(b * b);
  }
  return result;
}
