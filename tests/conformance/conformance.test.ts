// The named scenarios, once each, over processes.
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScenario } from "./run-scenario.ts";
import { NAMED_SCENARIOS } from "./scenarios/named.ts";
import { ourWallet, type Wallets } from "./wallets.ts";

let wallets: Wallets;
beforeAll(async () => {
  wallets = await ourWallet();
}, 120_000);
afterAll(() => wallets.stop(), 30_000);

test.each(NAMED_SCENARIOS)(
  "$name: $about",
  async (scenario) => {
    const { steps, failure } = await runScenario(scenario, wallets.drivers);
    expect(failure).toBeUndefined();
    expect(steps.map(({ name }) => name)).toEqual(scenario.steps.map(({ name }) => name));
  },
  600_000,
);
