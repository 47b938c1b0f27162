// Arithmetic modulo ℓ against BigInt, over random operands and over those where carries and borrows run furthest.
import { kernel } from "@fogbow/kernel";
import { ristretto255 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectError } from "./group.ts";
import { randomBytesFrom, randomWordsFrom, seed } from "./random.ts";
import { expectNothingLeft } from "./watched-kernel.ts";

const { scalars } = kernel();
const random = randomBytesFrom("scalars");
const randomWords = randomWordsFrom(random);
const { Fn } = ristretto255.Point;
const ORDER = Fn.ORDER;
const RUNS = 10_000;

const number = bytesToNumberLE;
const bytes32 = (n: bigint): Uint8Array => numberToBytesLE(n, 32);
const bytes64 = (n: bigint): Uint8Array => numberToBytesLE(n, 64);
const modulo = (n: bigint): bigint => ((n % ORDER) + ORDER) % ORDER;
const pick = (values: readonly bigint[]): bigint => values[Number(number(random(4))) % values.length] ?? 0n;

/** `bits`-bit numbers at the ends of ranges: around multiples of ℓ, and all ones or a single one in some words. */
function extremes(bits: number): bigint[] {
  const top = 2n ** BigInt(bits);
  const values = [0n, 1n, 2n, top - 1n, top - 2n, top / 2n, ORDER / 2n, ORDER ** 2n, ORDER << 256n];
  for (let k = 1n; k <= 16n; k++) values.push(k * ORDER - 1n, k * ORDER, k * ORDER + 1n);
  for (let bit = 32n; bit < bits; bit += 32n) values.push(2n ** bit - 1n, 2n ** bit, 2n ** bit + 1n, top - 2n ** bit);
  for (const bit of [251n, 252n, 253n, 255n]) values.push(2n ** bit - 1n, 2n ** bit);
  const largest = (top - 1n) / ORDER;
  values.push(largest * ORDER - 1n, largest * ORDER, largest * ORDER + 1n);
  return [...new Set(values)].filter((value) => value >= 0n && value < top);
}

const CANONICAL = extremes(256).filter((value) => value < ORDER);
const randomScalar = (): bigint => (random(1)[0] === 0 ? pick(CANONICAL) : modulo(number(randomWords(32))));

function expectSame(got: Uint8Array, expected: bigint, operands: readonly bigint[]): void {
  if (got.length === 32 && number(got) === expected) return;
  const shown = operands.map((operand) => operand.toString(16)).join(", ");
  expect.fail(`FOGBOW_SEED=${seed}: got ${bytesToHex(got)} for ${shown}`);
}

/** Checks one operation over every pair of extreme operands and many random ones. */
function compare(
  count: 1 | 2 | 3,
  operation: (...operands: Uint8Array[]) => Uint8Array,
  expected: (...operands: bigint[]) => bigint,
): void {
  const check = (...operands: bigint[]): void =>
    expectSame(operation(...operands.map(bytes32)), expected(...operands), operands);
  for (const a of CANONICAL) {
    if (count === 1) check(a);
    else for (const b of CANONICAL) check(...[a, b, pick(CANONICAL)].slice(0, count));
  }
  for (let run = 0; run < RUNS; run++) check(...[randomScalar(), randomScalar(), randomScalar()].slice(0, count));
}

describe("scalars modulo ℓ agree with BigInt", () => {
  test("add", () => compare(2, scalars.add, (a = 0n, b = 0n) => modulo(a + b)));
  test("subtract", () => compare(2, scalars.subtract, (a = 0n, b = 0n) => modulo(a - b)));
  test("negate", () => compare(1, scalars.negate, (a = 0n) => modulo(-a)));
  test("multiply", () => compare(2, scalars.multiply, (a = 0n, b = 0n) => modulo(a * b)));
  test("multiplyAdd", () => compare(3, scalars.multiplyAdd, (a = 0n, b = 0n, c = 0n) => modulo(a * b + c)));
  test("invert, where 1/0 is 0", () => compare(1, scalars.invert, (a = 0n) => (a === 0n ? 0n : Fn.inv(a))));

  test("reduce", () => {
    const check = (n: bigint): void => expectSame(scalars.reduce(bytes32(n)), modulo(n), [n]);
    extremes(256).forEach(check);
    for (let run = 0; run < RUNS; run++) check(number(randomWords(32)));
  });

  test("reduceWide", () => {
    const check = (n: bigint): void => expectSame(scalars.reduceWide(bytes64(n)), modulo(n), [n]);
    extremes(512).forEach(check);
    for (let run = 0; run < RUNS; run++) check(number(randomWords(64)));
  });

  test("isCanonical", () => {
    const check = (n: bigint): void => {
      if (scalars.isCanonical(bytes32(n)) !== n < ORDER) expect.fail(`FOGBOW_SEED=${seed}: ${n.toString(16)}`);
    };
    extremes(256).forEach(check);
    for (let run = 0; run < RUNS; run++) check(number(randomWords(32)));
    // Random numbers rarely come near ℓ: agree with it in the upper words only.
    for (let run = 0; run < RUNS; run++) check(((ORDER >> 32n) << 32n) + number(randomWords(4)));
  });
});

