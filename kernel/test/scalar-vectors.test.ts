// Vectors of scalars against BigInt, over random operands and over those where carries run furthest.
import { createKernel, type Instance, type ScalarVectors } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { EXTREME_SCALARS, expectBytes, expectError, ORDER, scalar, scalarFrom } from "./group.ts";
import { randomBytesFrom, seed } from "./random.ts";

const instances: Instance[] = [];
const { vectors } = createKernel({ inspect: (instance) => instances.push(instance) });
const model = createModel().vectors;
const random = randomBytesFrom("scalar vectors");

/** `n` scalars, every third of them an extreme one. */
function vector(n: number): Uint8Array {
  const numbers = Array.from({ length: n }, (_, i) => {
    const [choice = 0] = random(1);
    return i % 3 === 0 ? (EXTREME_SCALARS[choice % EXTREME_SCALARS.length] ?? 0n) : scalarFrom(random);
  });
  return concatBytes(...numbers.map(scalar));
}

/** Every method on operands of n scalars. */
function calls(n: number): ((on: ScalarVectors) => Uint8Array)[] {
  const [s, a, b, wide, bytes] = [vector(1), vector(n), vector(n), random(64 * n), random(n)];
  return [
    (on) => on.add(a, b),
    (on) => on.multiply(a, b),
    (on) => on.scale(s, a),
    (on) => on.multiplyAdd(s, a, b),
    (on) => on.innerProduct(a, b),
    (on) => on.powers(s, n),
    (on) => on.reduceWide(wide),
    (on) => on.bits(bytes),
  ];
}

describe(`vectors of scalars agree with BigInt (FOGBOW_SEED=${seed})`, () => {
  test("at every size up to 40, and at some hundreds", () => {
    for (const n of [...Array(41).keys(), 64, 100, 300]) {
      for (const call of calls(n)) expectBytes(call(vectors), call(model), `${call} of ${n}`);
    }
  });

  test("for every pair of extreme scalars", () => {
    const all = concatBytes(...EXTREME_SCALARS.map(scalar));
    for (const extreme of EXTREME_SCALARS) {
      const s = scalar(extreme);
      const same = concatBytes(...EXTREME_SCALARS.map(() => s));
      expectBytes(vectors.add(all, same), model.add(all, same), `+ ${extreme}`);
      expectBytes(vectors.multiply(all, same), model.multiply(all, same), `· ${extreme}`);
      expectBytes(vectors.scale(s, all), model.scale(s, all), `scaled by ${extreme}`);
      expectBytes(vectors.innerProduct(all, same), model.innerProduct(all, same), `inner product with ${extreme}`);
      expectBytes(vectors.powers(s, 70), model.powers(s, 70), `powers of ${extreme}`);
    }
  });

  test("reducing strings at the ends of the range", () => {
    const wide = concatBytes(new Uint8Array(64), new Uint8Array(64).fill(255), scalar(0n), scalar(-1n));
    expectBytes(vectors.reduceWide(wide), model.reduceWide(wide), "extremes");
  });
});

test("bits come least significant first", () => {
  const bits = vectors.bits(Uint8Array.of(0b101, 0x80));
  const ones = Array.from({ length: 16 }, (_, i) => bits[32 * i]);
  expect(ones).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test("the zeroth power is 1, also of 0", () => {
  expect(vectors.powers(scalar(0n), 2)).toEqual(concatBytes(scalar(1n), scalar(0n)));
});

describe("bad vectors", () => {
  const good = concatBytes(scalar(1n), scalar(2n), scalar(3n));
  const one = scalar(1n);

  test("one scalar from ℓ on is refused wherever it stands", () => {
    for (const number of [ORDER, 2n ** 256n - 1n]) {
      const bad = Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n));
      expectError(() => vectors.scale(bad, good), "invalid-scalar");
      expectError(() => vectors.multiplyAdd(bad, good, good), "invalid-scalar");
      expectError(() => vectors.powers(bad, 2), "invalid-scalar");
      for (let place = 0; place < 3; place++) {
        const some = concatBytes(...[0, 1, 2].map((i) => (i === place ? bad : one)));
        for (const binary of [vectors.add, vectors.multiply, vectors.innerProduct]) {
          expectError(() => binary(some, good), "invalid-scalar");
          expectError(() => binary(good, some), "invalid-scalar");
        }
        expectError(() => vectors.scale(one, some), "invalid-scalar");
        expectError(() => vectors.multiplyAdd(one, some, good), "invalid-scalar");
        expectError(() => vectors.multiplyAdd(one, good, some), "invalid-scalar");
      }
    }
  });

  test("lengths that do not fit together are refused", () => {
    for (const length of [0, 31, 33, 64, 95, 128]) {
      const other = new Uint8Array(length);
      for (const binary of [vectors.add, vectors.multiply, vectors.innerProduct]) {
        expectError(() => binary(good, other), "invalid-length");
        expectError(() => binary(other, good), "invalid-length");
      }
      expectError(() => vectors.multiplyAdd(one, good, other), "invalid-length");
      expectError(() => vectors.scale(other, good), "invalid-length");
      if (length % 64 !== 0) expectError(() => vectors.reduceWide(other), "invalid-length");
    }
  });

  test("more scalars than 8192, or no whole number of them, are refused", () => {
    const many = new Uint8Array(32 * 8193);
    expectError(() => vectors.add(many, many), "invalid-length");
    expectError(() => vectors.bits(new Uint8Array(1025)), "invalid-length");
    for (const n of [-1, 1.5, 8193, Number.NaN]) expectError(() => vectors.powers(one, n), "invalid-length");
  });
});

test("after a call every byte of linear memory is what it was before", () => {
  const memory = (): string => bytesToHex(instances[0]?.memory ?? new Uint8Array(0));
  vectors.add(vector(40), vector(40)); // Grows the memory.
  const before = memory();
  for (const call of calls(9)) {
    call(vectors);
    expect(memory() === before, call.toString()).toBe(true);
  }
  expectError(() => vectors.innerProduct(vector(3), new Uint8Array(96).fill(255)), "invalid-scalar");
  expect(memory() === before).toBe(true);
});
