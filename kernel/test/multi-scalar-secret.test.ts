// Sums with secret scalars and bits: against the variable-time sum, against the model, and at their edges.
import { createKernel, type Instance, kernel } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { EXTREME_SCALARS, expectBytes, expectError, IDENTITY, scalar, scalarFrom } from "./group.ts";
import { randomBytesFrom, seed } from "./random.ts";

const { ristretto } = kernel();
const model = createModel().ristretto;
const random = randomBytesFrom("secret sums");
const EMPTY = new Uint8Array(0);
const BAD_POINT = hexToBytes("01".padEnd(64, "0"));

const points = Array.from({ length: 384 }, () => ristretto.oneWayMap(random(64)));
const some = (from: number, to: number): Uint8Array => concatBytes(...points.slice(from, to));
const randomScalars = (n: number): Uint8Array =>
  concatBytes(...Array.from({ length: n }, () => scalar(scalarFrom(random))));
/** The model's tables are the points themselves. */
const modelTable = (to: number): { count: number; bytes: Uint8Array } => ({ count: to, bytes: some(0, to) });

describe(`the sum with secret scalars is the public one (FOGBOW_SEED=${seed})`, () => {
  test("for every number of points up to 40, and for some hundreds", () => {
    for (const n of [...Array(41).keys(), 64, 255, 384]) {
      const scalars = randomScalars(n);
      const expected = ristretto.multiScalarMultiply(scalars, some(0, n));
      expectBytes(ristretto.multiScalarMultiplySecret(scalars, some(0, n)), expected, `${n} points`);
    }
  });

  test("for scalars with extreme digits, even and odd", () => {
    for (const k of EXTREME_SCALARS) {
      const expected = model.multiply(scalar(k), some(0, 1));
      expectBytes(ristretto.multiScalarMultiplySecret(scalar(k), some(0, 1)), expected, `times ${k}`);
    }
    const all = concatBytes(...EXTREME_SCALARS.map(scalar));
    const n = EXTREME_SCALARS.length;
    const expected = model.multiScalarMultiply(all, some(0, n));
    expectBytes(ristretto.multiScalarMultiplySecret(all, some(0, n)), expected, "mixed scalars");
  });

  test("with prepared points alone and beside others, and with the first of a table only", () => {
    const table = ristretto.prepare(some(0, 130));
    for (const count of [1, 5, 130]) {
      for (const others of [0, 1, 6]) {
        const scalars = randomScalars(count + others);
        const rest = some(count, count + others);
        const expected = model.multiScalarMultiply(scalars, rest, modelTable(count));
        const first = { count, bytes: table.bytes };
        expectBytes(ristretto.multiScalarMultiplySecret(scalars, rest, first), expected, `${count} and ${others}`);
        expectBytes(ristretto.multiScalarMultiply(scalars, rest, first), expected, `${count} and ${others}, public`);
      }
    }
  });

  test("equal and opposite terms, identities and nothing", () => {
    const [k, p] = [randomScalars(1), some(0, 1)];
    const minusK = kernel().scalars.negate(k);
    expectBytes(ristretto.multiScalarMultiplySecret(concatBytes(k, minusK), concatBytes(p, p)), IDENTITY, "opposite");
    expectBytes(ristretto.multiScalarMultiplySecret(k, IDENTITY), IDENTITY, "identity");
    expectBytes(ristretto.multiScalarMultiplySecret(EMPTY, EMPTY), IDENTITY, "nothing");
  });
});

describe("the sum over bits", () => {
  test("is the model's, with and without tables", () => {
    for (const words of [0, 1, 2, 3]) {
      const all = some(0, 128 * words);
      for (const bits of [random(8 * words), new Uint8Array(8 * words), new Uint8Array(8 * words).fill(255)]) {
        const expected = model.sumBits(bits, all);
        for (let prepared = 0; prepared <= words; prepared++) {
          const table = ristretto.prepare(some(0, 128 * prepared));
          const got = ristretto.sumBits(bits, some(128 * prepared, 128 * words), table);
          expectBytes(got, expected, `${words} words, ${prepared} of them prepared`);
        }
        expectBytes(ristretto.sumBits(bits, all), expected, `${words} words`);
      }
    }
  });

  test("adds the first point for a one and subtracts the second for a zero", () => {
    const word = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const all = new Uint8Array(128 * 32);
    all.set(points[0] ?? EMPTY, 0);
    all.set(points[1] ?? EMPTY, 32 * (64 + 1));
    expectBytes(ristretto.sumBits(word, all), ristretto.subtract(some(0, 1), some(1, 2)), "two points");
  });
});

