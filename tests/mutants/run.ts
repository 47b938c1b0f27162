// npm run mutants -- [text]: makes one mistake at a time in the source, as Vitest loads it, and says which test notices. Ends
// with 1 when a mistake goes unnoticed. With a text only the mutants whose name or file has it.
import { relative } from "node:path";
import { type Reporter, startVitest, type TestModule, type Vite } from "vitest/node";
import { type Mutant, mutate, ROOT } from "./mutant.ts";
import { NODE_MUTANTS } from "./node-mutants.ts";
import { SCP_MUTANTS } from "./scp-mutants.ts";

const MUTANTS: readonly Mutant[] = [...SCP_MUTANTS, ...NODE_MUTANTS];

interface Outcome {
  /** Tests that failed, the first one first. */
  readonly failed: readonly string[];
  /** Why test files did not run at all. */
  readonly broken: readonly string[];
  readonly passed: number;
}

/** Runs test files, with one source file in another version. */
async function runTests(tests: readonly string[], file?: string, source = ""): Promise<Outcome> {
  const mutation: Vite.Plugin = {
    name: "mutant",
    enforce: "pre",
    load: (id) => (id.split("?")[0] === `${ROOT}${file}` ? source : null),
  };
  let modules: readonly TestModule[] = [];
  let errors: readonly string[] = [];
  const reporter: Reporter = {
    onTestRunEnd: (testModules, unhandled) => {
      modules = testModules;
      errors = unhandled.map(({ message }) => message);
    },
  };
  const options = { root: ROOT, watch: false, bail: 1, reporters: [reporter] };
  const vitest = await startVitest("test", [...tests], options, { plugins: [mutation] });
  await vitest.close();
  process.exitCode = 0; // Vitest sets it for the failures that are wanted here.
  const all = modules.flatMap((module) => [...module.children.allTests()]);
  if (modules.length !== tests.length) errors = [...errors, `Of ${tests.length} test files ${modules.length} ran.`];
  return {
    failed: all
      .filter((test) => test.result().state === "failed")
      .map((test) => `${relative(ROOT, test.module.moduleId)}: ${test.fullName}`),
    broken: [...errors, ...modules.flatMap((module) => module.errors().map(({ message }) => message))],
    passed: all.filter((test) => test.result().state === "passed").length,
  };
}

async function run(text: string): Promise<number> {
  const chosen = MUTANTS.filter(({ name, file }) => `${name} ${file}`.includes(text));
  if (chosen.length === 0) {
    console.error("No mutant has that in its name or file.");
    return 2;
  }
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))];
  const { failed, broken, passed } = await runTests(tests);
  if (failed.length + broken.length > 0 || passed === 0) {
    console.error("Without a mutant the tests must pass, but:", ...failed, ...broken);
    return 2;
  }
  console.log(`${chosen.length} mutants; without one, ${passed} tests pass.`);
  let survivors = 0;
  for (const mutant of chosen) {
    const outcome = await runTests(mutant.tests, mutant.file, mutate(mutant));
    const [killer] = outcome.failed;
    if (killer !== undefined && outcome.broken.length === 0) {
      console.log(`killed    ${mutant.name}\n          by ${killer}`);
    } else {
      survivors++;
      console.log(`SURVIVED  ${mutant.name} (${mutant.file})`, ...outcome.broken);
    }
  }
  console.log(survivors === 0 ? `All ${chosen.length} mutants are killed.` : `${survivors} mutants survive.`);
  return survivors === 0 ? 0 : 1;
}

process.exit(await run(process.argv.slice(2).join(" ")));
