// What an observer of the oblivious ledger sees: one trace and one length for all sets of indices (spec 03 §5.7, test 1).
import { kernel, kernelWasm } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { describe, expect, test } from "vitest";
import { compareTraces } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { bias, leavesRead, SIZE } from "./ledger-paths.ts";
import { appendRuns, combineRuns, indexSets, lookUpBeforeAndAfter, lookupRuns, shardRuns } from "./ledgers.ts";
import { randomBytes } from "./secrets.ts";
import { mutatedSource, sourceMutants } from "./source-mutants.ts";

const instrumented = instrument(disassemble(kernelWasm()));

describe("traces do not tell", () => {
  test("which outputs were asked for, before and after the tree doubles", () => {
    const { leak, runs } = compareTraces(instrumented, lookupRuns());
    expect(leak).toBeUndefined();
    expect(runs).toBeGreaterThanOrEqual(32);
  }, 60_000);

  test("which outputs were asked of a shard, and which shard has them", () => {
    const { leak, runs } = compareTraces(instrumented, shardRuns());
    expect(leak).toBeUndefined();
    expect(runs).toBeGreaterThanOrEqual(32);
  }, 60_000);

  test("whose part has what, when parts are added up", () => {
    const { leak, runs } = compareTraces(instrumented, combineRuns());
    expect(leak).toBeUndefined();
    expect(runs).toBeGreaterThanOrEqual(32);
  }, 60_000);

  test("where what arrives is put", () => {
    const { leak, runs } = compareTraces(instrumented, appendRuns());
    expect(leak).toBeUndefined();
    expect(runs).toBeGreaterThanOrEqual(32);
  }, 60_000);
});

describe("the paths that lookups read are random, each on its own and with the one before, over 10 000 lookups of", () => {
  const indices: Readonly<Record<string, (i: number) => number>> = {
    "one index": () => 17,
    "one index in an open block": () => SIZE - 1,
    "one that does not exist": () => SIZE + 5,
    "two indices in turn": (i) => (i % 2 === 0 ? 3 : 90),
    "each index in turn": (i) => i % SIZE,
    "random indices": (i) => (randomBytes(`lookup ${i >> 6}`, 64)[i & 63] as number) % SIZE,
  };

  test.each(Object.entries(indices))(
    "%s",
    (name, index) => {
      const leaves = leavesRead(kernelWasm(), name, LOOKUPS, index);
      expect([leaves.outputs.length, leaves.layer.length]).toEqual([LOOKUPS, LOOKUPS]);
      expect(bias(leaves)).toBeUndefined();
    },
    60_000,
  );

  test("and what is not random is found", () => {
    const random = Array.from(
      { length: LOOKUPS },
      (_, i) => (randomBytes(`leaf ${i >> 6}`, 64)[i & 63] as number) % 64,
    );
    const layer = random.map((leaf) => leaf >> 3);
    expect(bias({ outputs: random, layer })).toBeUndefined();
    expect(bias({ outputs: random.map((leaf, i) => (i % 10 === 0 ? 17 : leaf)), layer })).toBeDefined();
    expect(bias({ outputs: random.map((_, i) => random[i - (i % 2)] ?? 0), layer })).toBeDefined();
  });
});

const LOOKUPS = 10_000;

test("answers have one length for all sets of indices, and are the model's", () => {
  const lengths = indexSets().map(({ name, indices }) => {
    const answers = lookUpBeforeAndAfter(indices, kernel());
    const expected = lookUpBeforeAndAfter(indices, createModel());
    expect(Buffer.concat(answers).equals(Buffer.concat(expected)), name).toBe(true);
    return answers.map(({ length }) => length).join();
  });
  expect(new Set(lengths).size).toBe(1);
});

test.each(sourceMutants)("the place is there of the mistake that $name", (mutant) => {
  expect(mutatedSource(mutant)).toContain(mutant.replacement);
});