describe("a batch of inversions", () => {
  const invertAll = (values: readonly bigint[]): void => {
    const got = scalars.invertBatch(concatBytes(...values.map(bytes32)));
    expect(got.length).toBe(32 * values.length);
    values.forEach((value, i) => {
      expectSame(got.subarray(32 * i, 32 * i + 32), value === 0n ? 0n : Fn.inv(value), [value]);
    });
  };

  test("inverts each scalar, at every size up to 40 and in all for ten thousand", () => {
    for (let size = 0; size <= 40; size++) invertAll(Array.from({ length: size }, randomScalar));
    for (let left = RUNS; left > 0; left -= 250) invertAll(Array.from({ length: 250 }, randomScalar));
  });

  test("leaves zeros zero and disturbs no other, wherever they stand", () => {
    for (let zeros = 0; zeros < 64; zeros++) {
      invertAll(Array.from({ length: 6 }, (_, i) => ((zeros >> i) & 1 ? 0n : randomScalar())));
    }
  });

  test("tells one from zero", () => invertAll([1n, 0n, 1n, ORDER - 1n, 0n, 2n]));

  test("does not change its argument", () => {
    const input = concatBytes(bytes32(5n), bytes32(0n));
    const copy = input.slice();
    scalars.invertBatch(input);
    expect(input).toEqual(copy);
  });
});

describe("bad scalars", () => {
  const one = bytes32(1n);

  test("a scalar of ℓ or more is refused in every place", () => {
    for (const bad of [ORDER, ORDER + 1n, 2n ** 252n + 2n ** 251n, 2n ** 255n, 2n ** 256n - 1n].map(bytes32)) {
      for (const binary of [scalars.add, scalars.subtract, scalars.multiply]) {
        expectError(() => binary(bad, one), "invalid-scalar");
        expectError(() => binary(one, bad), "invalid-scalar");
      }
      expectError(() => scalars.multiplyAdd(bad, one, one), "invalid-scalar");
      expectError(() => scalars.multiplyAdd(one, bad, one), "invalid-scalar");
      expectError(() => scalars.multiplyAdd(one, one, bad), "invalid-scalar");
      expectError(() => scalars.negate(bad), "invalid-scalar");
      expectError(() => scalars.invert(bad), "invalid-scalar");
      for (let place = 0; place < 3; place++) {
        const batch = [one, one, one].map((each, i) => (i === place ? bad : each));
        expectError(() => scalars.invertBatch(concatBytes(...batch)), "invalid-scalar");
      }
    }
  });

  test("a wrong length is refused in every place", () => {
    for (const length of [0, 1, 31, 33, 64]) {
      const bad = new Uint8Array(length);
      for (const binary of [scalars.add, scalars.subtract, scalars.multiply]) {
        expectError(() => binary(bad, one), "invalid-length");
        expectError(() => binary(one, bad), "invalid-length");
      }
      expectError(() => scalars.multiplyAdd(one, one, bad), "invalid-length");
      for (const unary of [scalars.negate, scalars.invert, scalars.reduce, scalars.isCanonical]) {
        expectError(() => unary(bad), "invalid-length");
      }
    }
    for (const length of [0, 32, 63, 65]) {
      expectError(() => scalars.reduceWide(new Uint8Array(length)), "invalid-length");
    }
    for (const length of [1, 31, 33, 63]) {
      expectError(() => scalars.invertBatch(new Uint8Array(length)), "invalid-length");
    }
  });
});

test("nothing of a secret stays in linear memory", () => {
  const [a, b, c] = [bytes32(ORDER - 3n), bytes32(modulo(number(random(32)))), bytes32(modulo(number(random(32))))];
  const bad = new Uint8Array(32).fill(255);
  expectNothingLeft({
    isCanonical: ({ scalars }) => scalars.isCanonical(a),
    reduce: ({ scalars }) => scalars.reduce(random(32)),
    reduceWide: ({ scalars }) => scalars.reduceWide(random(64)),
    add: ({ scalars }) => scalars.add(a, b),
    subtract: ({ scalars }) => scalars.subtract(a, b),
    negate: ({ scalars }) => scalars.negate(a),
    multiply: ({ scalars }) => scalars.multiply(a, b),
    multiplyAdd: ({ scalars }) => scalars.multiplyAdd(a, b, c),
    invert: ({ scalars }) => scalars.invert(a),
    invertBatch: ({ scalars }) => scalars.invertBatch(concatBytes(a, b, new Uint8Array(32), c)),
    "multiplyAdd, refused": ({ scalars }) => expectError(() => scalars.multiplyAdd(a, b, bad), "invalid-scalar"),
    "invertBatch, refused": ({ scalars }) =>
      expectError(() => scalars.invertBatch(concatBytes(a, bad)), "invalid-scalar"),
  });
});
