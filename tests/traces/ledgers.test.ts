// What an observer of the oblivious ledger sees: one trace and one length for all sets of indices (spec 03 §5.7, test 1).
import { kernel, kernelWasm } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { describe, expect, test } from "vitest";
import { compareTraces } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { appendRuns, indexSets, lookUpBeforeAndAfter, lookupRuns } from "./ledgers.ts";
import { mutatedSource, sourceMutants } from "./source-mutants.ts";

const instrumented = instrument(disassemble(kernelWasm()));

describe("traces do not tell", () => {
  test("which outputs were asked for, before and after the tree doubles", () => {
    const { leak, runs } = compareTraces(instrumented, lookupRuns());
    expect(leak).toBeUndefined();
    expect(runs).toBeGreaterThanOrEqual(32);
  }, 60_000);

  test("where what arrives is put", () => {
    const { leak, runs } = compareTraces(instrumented, appendRuns());
    expect(leak).toBeUndefined();
    expect(runs).toBeGreaterThanOrEqual(32);
  }, 60_000);
});

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
