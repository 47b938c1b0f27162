// `npm run privacy`: runs the tests that show the threat model's requirements, plays the games, and prints what came out. Ends
// with 1 when a test fails or is not there any more, and when a game does not end as it should.
import { fork } from "node:child_process";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Reporter, startVitest, type TestModule } from "vitest/node";
import { isAsItShouldBe, type Played, playInTime, playWatched, type Tell } from "./games/all-games.ts";
import { guessRealInputs } from "./games/real-input.ts";
import type { Rate } from "./interval.ts";
import { REQUIREMENTS, type Requirement, type Shown } from "./requirements.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SEED = Number(process.env.FOGBOW_SEED ?? 1);
/** The argument by which this file plays the games with watched kernels, and nothing else. */
const WATCHED = "watched";

/** For each test that shows something, by `file: full name`, whether it passed. */
async function runTests(shown: readonly Shown[]): Promise<ReadonlyMap<string, boolean>> {
  const files = [...new Set(shown.map(({ file }) => file))];
  const names = shown.flatMap((each) => each.names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  let modules: readonly TestModule[] = [];
  const reporter: Reporter = {
    onTestRunEnd: (testModules) => {
      modules = testModules;
    },
  };
  const testNamePattern = new RegExp(names.join("|"));
  const vitest = await startVitest("test", files, { root: ROOT, watch: false, reporters: [reporter], testNamePattern });
  await vitest.close();
  process.exitCode = 0; // What failed is printed below.
  return new Map(
    modules
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.result().state !== "skipped")
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
  const { against, attacker, rate, shouldWin } = played;
  const verdict = isAsItShouldBe(played) ? (shouldWin ? "won, as it should be" : "chance") : "NOT AS IT SHOULD BE";
  console.log(`  ${attacker}, against ${against}: ${printRate(rate)}: ${verdict}`);
}

/** Plays the games with watched kernels in a process of their own. */
function playWatchedBeside(tell: Tell): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [WATCHED]);
  child.on("message", (played) => tell(played as Played)); // From this very file.
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`The games ended with ${code}.`))));
  });
}

async function main(): Promise<void> {
  const started = performance.now();
  const played: Played[] = [];
  await playInTime(SEED, (each) => played.push(each));
  const shown = REQUIREMENTS.flatMap((requirement) => requirement.shown);
  const [results] = await Promise.all([runTests(shown), playWatchedBeside((each) => played.push(each))]);

  const rows = REQUIREMENTS.map((requirement) => ({ ...requirement, result: resultOf(requirement, results) }));
  for (const { id, adversary, result, promise, mechanism } of rows) {
    console.log(`${id.padEnd(8)} ${adversary.padEnd(8)} ${result.padEnd(16)} ${promise} (${mechanism})`);
  }
  console.log("\nHow often an attacker is right that has learned from as many rounds, with the interval of 99.9 %.");
  for (const game of new Set(played.map((each) => each.game))) {
    console.log(`\n${game}`);
    for (const each of played.filter((one) => one.game === game)) printGame(each);
  }
  console.log("\nWhich of eleven ring members is the real one, by their ages? (One in eleven is 9.1 %.)");
  for (const { name, rule, rate } of guessRealInputs(SEED)) {
    console.log(`  spent ${name}: ${printRate(rate)}, by taking ${rule}`);
  }
  const failed = rows.filter(({ result }) => result === "FAILS").length;
  const empty = rows.filter(({ result }) => result === "nothing to test").length;
  const wrong = played.filter((each) => !isAsItShouldBe(each)).length;
  const held = `${rows.length - failed - empty} hold, ${failed} fail, ${empty} with nothing to test`;
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(`\nRequirements: ${held}. Games: ${played.length}, of which ${wrong} went wrong. ${seconds} s.`);
  process.exitCode = failed + wrong === 0 ? 0 : 1;
}

await (process.argv[2] === WATCHED ? playWatched(SEED, (played) => process.send?.(played)) : main());
