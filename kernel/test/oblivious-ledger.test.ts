// The oblivious ledger against the model's plain tree, byte for byte: every index of small ledgers, then larger ones with
// outputs arriving between requests; what is refused, and that nothing is left behind. Its traces are in tests/traces.
import { createKernel, type NewOutput, type ObliviousLedger } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectBytes, expectError } from "./group.ts";
import { randomBelowFrom, randomBytesFrom, seed } from "./random.ts";
import { watchKernel } from "./watched-kernel.ts";

const random = randomBytesFrom("oblivious ledger");
const below = randomBelowFrom(random);
const model = createModel();

/** Lengths of TxOuts by their eras. */
const ERAS = [207, 277, 287];

/** How large ledgers become here; `FOGBOW_LARGE_LEDGER=1` makes the largest 2¹⁷ and asks for every index of the small ones. */
const isLarge = process.env.FOGBOW_LARGE_LEDGER === "1";
const LARGEST = isLarge ? 2 ** 17 : 2 ** 13;

/** A ledger in a kernel of its own and the model's, which get the same. */
interface Pair {
  readonly ledger: ObliviousLedger;
  readonly plain: ObliviousLedger;
  append(count: number): void;
}

function pairOf(capacity: number, layers?: number): Pair {
  const options = { capacity, seed: random(32), ...(layers === undefined ? {} : { layers }) };
  const ledger = createKernel().ledgers.create(options);
  const plain = model.ledgers.create(options);
  const append = (count: number): void => {
    const outputs = Array.from({ length: count }, () => newOutput());
    ledger.append(outputs);
    plain.append(outputs);
    expect(ledger.numTxOuts).toBe(plain.numTxOuts);
    expectBytes(ledger.root(), plain.root(), `the root over ${plain.numTxOuts} outputs`);
  };
  return { ledger, plain, append };
}

const newOutput = (length = ERAS[below(3)] as number): NewOutput => ({ txOut: random(length), hash: random(32) });

const indicesOf = (indices: readonly (number | bigint)[]): Uint8Array =>
  new Uint8Array(BigUint64Array.from(indices, BigInt).buffer);

function expectAnswers({ ledger, plain }: Pair, indices: readonly (number | bigint)[]): void {
  const asked = indicesOf(indices);
  expectBytes(ledger.results(asked), plain.results(asked), `${ledger.numTxOuts} outputs, indices ${indices}`);
  expect(ledger.resultBytes()).toBe(plain.resultBytes());
}

/** Indices at every edge of a ledger of n outputs, and random ones. */
function someIndices(n: number): (number | bigint)[] {
  const edges = [0, n - 1, n, n + 1, (n - 1) & ~7, ((n - 1) & ~7) - 1, ((n - 1) & ~63) - 1, n >> 1];
  const beyond = [2 ** 31, 2 ** 32, 2 ** 32 + below(n), 2n ** 63n, 2n ** 64n - 1n];
  return [
    ...edges.filter((index) => index >= 0),
    ...Array.from({ length: 6 }, () => below(n)),
    beyond[below(5)] as number | bigint,
  ];
}

const everyIndex = (n: number): number[] => Array.from({ length: n + 2 }, (_, i) => i);

