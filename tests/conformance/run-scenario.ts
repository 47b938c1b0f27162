// Runs one scenario: a Fog of processes, its actions, and wallets held against what is expected after each step.
import { BalanceCheck } from "./check/balance-check.ts";
import type { WalletDriver } from "./check/wallet-driver.ts";
import { FogProcesses } from "./fog/fog-processes.ts";
import { type Action, describe, type LedgerName } from "./model/actions.ts";
import type { FogModel } from "./model/fog-model.ts";
import { ACCOUNTS, expectedSteps, newModel, type Scenario } from "./scenarios/scenario.ts";

/** A step that was passed. */
export interface PassedStep {
  readonly name: string;
  readonly actions: readonly string[];
  /** Blocks that view and ledger have then. */
  readonly view: number;
  readonly ledger: number;
  /** Answers of wallets that were looked at. */
  readonly answers: number;
  readonly seconds: number;
}

/** How a scenario went. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly steps: readonly PassedStep[];
  readonly seconds: number;
  /** What went wrong in the step after those; undefined when nothing did. */
  readonly failure?: { readonly step: string; readonly message: string };
}

/** Runs it with some makes of wallets at once. What goes wrong is in the result. */
export async function runScenario(
  scenario: Scenario,
  drivers: readonly WalletDriver[],
  told: (step: PassedStep) => void = () => undefined,
): Promise<ScenarioResult> {
  const began = performance.now();
  const [ahead, model] = [newModel(), newModel()]; // One that knows how a step ends, and one that goes along with the processes.
  const steps: PassedStep[] = [];
  let step = "start";
  const fog = await FogProcesses.start({ accounts: ACCOUNTS, userCapacity: scenario.userCapacity }, model);
  try {
    const accounts = Array.from({ length: ACCOUNTS }, (_, i) => fog.account(i));
    const place = { uri: fog.uri, chainId: fog.chainId };
    const check = new BalanceCheck({ drivers, accounts, fog: place });
    for (const { name, done, expected } of expectedSteps(scenario, ahead)) {
      step = name;
      const [stepBegan, answersBefore] = [performance.now(), check.answers];
      const settled = perform(done, model, fog);
      await Promise.all([settled, check.watch(name, expected, settled)]);
      await check.check(name, expected);
      const passed = {
        name,
        actions: done.map(describe),
        view: model.viewCount,
        ledger: model.counts.ledger,
        answers: check.answers - answersBefore,
        seconds: secondsSince(stepBegan),
      };
      steps.push(passed);
      told(passed);
    }
    return { scenario: scenario.name, steps, seconds: secondsSince(began) };
  } catch (error) {
    const failure = { step, message: error instanceof Error ? error.message : String(error) };
    return { scenario: scenario.name, steps, seconds: secondsSince(began), failure };
  } finally {
    await fog.stop();
  }
}

/** Does a step's actions, one after the other, and waits until all services have come to where they lead. */
async function perform(actions: readonly Action[], model: FogModel, fog: FogProcesses): Promise<void> {
  const appending = new Map<LedgerName, Promise<void>>();
  const appended = async (): Promise<void> => {
    await Promise.all(appending.values());
    appending.clear();
  };
  for (const action of actions) {
    if (action.do === "append") {
      await appending.get(action.to); // Both ledgers grow at one time, each block by block.
      model.apply(action);
      const done = fog.perform(action);
      done.catch(() => undefined); // Whoever waits for it is told.
      appending.set(action.to, done);
      continue;
    }
    await appended();
    if ("node" in action) await fog.settle(); // What an operator does to a node may depend on what it has scanned.
    model.apply(action);
    await fog.perform(action);
  }
  await appended();
  await fog.settle();
}

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 100) / 10;
