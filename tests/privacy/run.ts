// `npm run privacy`: runs the tests that show the threat model's requirements, plays the games, and prints what came out. Ends
// with 1 when a test fails or is not there any more. A requirement that nothing shows yet is printed as such.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Reporter, startVitest, type TestModule } from "vitest/node";
import { guessRealInputs } from "./games/real-input.ts";
import { REQUIREMENTS, type Requirement } from "./requirements.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SEED = Number(process.env.FOGBOW_SEED ?? 1);

/** For each test, by `file: full name`, whether it passed. */
async function runTests(files: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
  let modules: readonly TestModule[] = [];
  const reporter: Reporter = {
    onTestRunEnd: (testModules) => {
      modules = testModules;
    },
  };
  const vitest = await startVitest("test", [...files], { root: ROOT, watch: false, reporters: [reporter] });
  await vitest.close();
  process.exitCode = 0; // What failed is printed below.
  return new Map(
    modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => [`${relative(ROOT, test.module.moduleId)}: ${test.fullName}`, test.result().state === "passed"]),
  );
}

/** What a requirement's tests say. */
function resultOf({ shown }: Requirement, results: ReadonlyMap<string, boolean>): "holds" | "FAILS" | "not shown yet" {
  if (shown.length === 0) return "not shown yet";
  const holds = shown.every(({ file, names }) =>
    names.every((name) => {
      const found = [...results].filter(([test]) => test.startsWith(`${file}: `) && test.includes(name));
      return found.length > 0 && found.every(([, passed]) => passed);
    }),
  );
  return holds ? "holds" : "FAILS";
}

const results = await runTests([...new Set(REQUIREMENTS.flatMap(({ shown }) => shown.map(({ file }) => file)))]);
const rows = REQUIREMENTS.map((requirement) => ({ ...requirement, result: resultOf(requirement, results) }));
for (const { id, adversary, result, promise, mechanism } of rows) {
  console.log(`${id.padEnd(8)} ${adversary.padEnd(8)} ${result.padEnd(14)} ${promise} (${mechanism})`);
}
console.log("\nThe real input of a ring, guessed by the ages of its members (1 in 11 is 9.1 %; interval of 99.9 %):");
for (const { name, rule, rate } of guessRealInputs(SEED)) {
  const [guessed, low, high] = [rate.rate, rate.low, rate.high].map((each) => `${(100 * each).toFixed(1)} %`);
  console.log(`  spent ${name}: ${guessed} (${low} to ${high}), by taking ${rule}`);
}
const failed = rows.filter(({ result }) => result === "FAILS").length;
const open = rows.filter(({ result }) => result === "not shown yet").length;
console.log(`\n${rows.length - failed - open} hold, ${failed} fail, ${open} are not shown yet.`);
process.exitCode = failed === 0 ? 0 : 1;
