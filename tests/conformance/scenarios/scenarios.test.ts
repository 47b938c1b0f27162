// That every action of the named scenarios makes sense, what generated ones are made of, and that failures become small.
import { expect, test } from "vitest";
import { append, plan } from "../model/actions.ts";
import { generatedScenario } from "./generated.ts";
import { NAMED_SCENARIOS } from "./named.ts";
import { ACCOUNTS, expectedSteps, newModel, type Scenario } from "./scenario.ts";
import { shrink } from "./shrink.ts";

test.each(NAMED_SCENARIOS)("every action of $name makes sense, and wallets come to the end", (scenario) => {
  const model = newModel();
  for (const { name, actions, done } of expectedSteps(scenario, model)) expect(done, name).toEqual(actions);
  expect([model.viewCount, model.counts.ingest, model.counts.ledger]).toEqual(Array(3).fill(model.blocks.length));
  expect(model.commonCount).toBe(model.blocks.length);
});

const SEEDS = Array.from({ length: 100 }, (_, i) => i);

test("a seed always gives the same scenario, and seeds give all that may happen", () => {
  expect(generatedScenario(7)).toEqual(generatedScenario(7));
  const happened = new Set(
    SEEDS.flatMap((seed) => generatedScenario(seed).steps.map(({ name }) => name.replace(/^\d+-/, ""))),
  );
  expect([...happened].sort()).toEqual([
    ...["both", "end", "ingest-ahead", "ingest-follows", "ledger-ahead", "ledger-follows", "lose-key"],
    ...["restart-ingest", "restart-ledger", "restart-view", "retire", "start"],
  ]);
  const missed = SEEDS.map((seed) => {
    const model = newModel();
    for (const { actions } of generatedScenario(seed).steps) for (const action of actions) model.apply(action);
    return model.missed.some(({ start, end }) =>
      model.blocks.some(({ credits }, index) => index >= start && index < end && credits.length > 0),
    );
  });
  expect(missed.filter(Boolean).length).toBeGreaterThan(10);
});

test("in generated scenarios no height goes back, every account can answer something, and all money is found in the end", () => {
  for (const seed of SEEDS) {
    const model = newModel();
    const commonCounts: number[] = [0];
    for (const { expected } of expectedSteps(generatedScenario(seed), model)) {
      commonCounts.push(model.commonCount);
      const wrong = expected.filter(
        ({ acceptable, eventual }) =>
          eventual.length === 0 ||
          eventual.some((count) => !acceptable.has(count)) ||
          [...acceptable.values()].some((balance) => balance < 0),
      );
      expect(wrong, `seed ${seed}`).toEqual([]);
    }
    expect(commonCounts, `seed ${seed}`).toEqual(commonCounts.toSorted((a, b) => a - b));
    const made = model.blocks.flatMap(({ credits }) => credits.map(({ amount }) => amount));
    const gone = model.blocks.flatMap(({ spends }) =>
      spends.map(({ block, credit }) => model.blocks[block]?.credits[credit]?.amount ?? 0),
    );
    const owned = Array.from({ length: ACCOUNTS }, (_, account) => model.balanceAt(account, model.blocks.length));
    expect(sum(owned), `seed ${seed}`).toBe(sum(made) - sum(gone));
  }
});

test("a failure becomes as small as what it takes", async () => {
  const scenario = generatedScenario(3);
  const restarted: Scenario = {
    ...scenario,
    steps: [
      ...scenario.steps.slice(0, 4),
      { name: "view", actions: [{ do: "restart-ledger" }, { do: "restart-view" }] },
      ...scenario.steps.slice(4),
      { name: "last", actions: [plan("0:1"), ...append("ledger")] },
    ],
  };
  let runs = 0;
  const fails = async (tried: Scenario): Promise<boolean> => {
    runs++;
    const done = [...expectedSteps(tried, newModel())].flatMap((step) => step.done);
    const credited = done.findIndex((action) => action.do === "plan");
    return credited >= 0 && done.slice(credited).some((action) => action.do === "restart-view");
  };
  const smallest = await shrink(restarted, fails, 100);
  expect(runs).toBeLessThanOrEqual(100);
  const left = smallest.steps.flatMap(({ actions }) => actions.map((action) => action.do));
  expect(left.toSorted()).toEqual(["activate", "plan", "restart-view", "start", "use-key"]);
  await shrink(restarted, async () => false, 5);
  const few = { runs: 0 };
  await shrink(
    restarted,
    async () => {
      few.runs++;
      return true;
    },
    5,
  );
  expect(few.runs).toBe(5);
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
