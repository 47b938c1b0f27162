// `npm run privacy`: runs the tests that show the threat model's requirements, plays the games, and prints what came out. Ends
// with 1 when a test fails or is not there any more, and when a game does not end as it should.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Reporter, startVitest, type TestModule } from "vitest/node";
import { isAsItShouldBe, type Played, playAll } from "./games/all-games.ts";
import { guessRealInputs } from "./games/real-input.ts";
import type { Rate } from "./interval.ts";
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
function resultOf(
  { shown }: Requirement,
  results: ReadonlyMap<string, boolean>,
): "holds" | "FAILS" | "nothing to test" {
  if (shown.length === 0) return "nothing to test";
  const holds = shown.every(({ file, names }) =>
    names.every((name) => {
      const found = [...results].filter(([test]) => test.startsWith(`${file}: `) && test.includes(name));
      return found.length > 0 && found.every(([, passed]) => passed);
    }),
  );
  return holds ? "holds" : "FAILS";
}

/** A rate with its interval. */
function printRate({ rate, low, high, successes, trials }: Rate): string {
  const [right, least, most] = [rate, low, high].map((each) => `${(100 * each).toFixed(1)} %`);
  return `${right} (${least} to ${most}; ${successes} of ${trials})`;
}

function printGame(played: Played): void {
  const { game, against, attacker, rate, shouldWin } = played;
  const verdict = isAsItShouldBe(played) ? (shouldWin ? "wins, as it should" : "a coin") : "NOT AS IT SHOULD BE";
  console.log(`  ${game} ${attacker}, against ${against}: ${printRate(rate)}: ${verdict}`);
}

const started = performance.now();
const results = await runTests([...new Set(REQUIREMENTS.flatMap(({ shown }) => shown.map(({ file }) => file)))]);
const rows = REQUIREMENTS.map((requirement) => ({ ...requirement, result: resultOf(requirement, results) }));
for (const { id, adversary, result, promise, mechanism } of rows) {
  console.log(`${id.padEnd(8)} ${adversary.padEnd(8)} ${result.padEnd(16)} ${promise} (${mechanism})`);
}
console.log("\nHow often an attacker is right that has learned from as many rounds (interval of 99.9 %):");
let wrong = 0;
await playAll(SEED, (played) => {
  printGame(played);
  if (!isAsItShouldBe(played)) wrong += 1;
});
console.log("\nThe real input of a ring, guessed by the ages of its members (1 in 11 is 9.1 %; interval of 99.9 %):");
for (const { name, rule, rate } of guessRealInputs(SEED)) {
  console.log(`  spent ${name}: ${printRate(rate)}, by taking ${rule}`);
}
const failed = rows.filter(({ result }) => result === "FAILS").length;
const empty = rows.filter(({ result }) => result === "nothing to test").length;
const held = rows.length - failed - empty;
const seconds = ((performance.now() - started) / 1_000).toFixed(0);
console.log(`\n${held} hold, ${failed} fail, ${empty} have nothing to test; ${wrong} games go wrong; ${seconds} s.`);
process.exitCode = failed + wrong === 0 ? 0 : 1;