describe(`answers are those of the plain tree, FOGBOW_SEED=${seed}`, () => {
  test.each([
    [16, 1],
    [64, 1],
    [128, 2],
    [2048, 3],
    [4096, 3],
  ])("for every index of every small ledger, capacity %i in %i layers", (capacity, layers) => {
    const pair = pairOf(capacity, layers);
    expectAnswers(pair, [0, 1, 5, capacity, 2n ** 64n - 1n]);
    for (let n = 1; n <= Math.min(capacity, 136); n++) {
      pair.append(1);
      expectAnswers(pair, everyIndex(n));
    }
  });

  test("for every number of outputs up to 1 100, one output at a time", () => {
    const pair = pairOf(2 ** 15);
    for (let n = 1; n <= 1_100; n++) {
      pair.append(1);
      expectAnswers(pair, isLarge ? everyIndex(n) : someIndices(n));
    }
  });

  test.each([LARGEST, 2 ** 18])(
    `for blocks of random sizes between requests up to ${LARGEST} outputs, capacity %i`,
    (capacity) => {
      const pair = pairOf(capacity);
      while (pair.ledger.numTxOuts < LARGEST) {
        pair.append(Math.min(1 + below(LARGEST >> 4), LARGEST - pair.ledger.numTxOuts));
        for (let i = 0; i < 3; i++) expectAnswers(pair, someIndices(pair.ledger.numTxOuts));
      }
    },
    120_000,
  );

  test("and do not wear out: ten thousand requests of one index and of random ones", () => {
    const pair = pairOf(256, 2);
    pair.append(200);
    const expected = pair.plain.results(indicesOf([77]));
    for (let i = 0; i < 5_000; i++) {
      expectBytes(pair.ledger.results(indicesOf([77])), expected, "index 77");
      const index = indicesOf([below(220)]);
      expectBytes(pair.ledger.results(index), pair.plain.results(index), `index ${index}`);
    }
  });

  test("more indices than one pass of the module takes", () => {
    const pair = pairOf(256);
    pair.append(100);
    expectAnswers(
      pair,
      Array.from({ length: 2_000 }, () => below(120)),
    );
  });

  test("none for none", () => {
    const { ledger } = pairOf(16);
    expect(ledger.results(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });
});

test("all results of a ledger have one length, whatever the index and the era of the output", () => {
  for (const count of [1, 2, 16, 17, 128, 129]) {
    const ledger = createKernel().ledgers.create({ capacity: 256, seed: random(32) });
    ledger.append(Array.from({ length: count }, (_, i) => newOutput([...ERAS, 32, 100][i % 5])));
    for (const index of [0, 1, 2, 3, 4, count - 1, count, 2 ** 40]) {
      expect(ledger.results(indicesOf([index])).length).toBe(ledger.resultBytes());
    }
  }
});

describe("capacity", () => {
  test("a full ledger refuses more, keeps what it has, and answers on", () => {
    const pair = pairOf(64);
    pair.append(60);
    const root = pair.ledger.root();
    const more = Array.from({ length: 5 }, () => newOutput());
    expectError(() => pair.ledger.append(more), "ledger-full");
    expect(pair.ledger.numTxOuts).toBe(60);
    expectBytes(pair.ledger.root(), root, "the root");
    expectAnswers(pair, everyIndex(64));
    pair.append(4);
    expectError(() => pair.ledger.append([newOutput()]), "ledger-full");
    expectAnswers(pair, everyIndex(64));
  });

  test("the alarm goes off at nine tenths", () => {
    const { ledger, append } = pairOf(128);
    append(115);
    expect(ledger.isNearlyFull).toBe(false);
    append(1);
    expect(ledger.isNearlyFull).toBe(true);
  });

  test("two ledgers in one kernel do not disturb each other", () => {
    const { ledgers } = createKernel();
    const [first, second] = [16, 32].map((capacity) => ledgers.create({ capacity, seed: random(32) }));
    const plain = model.ledgers.create({ capacity: 16, seed: random(32) });
    const outputs = Array.from({ length: 10 }, () => newOutput());
    first?.append(outputs);
    plain.append(outputs);
    second?.append(Array.from({ length: 32 }, () => newOutput()));
    const asked = indicesOf(everyIndex(10));
    expectBytes(first?.results(asked) ?? random(1), plain.results(asked), "the first ledger");
  });
});

describe("refusals", () => {
  const { ledgers } = createKernel();
  const make = (change: object): unknown => ledgers.create({ capacity: 64, seed: random(32), ...change });

  test.each([0, 8, 63, 65, 2 ** 23, -16, 1.5, Number.NaN])("a capacity of %d", (capacity) => {
    expectError(() => make({ capacity }), "invalid-length");
  });

  test.each([0, 2, 1.5])("%d layers for 64 outputs", (layers) => {
    expectError(() => make({ layers }), "invalid-length");
  });

  test("a seed of another length, and a ledger larger than the memory", () => {
    expectError(() => make({ seed: random(31) }), "invalid-length");
    expectError(() => make({ capacity: 2 ** 20 }), "invalid-length");
  });

  test("outputs, hashes and indices of wrong lengths, before anything changes", () => {
    const ledger = ledgers.create({ capacity: 64, seed: random(32) });
    const good = newOutput();
    for (const bad of [
      { ...good, txOut: random(31) },
      { ...good, txOut: random(288) },
      { ...good, hash: random(31) },
      { ...good, txOut: "00" as unknown as Uint8Array },
    ]) {
      expectError(() => ledger.append([good, bad]), "invalid-length");
    }
    expect(ledger.numTxOuts).toBe(0);
    expectError(() => ledger.results(random(7)), "invalid-length");
    expectError(() => ledger.results(undefined as unknown as Uint8Array), "invalid-length");
  });
});

test("outside of the ledger nothing of a request stays in memory", () => {
  const { kernel, instance } = watchKernel();
  const start = instance.claim(0);
  const ledger = kernel.ledgers.create({ capacity: 64, seed: random(32) });
  const end = instance.claim(0);
  const outside = (): Uint8Array => concatBytes(instance.memory.subarray(0, start), instance.memory.subarray(end));
  const before = outside();
  expect(end - start).toBeGreaterThan(64 * 800);
  ledger.append(Array.from({ length: 40 }, () => newOutput()));
  ledger.results(indicesOf([3, 39, 99]));
  expectBytes(outside(), before, "memory outside of the ledger");
});
