// Multi-scalar multiplication of public points: against sums in the exponent, against @noble/curves, and at its edges.
import { createKernel, kernel, type PointTable } from "@fogbow/kernel";
import { pippenger } from "@noble/curves/abstract/curve.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import {
  EXTREME_SCALARS,
  expectBytes,
  expectError,
  IDENTITY,
  ORDER,
  Point,
  scalar,
  scalarFrom,
  times,
} from "./group.ts";
import { randomBytesFrom, seed } from "./random.ts";

const { ristretto } = kernel();
const random = randomBytesFrom("multi-scalar");
const randomScalar = (): bigint => scalarFrom(random);
const POINTS_MAX = 8192;
const EMPTY = new Uint8Array(0);
const BAD_POINT = hexToBytes("01".padEnd(64, "0"));

/** Points with known discrete logarithms, so that a sum of products has one too. */
const logarithms: bigint[] = [];
const points: Uint8Array[] = [];
for (let i = 0; i < POINTS_MAX; i++) {
  logarithms.push(i < EXTREME_SCALARS.length ? (EXTREME_SCALARS[i] ?? 0n) : randomScalar());
  points.push(ristretto.multiplyBase(scalar(logarithms[i] ?? 0n)));
}

const join = (parts: readonly Uint8Array[]): Uint8Array => concatBytes(...parts);

/** Σ sᵢ·Pᵢ of the first points, by their logarithms. */
function expectedSum(scalars: readonly bigint[]): Uint8Array {
  return ristretto.multiplyBase(scalar(scalars.reduce((sum, s, i) => sum + s * (logarithms[i] ?? 0n), 0n)));
}

function check(scalars: readonly bigint[], what: string, prepared = 0): void {
  const n = scalars.length;
  const table = prepared === 0 ? undefined : ristretto.prepare(join(points.slice(0, prepared)));
  const got = ristretto.multiScalarMultiply(join(scalars.map(scalar)), join(points.slice(prepared, n)), table);
  expectBytes(got, expectedSum(scalars), what);
}

const randomScalars = (n: number): bigint[] => Array.from({ length: n }, randomScalar);

describe(`is the sum of the products (FOGBOW_SEED=${seed})`, () => {
  test("for every number of points up to 70", () => {
    for (let n = 0; n <= 70; n++) check(randomScalars(n), `${n} points`);
  });

  test("around the change of method, and up to the most points there may be", () => {
    for (const n of [128, 200, 228, 229, 230, 231, 232, 233, 234, 255, 400, 777, 1024, 2000, 4099, POINTS_MAX]) {
      check(randomScalars(n), `${n} points`);
    }
  });

  test("for scalars with extreme digits, in both methods", () => {
    for (const n of [3, 230, 1000]) {
      for (const k of EXTREME_SCALARS) check(Array(n).fill(k), `${n} points times ${k}`);
      check(
        Array.from({ length: n }, (_, i) => EXTREME_SCALARS[(7 * i) % EXTREME_SCALARS.length] ?? 0n),
        `${n} points, mixed scalars`,
      );
    }
  });

  test("with prepared points alone and beside others, in both methods", () => {
    for (const prepared of [1, 2, 3, 4, 5, 64]) {
      for (const others of [0, 1, 3, 4, 229, 230, 513]) {
        check(randomScalars(prepared + others), `${prepared} prepared and ${others} others`, prepared);
      }
    }
    for (const k of EXTREME_SCALARS) check([k, k, k, k, k], `prepared, times ${k}`, 4);
    check(randomScalars(POINTS_MAX), "as many prepared points as there may be", POINTS_MAX);
    check(randomScalars(3000), "3000 prepared points", 3000);
  });

  test("and agrees with @noble/curves", () => {
    for (const n of [1, 2, 13, 64]) {
      const scalars = randomScalars(n);
      const oracle = pippenger(
        Point,
        points.slice(0, n).map((bytes) => Point.fromBytes(bytes)),
        scalars,
      );
      expectBytes(
        ristretto.multiScalarMultiply(join(scalars.map(scalar)), join(points.slice(0, n))),
        oracle.toBytes(),
        `${n} points`,
      );
    }
  });
});

