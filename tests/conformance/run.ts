// `npm run conformance -- [--scenario NAME] [--wallet URI] [--json]`: holds wallets, and a Fog of processes beneath them, against
// what is true. Ends with 1 when something went wrong, with 2 when it was told what it does not know.
import { parseArgs } from "node:util";
import { runScenario, type ScenarioResult } from "./run-scenario.ts";
import { NAMED_SCENARIOS } from "./scenarios/named.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { otherWallet, ourWallet, together, type Wallets } from "./wallets.ts";

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true, default: [] },
    wallet: { type: "string", multiple: true, default: [] },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const USAGE = `npm run conformance -- [--scenario NAME]… [--wallet URI]… [--json]

  --scenario NAME  one of these; all of them without
${NAMED_SCENARIOS.map(({ name, about }) => `                     ${name}: ${about}`).join("\n")}
  --wallet URI     wallets that somebody serves, such as insecure-remote-wallet://127.0.0.1:9090; ours without
  --json           one JSON object for each scenario`;

const unknown = values.scenario.filter((name) => NAMED_SCENARIOS.every((each) => each.name !== name));
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no scenario ${unknown.join(", ")}.\n\n${USAGE}` : USAGE);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const chosen = NAMED_SCENARIOS.filter(({ name }) => values.scenario.length === 0 || values.scenario.includes(name));
  const wallets = values.wallet.length > 0 ? together(values.wallet.map(otherWallet)) : await ourWallet();
  try {
    process.exitCode = await runAll(chosen, wallets);
  } finally {
    await wallets.stop();
  }
}

async function runAll(scenarios: readonly Scenario[], { drivers }: Wallets): Promise<number> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    if (!values.json) console.log(`${scenario.name}, with ${drivers.map(({ name }) => name).join(" and ")}`);
    const result = await runScenario(scenario, drivers, (step) => {
      if (values.json) return;
      const heights = `view ${step.view}, ledger ${step.ledger}`;
      console.log(
        `  ✓ ${step.name.padEnd(12)} ${heights.padEnd(18)} ${String(step.answers).padStart(5)} answers ${step.seconds.toFixed(1).padStart(6)} s`,
      );
    });
    results.push(result);
    if (values.json) console.log(JSON.stringify(result));
    else console.log(result.failure === undefined ? `  ${result.seconds} s` : `  ✗ ${result.failure.message}`);
    for (const driver of drivers) await driver.reset();
  }
  return results.every(({ failure }) => failure === undefined) ? 0 : 1;
}
