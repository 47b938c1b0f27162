// The rest of what an observer of the oblivious map sees: each access reads a path whose leaf is uniform and does not depend on
// the one before, whatever is asked; and traces are the same but for that.
import { kernelWasm } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { cases } from "./cases.ts";
import { compareTraces } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { ACCESSES, BINS, CHI_SQUARE_MAX, chiSquare, leavesRead, questions, steps, watchTrees } from "./leaves.ts";
import { mapMutants } from "./map-mutants.ts";
import { mutatedSource } from "./source-mutants.ts";

const instrumented = instrument(disassemble(kernelWasm()));
const watched = watchTrees(kernelWasm());

describe("leaves are uniform and independent, over 10 000 lookups", () => {
  test.each(questions)(
    "for $name",
    ({ key }) => {
      const read = leavesRead(watched, (map) => {
        for (let i = 0; i < ACCESSES; i++) map.lookup(key(i));
      });
      for (const bins of Object.values(read)) {
        expect(bins).toHaveLength(ACCESSES);
        expect(chiSquare(bins)).toBeLessThan(CHI_SQUARE_MAX);
        expect(chiSquare(steps(bins))).toBeLessThan(CHI_SQUARE_MAX);
      }
    },
    120_000,
  );

  test("which the test can tell", () => {
    const counting = Array.from({ length: ACCESSES }, (_, i) => i % BINS);
    expect(chiSquare(counting)).toBeLessThan(CHI_SQUARE_MAX);
    expect(chiSquare(steps(counting))).toBeGreaterThan(CHI_SQUARE_MAX);
    expect(chiSquare(counting.map((bin) => bin >> 1))).toBeGreaterThan(CHI_SQUARE_MAX);
  });
});

test("hit, miss, repeated, inserted and overwritten keys have one trace but for the path", () => {
  for (const name of ["mapLookupAll", "mapUpsertAll", "mapIncrementAll"]) {
    const { leak, runs } = compareTraces(instrumented, cases[name]?.() ?? []);
    expect(leak, name).toBeUndefined();
    expect(runs).toBeGreaterThanOrEqual(32);
  }
}, 120_000);

test.each(mapMutants)("the place is there of the mistake that $name", (mutant) => {
  expect(mutatedSource(mutant)).toContain(mutant.replacement);
});