describe("edges", () => {
  const p = points[POINTS_MAX - 1] as Uint8Array; // There are so many.

  test("no points sum to the identity", () => {
    expectBytes(ristretto.multiScalarMultiply(EMPTY, EMPTY), IDENTITY, "nothing");
    const table = ristretto.prepare(EMPTY);
    expect(table.count).toBe(0);
    expectBytes(ristretto.multiScalarMultiply(EMPTY, EMPTY, table), IDENTITY, "an empty table");
  });

  test("equal, opposite and zero terms", () => {
    for (const n of [2, 5, 230, 600]) {
      const k = randomScalar();
      const same = join(Array(n).fill(p));
      const all = join(Array(n).fill(scalar(k)));
      expectBytes(ristretto.multiScalarMultiply(all, same), ristretto.multiply(scalar(k * BigInt(n)), p), `${n} equal`);
      const alternating = join(Array.from({ length: n }, (_, i) => scalar(i % 2 === 0 ? k : -k)));
      const left = n % 2 === 0 ? IDENTITY : ristretto.multiply(scalar(k), p);
      expectBytes(ristretto.multiScalarMultiply(alternating, same), left, `${n} opposite`);
      expectBytes(ristretto.multiScalarMultiply(new Uint8Array(32 * n), same), IDENTITY, `${n} zeros`);
      expectBytes(ristretto.multiScalarMultiply(all, new Uint8Array(32 * n)), IDENTITY, `${n} identities`);
    }
  });

  test("a table serves every kernel", () => {
    const [s, t] = [randomScalar(), randomScalar()];
    const table = ristretto.prepare(p);
    const other = createKernel().ristretto;
    const got = other.multiScalarMultiply(concatBytes(scalar(s), scalar(t)), p, table);
    expectBytes(got, times((s + t) % ORDER, Point.fromBytes(p)).toBytes(), "two kernels");
  });

  test("more than 8192 points are refused, prepared ones included", () => {
    const n = POINTS_MAX + 1;
    const zeros = new Uint8Array(32 * n);
    expectError(() => ristretto.multiScalarMultiply(zeros, zeros), "too-many-points");
    expectError(() => ristretto.prepare(zeros), "too-many-points");
    const table = ristretto.prepare(p);
    expectError(() => ristretto.multiScalarMultiply(zeros, zeros.subarray(32), table), "too-many-points");
  });

  test("one invalid point is refused wherever it stands", () => {
    for (const n of [1, 3, 4, 6, 233]) {
      for (const at of new Set([0, 1, n >> 1, n - 2, n - 1])) {
        if (at < 0 || at >= n) continue;
        const some = join(Array.from({ length: n }, (_, i) => (i === at ? BAD_POINT : p)));
        expectError(() => ristretto.multiScalarMultiply(new Uint8Array(32 * n), some), "invalid-point");
        if (n < 10) expectError(() => ristretto.prepare(some), "invalid-point");
      }
    }
  });

  test("one scalar from ℓ on is refused wherever it stands", () => {
    const bad = new Uint8Array(32).fill(255);
    const table = ristretto.prepare(p);
    for (const n of [1, 4, 233]) {
      for (const at of new Set([0, n - 1])) {
        const scalars = join(Array.from({ length: n }, (_, i) => (i === at ? bad : scalar(1n))));
        expectError(() => ristretto.multiScalarMultiply(scalars, join(Array(n).fill(p))), "invalid-scalar");
        expectError(() => ristretto.multiScalarMultiply(scalars, join(Array(n - 1).fill(p)), table), "invalid-scalar");
      }
    }
  });

  test("lengths that do not fit together are refused", () => {
    const table = ristretto.prepare(p);
    const cut: PointTable = { count: 1, bytes: table.bytes.subarray(1) };
    expectError(() => ristretto.multiScalarMultiply(scalar(1n), EMPTY), "invalid-length");
    expectError(() => ristretto.multiScalarMultiply(EMPTY, p), "invalid-length");
    expectError(() => ristretto.multiScalarMultiply(scalar(1n), p, table), "invalid-length");
    expectError(() => ristretto.multiScalarMultiply(scalar(1n), EMPTY, cut), "invalid-length");
    const negative: PointTable = { count: -1, bytes: table.bytes }; // With which the numbers would come out right.
    expectError(() => ristretto.multiScalarMultiply(scalar(1n), concatBytes(p, p), negative), "invalid-length");
    expectError(() => ristretto.multiScalarMultiplySecret(scalar(1n), concatBytes(p, p), negative), "invalid-length");
    expectError(() => ristretto.multiScalarMultiply(scalar(1n), p.subarray(1)), "invalid-length");
    expectError(() => ristretto.prepare(p.subarray(1)), "invalid-length");
  });
});
