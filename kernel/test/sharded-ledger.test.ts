// A ledger in shards against the model's one plain tree, byte for byte: at the edges of shards, with outputs arriving between requests;
// and what is refused. Traces of shards are in tests/traces.
import { createKernel, createShardedLedger, type Kernel, type NewOutput, type ObliviousLedger } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { describe, expect, test } from "vitest";
import { expectBytes, expectError } from "./group.ts";
import { randomBelowFrom, randomBytesFrom, seed } from "./random.ts";

const random = randomBytesFrom("sharded ledger");
const below = randomBelowFrom(random);
const ERAS = [207, 277, 287];

const newOutput = (): NewOutput => ({ txOut: random(ERAS[below(3)] as number), hash: random(32) });
const indicesOf = (indices: readonly (number | bigint)[]): Uint8Array =>
  new Uint8Array(BigUint64Array.from(indices, BigInt).buffer);

/** A ledger in shards and one plain ledger that get the same. */
class Pair {
  readonly ledger: ObliviousLedger;
  readonly plain: ObliviousLedger;

  constructor(shardCapacity: number, shards: number, makeKernel: () => Kernel = () => createKernel()) {
    const capacity = shardCapacity * shards;
    this.ledger = createShardedLedger({ capacity, shardCapacity }, { createKernel: makeKernel, random });
    this.plain = createModel().ledgers.create({ capacity, seed: random(32) });
  }

  append(count: number): void {
    const outputs = Array.from({ length: count }, newOutput);
    this.ledger.append(outputs);
    this.plain.append(outputs);
    expect(this.ledger.numTxOuts).toBe(this.plain.numTxOuts);
    expectBytes(this.ledger.root(), this.plain.root(), `the root over ${this.plain.numTxOuts} outputs`);
  }

  expectAnswers(indices: readonly (number | bigint)[]): void {
    const asked = indicesOf(indices);
    const what = `${this.ledger.numTxOuts} outputs, indices ${indices}`;
    expectBytes(this.ledger.results(asked), this.plain.results(asked), what);
    expect(this.ledger.resultBytes()).toBe(this.plain.resultBytes());
  }
}

const KERNELS: readonly (readonly [name: string, make: () => Kernel])[] = [
  ["the kernel", () => createKernel()],
  ["the model", () => createModel()],
];

describe.each(KERNELS)(`answers in shards of %s are those of one plain tree, FOGBOW_SEED=${seed}`, (_, make) => {
  test.each([
    [16, 1],
    [16, 4],
    [16, 8],
    [64, 2],
  ])(
    "for every index of every ledger, in shards of %i, up to %i of them",
    (shardCapacity, shards) => {
      const pair = new Pair(shardCapacity, shards, make);
      pair.expectAnswers([0, 1, shardCapacity, 2n ** 64n - 1n]);
      for (let n = 1; n <= shardCapacity * shards; n++) {
        pair.append(1);
        pair.expectAnswers([...Array.from({ length: n + 2 }, (_, i) => i), 2 ** 31, 2n ** 63n]);
      }
    },
    120_000,
  );

  test("for blocks of all sizes, which end within shards, between them and beyond the next", () => {
    const pair = new Pair(64, 16, make);
    for (const count of [1, 62, 1, 1, 63, 64, 65, 127, 129, 200, 300]) {
      pair.append(count);
      const n = pair.ledger.numTxOuts;
      const edges = Array.from({ length: 16 }, (_, i) => [64 * i - 1, 64 * i, 64 * i + 1]).flat();
      pair.expectAnswers([
        ...edges.filter((index) => index >= 0),
        n - 1,
        n,
        ...Array.from({ length: 20 }, () => below(n)),
      ]);
    }
  }, 120_000);
});

test("do not wear out: a thousand requests of one index and of random ones", () => {
  const pair = new Pair(64, 4);
  pair.append(200);
  for (let i = 0; i < 1_000; i++) pair.expectAnswers([77, below(220), below(220)]);
}, 120_000);

describe("refusals leave a ledger as it was", () => {
  test("of more outputs than there is room for", () => {
    const pair = new Pair(16, 2);
    pair.append(20);
    const root = pair.ledger.root();
    expectError(() => pair.ledger.append(Array.from({ length: 13 }, newOutput)), "ledger-full");
    expectBytes(pair.ledger.root(), root, "the root");
    pair.append(12);
    expect(pair.ledger.isNearlyFull).toBe(true);
    pair.expectAnswers([0, 15, 16, 31, 32]);
  });

  test("of an output of a wrong length in a later shard", () => {
    const pair = new Pair(16, 4);
    pair.append(10);
    const outputs = Array.from({ length: 20 }, newOutput);
    const bad = { ...newOutput(), txOut: random(31) };
    expectError(() => pair.ledger.append([...outputs, bad]), "invalid-length");
    expect(pair.ledger.numTxOuts).toBe(10);
    pair.append(20);
    pair.expectAnswers([0, 9, 10, 15, 16, 29, 30]);
  });

  test("without memory for another shard", () => {
    let made = 0;
    const pair = new Pair(1_024, 4, () => createKernel({ memoryBytesMax: made++ === 0 ? 2 ** 28 : 100_000 }));
    pair.append(1_000);
    expectError(() => pair.ledger.append(Array.from({ length: 25 }, newOutput)), "ledger-full");
    expect(pair.ledger.numTxOuts).toBe(1_000);
    pair.append(24);
    pair.expectAnswers([0, 999, 1_023, 1_024]);
  });

  test("of capacities that are none", () => {
    const make = (capacity: number, shardCapacity: number): unknown =>
      createShardedLedger({ capacity, shardCapacity }, { createKernel: () => createKernel(), random });
    for (const [capacity, shardCapacity] of [
      [48, 16],
      [16, 32],
      [2 ** 31, 2 ** 20],
      [64, 63],
      [16, 8],
    ] as const) {
      expectError(() => make(capacity, shardCapacity), "invalid-length");
    }
  });

  test("of parts that do not belong together", () => {
    const { ledgers } = createKernel();
    const nodes = random(32 * 4);
    const good = { indices: indicesOf([3]), parts: [random(480)], shardCapacity: 16, numTxOuts: 20, nodes };
    expect(ledgers.combine(good).length).toBeGreaterThan(287);
    for (const bad of [
      { parts: [random(479)] },
      { indices: random(7) },
      { nodes: random(32 * 3) },
      { nodes: random(31) },
      { numTxOuts: 33 },
      { shardCapacity: 15 },
    ]) {
      expectError(() => ledgers.combine({ ...good, ...bad }), "invalid-length");
    }
    expectError(() => ledgers.createShard({ capacity: 16, seed: random(32), first: 8 }), "invalid-length");
    expectError(() => ledgers.createShard({ capacity: 16, seed: random(32), first: 2 ** 31 }), "invalid-length");
  });
});
