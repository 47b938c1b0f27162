// `npm run conformance`: holds wallets, and a Fog of processes beneath them, against what is true. Ends with 1 when something went
// wrong, with 2 when it was told what it does not know.
import { parseArgs } from "node:util";
import type { RemoteWallet } from "./check/wallet-driver.ts";
import { describe } from "./model/actions.ts";
import { type PassedStep, runScenario, type ScenarioResult } from "./run-scenario.ts";
import { generatedScenario } from "./scenarios/generated.ts";
import { NAMED_SCENARIOS } from "./scenarios/named.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { shrink } from "./scenarios/shrink.ts";
import { independentWallet, otherWallet, ourWallet, together, type Wallets } from "./wallets.ts";

const GENERATED = "generated";
/** Runs that a failure is made smaller with. */
const SHRINKING_RUNS = 24;

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true, default: [] },
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "20" },
    wallet: { type: "string", multiple: true, default: [] },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const USAGE = `npm run conformance -- [--scenario NAME]… [--seed N] [--runs K] [--wallet URI]… [--json]

  --scenario NAME  one of these; all of them without
${NAMED_SCENARIOS.map(({ name, about }) => `                     ${name}: ${about}`).join("\n")}
                     ${GENERATED}: scripts that are drawn from seeds; one that fails is made as small as it can be
  --seed N         the first seed of generated scripts (1); the others follow it
  --runs K         generated scripts (20)
  --wallet URI     wallets that somebody serves, such as insecure-remote-wallet://127.0.0.1:9090, or
                   "independent" for the client in mini-client, or "fogbow" for ours, which is taken without
  --json           one JSON object for each scenario`;

const known = [...NAMED_SCENARIOS.map(({ name }) => name), GENERATED];
const unknown = values.scenario.filter((name) => !known.includes(name));
const numbers = [values.seed, values.runs].every((text) => /^\d{1,9}$/.test(text));
if (values.help || unknown.length > 0 || !numbers) {
  if (unknown.length > 0) console.log(`There is no scenario ${unknown.join(", ")}.\n`);
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const wallets = together(await walletsAt(values.wallet.length > 0 ? values.wallet : ["fogbow"]));
  try {
    process.exitCode = await runAll(chosen(), wallets.drivers);
  } finally {
    await wallets.stop();
  }
}

function chosen(): Scenario[] {
  const isChosen = (name: string): boolean => values.scenario.length === 0 || values.scenario.includes(name);
  const seeds = Array.from({ length: Number(values.runs) }, (_, i) => Number(values.seed) + i);
  return [
    ...NAMED_SCENARIOS.filter(({ name }) => isChosen(name)),
    ...(isChosen(GENERATED) ? seeds.map(generatedScenario) : []),
  ];
}

function walletsAt(names: readonly string[]): Promise<Wallets[]> {
  const makes: Readonly<Record<string, () => Promise<Wallets>>> = { fogbow: ourWallet, independent: independentWallet };
  return Promise.all(names.map(async (name) => makes[name]?.() ?? otherWallet(name)));
}

async function runAll(scenarios: readonly Scenario[], drivers: readonly RemoteWallet[]): Promise<number> {
  let failures = 0;
  for (const scenario of scenarios) {
    say(`${scenario.name}, with ${drivers.map(({ name }) => name).join(" and ")}`);
    const result = await runOnce(scenario, drivers, showStep);
    const { failure, seconds } = result;
    const smallest = failure !== undefined && scenario.name.startsWith(GENERATED) && (await smaller(scenario, drivers));
    if (values.json) console.log(JSON.stringify(smallest === false ? result : { ...result, smallest }));
    say(failure === undefined ? `  ${seconds} s` : `  ✗ ${failure.message}`);
    if (smallest !== false)
      say(`  the smallest script that fails too:\n${smallest.map((line) => `    ${line}`).join("\n")}`);
    if (failure !== undefined) failures++;
  }
  return failures === 0 ? 0 : 1;
}

async function runOnce(
  scenario: Scenario,
  drivers: readonly RemoteWallet[],
  told?: (step: PassedStep) => void,
): Promise<ScenarioResult> {
  const result = await runScenario(scenario, drivers, told);
  for (const driver of drivers) await driver.reset();
  return result;
}

/** What is left of a script that fails, in lines. */
async function smaller(scenario: Scenario, drivers: readonly RemoteWallet[]): Promise<string[]> {
  const fails = async (tried: Scenario): Promise<boolean> => (await runOnce(tried, drivers)).failure !== undefined;
  const { steps } = await shrink(scenario, fails, SHRINKING_RUNS);
  return steps.map(({ name, actions }) => `${name}: ${actions.map(describe).join("; ")}`);
}

function showStep({ name, view, ledger, answers, seconds }: PassedStep): void {
  const heights = `view ${view}, ledger ${ledger}`;
  say(
    `  ✓ ${name.padEnd(18)} ${heights.padEnd(20)} ${String(answers).padStart(5)} answers ${seconds.toFixed(1).padStart(6)} s`,
  );
}

function say(text: string): void {
  if (!values.json) console.log(text);
}
