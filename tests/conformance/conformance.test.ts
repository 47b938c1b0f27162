// The named scenarios and two generated ones, over processes, with our wallet, the independent client, or both.
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScenario } from "./run-scenario.ts";
import { generatedScenario } from "./scenarios/generated.ts";
import { MOBILECOIN } from "./scenarios/mobilecoin.ts";
import { NAMED_SCENARIOS } from "./scenarios/named.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { independentWallet, ourWallet, together, type Wallets } from "./wallets.ts";

const SEED = Number(process.env.FOGBOW_SEED ?? 1);
const TEST_MS = 900_000;
const GENERATED = [SEED, SEED + 1].map(generatedScenario);

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

test(`both makes of wallets: ${MOBILECOIN.about}`, () => hold(MOBILECOIN, ours, independent), TEST_MS);

test.each(NAMED_SCENARIOS.filter((each) => each !== MOBILECOIN))(
  "our wallet: $about",
  (scenario) => hold(scenario, ours),
  TEST_MS,
);

test.each(GENERATED)("the independent client: $name", (scenario) => hold(scenario, independent), TEST_MS);
