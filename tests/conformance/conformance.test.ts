// The named scenarios and two generated ones, over processes, each with one make of wallets or both. `npm run conformance` holds
// every scenario against every make.
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScenario } from "./run-scenario.ts";
import { generatedScenario } from "./scenarios/generated.ts";
import { MOBILECOIN } from "./scenarios/mobilecoin.ts";
import { NAMED_SCENARIOS } from "./scenarios/named.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { independentWallet, ourWallet, together, type Wallets } from "./wallets.ts";

const SEED = Number(process.env.FOGBOW_SEED ?? 1);
const TEST_MS = 900_000;

let ours: Wallets;
let independent: Wallets;
beforeAll(async () => {
  [ours, independent] = await Promise.all([ourWallet(), independentWallet()]);
}, 120_000);
afterAll(async () => {
  await Promise.all([ours.stop(), independent.stop()]);
}, 30_000);

async function hold(scenario: Scenario, ...makes: readonly Wallets[]): Promise<void> {
  const { drivers } = together(makes);
  const { steps, failure } = await runScenario(scenario, drivers);
  expect(failure).toBeUndefined();
  expect(steps.map(({ name }) => name)).toEqual(scenario.steps.map(({ name }) => name));
  for (const driver of drivers) await driver.reset();
}

test(`our wallet: ${MOBILECOIN.about}`, () => hold(MOBILECOIN, ours), TEST_MS);

test.each(NAMED_SCENARIOS.filter((each) => each !== MOBILECOIN))(
  "the independent client: $about",
  (scenario) => hold(scenario, independent),
  TEST_MS,
);

test("both makes of wallets: a generated script", () => hold(generatedScenario(SEED), ours, independent), TEST_MS);

test("our wallet: another one", () => hold(generatedScenario(SEED + 1), ours), TEST_MS);
