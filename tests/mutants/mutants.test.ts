// The list of mutants is up to date; `npm run mutants` tries them.
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { mutate, ROOT } from "./mutant.ts";
import { NODE_MUTANTS } from "./node-mutants.ts";
import { SCP_MUTANTS } from "./scp-mutants.ts";

const MUTANTS = [...SCP_MUTANTS, ...NODE_MUTANTS];

test.each(MUTANTS)("$name: the place is there, and so are the tests", (mutant) => {
  expect(mutate(mutant)).toContain(mutant.replacement);
  expect(mutant.tests.length).toBeGreaterThan(0);
  for (const each of mutant.tests) expect(existsSync(`${ROOT}${each}`)).toBe(true);
});

test("no two mutants have one name", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});