describe("edges", () => {
  test("bad scalars and points are refused wherever they stand", () => {
    for (const at of [0, 2, 4]) {
      const scalars = randomScalars(5);
      scalars.fill(255, 32 * at, 32 * at + 32);
      expectError(() => ristretto.multiScalarMultiplySecret(scalars, some(0, 5)), "invalid-scalar");
      const bad = some(0, 128);
      bad.set(BAD_POINT, 32 * at);
      const five = bad.subarray(0, 160);
      expectError(() => ristretto.multiScalarMultiplySecret(randomScalars(5), five), "invalid-point");
      expectError(() => ristretto.sumBits(new Uint8Array(8), bad), "invalid-point");
    }
  });

  test("lengths that do not fit together are refused", () => {
    const table = ristretto.prepare(some(0, 128));
    expectError(() => ristretto.multiScalarMultiplySecret(randomScalars(2), some(0, 1)), "invalid-length");
    expectError(() => ristretto.multiScalarMultiplySecret(randomScalars(1), some(0, 1), table), "invalid-length");
    expectError(() => ristretto.sumBits(new Uint8Array(8), some(0, 127)), "invalid-length");
    expectError(() => ristretto.sumBits(new Uint8Array(9), some(0, 128)), "invalid-length");
    // A sixteenth of a word, though eight bits and sixteen points go together.
    expectError(() => ristretto.sumBits(new Uint8Array(9), some(0, 144)), "invalid-length");
    expectError(() => ristretto.sumBits(new Uint8Array(9), some(0, 16), table), "invalid-length");
    expectError(() => ristretto.sumBits(new Uint8Array(8), some(0, 128), table), "invalid-length");
    const half = { count: 64, bytes: table.bytes };
    expectError(() => ristretto.sumBits(new Uint8Array(8), some(64, 128), half), "invalid-length");
    const beyond = { count: 129, bytes: table.bytes };
    expectError(() => ristretto.multiScalarMultiplySecret(randomScalars(129), EMPTY, beyond), "invalid-length");
  });

  test("more points than 8192 are refused", () => {
    const many = new Uint8Array(32 * 8193);
    expectError(() => ristretto.multiScalarMultiplySecret(many, many), "too-many-points");
    expectError(() => ristretto.sumBits(new Uint8Array(8 * 65), new Uint8Array(32 * 65 * 128)), "too-many-points");
  });
});

describe("linear memory", () => {
  const instances: Instance[] = [];
  const { ristretto: own } = createKernel({ inspect: (instance) => instances.push(instance) });
  const memory = (): Uint8Array => instances[0]?.memory ?? EMPTY;

  test("holds a table once, however often it is used, and nothing else afterwards", () => {
    const table = own.prepare(some(0, 128));
    const use = (): unknown[] => [
      own.multiScalarMultiplySecret(randomScalars(130), some(128, 130), table),
      own.sumBits(random(16), some(128, 256), table),
      own.multiScalarMultiply(randomScalars(130), some(128, 130), table),
    ];
    use(); // Keeps the table and grows the memory.
    const before = bytesToHex(memory());
    use();
    expect(bytesToHex(memory()) === before).toBe(true);
    expect(before.split(bytesToHex(table.bytes.subarray(0, 1280)))).toHaveLength(2);
  });

  test("grows by a few megabytes for the points of the largest range proof, when there are no tables", () => {
    let instance: Instance | undefined;
    const { ristretto: fresh } = createKernel({ inspect: (running) => (instance = running) });
    const many = concatBytes(...Array.from({ length: 10 }, () => some(0, 384)), some(0, 256));
    expect(many.length).toBe(32 * 32 * 128);
    const scalars = randomScalars(4096);
    expectBytes(
      fresh.multiScalarMultiplySecret(scalars, many),
      fresh.multiScalarMultiply(scalars, many),
      "4096 points",
    );
    fresh.sumBits(random(8 * 32), many);
    expect(instance?.memory.length).toBeLessThan(12 * 1024 * 1024);
  });

  test("keeps nothing in the middle of an exchange, whose area it would move", () => {
    const [instance] = instances;
    const kept = (): unknown => instance?.exchange((io) => [io.reserve(16), io.keep(new Uint8Array(16))]);
    expect(kept).toThrow("Within an exchange");
  });

  test("keeps no more than its bound of tables, and the others work all the same", () => {
    const tables = Array.from({ length: 18 }, () => own.prepare(some(0, 100))); // A megabyte each.
    const scalars = randomScalars(100);
    const expected = ristretto.multiScalarMultiply(scalars, some(0, 100));
    for (const table of [...tables, ...tables]) {
      expectBytes(own.multiScalarMultiplySecret(scalars, EMPTY, table), expected, "a table");
    }
    expect(memory().length).toBeLessThan(13 * 1024 * 1024);
  });
});
