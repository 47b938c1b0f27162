// The model against the table of MobileCoin's suite, and against wallets that make the mistakes which the steps are meant to catch.
import { expect, test } from "vitest";
import type { Action } from "./model/actions.ts";
import type { FogModel } from "./model/fog-model.ts";
import { MOBILECOIN } from "./scenarios/mobilecoin.ts";
import { ACCOUNTS, expectedSteps, newModel } from "./scenarios/scenario.ts";

test("the model says of each named step what stands in its table", () => {
  const model = newModel();
  let from = model.commonCount;
  const counts: [string, number, number][] = [];
  for (const { name, actions, done, expected } of expectedSteps(MOBILECOIN, model)) {
    expect(done, name).toEqual(actions); // Every action made sense.
    const modelled = model.expectations(from);
    from = model.commonCount;
    for (let account = 0; account < ACCOUNTS; account++) {
      const table = expected[account];
      const { acceptable, eventual } = modelled[account] as (typeof modelled)[number]; // One for each account.
      for (const [count, balance] of acceptable) {
        expect(table?.acceptable.get(count), `${name}, account ${account}, count ${count}`).toBe(balance);
      }
      expect(eventual, `${name}, account ${account}`).toEqual(table?.eventual);
    }
    counts.push([name, model.viewCount, model.counts.ledger]);
  }
  expect(counts.at(-1)).toEqual(["from11b", 12, 12]);
  expect(model.missed).toEqual([{ start: 11, end: 20 }]);
  expect([...model.nodes].map(([number, { isActive }]) => [number, isActive])).toEqual([
    [1, false],
    [2, true],
  ]);
});

/** The first step after which some wallet that answers so is not accepted. */
function caughtIn(answer: (model: FogModel, account: number) => readonly [count: number, balance: number]) {
  const model = newModel();
  for (const { name, expected } of expectedSteps(MOBILECOIN, model)) {
    for (let account = 0; account < ACCOUNTS; account++) {
      const [count, balance] = answer(model, account);
      if (expected[account]?.acceptable.get(count) !== balance) return name;
    }
  }
  return "nowhere";
}

/** Credits that view knows, without those that the ledger knows to be spent: what a wallet has that forgets to be careful. */
function careless({ blocks, viewCount, counts }: FogModel, account: number, upTo = viewCount): number {
  const spent = new Set(
    blocks.slice(0, counts.ledger).flatMap(({ spends }) => spends.map((each) => JSON.stringify(each))),
  );
  return blocks
    .slice(0, upTo)
    .reduce(
      (sum, { credits }, block) =>
        sum +
        credits.reduce(
          (inner, { account: whose, amount }, credit) =>
            whose === account && !spent.has(JSON.stringify({ block, credit })) ? inner + amount : inner,
          0,
        ),
      0,
    );
}

test("wallets with the mistakes that the steps are for are caught in those steps", () => {
  const right = (model: FogModel, account: number): readonly [number, number] =>
    [...(model.expectations(model.commonCount)[account]?.acceptable ?? [])].at(-1) ?? [0, 0];
  expect(caughtIn(right)).toBe("nowhere");
  // View is ahead, and its height is taken for the wallet's: too much money.
  expect(caughtIn((model, account) => [model.viewCount, careless(model, account)])).toBe("from3a");
  // The ledger is ahead, and what it says to be spent is taken off at any height: money that vanished.
  expect(
    caughtIn((model, account) => {
      const [count] = right(model, account);
      return [count, careless(model, account, count)];
    }),
  ).toBe("from4a");
  // One block too far after a block that was missed.
  expect(
    caughtIn((model, account) => [
      model.commonCount + (model.missed.length > 0 ? 1 : 0),
      model.balanceAt(account, model.commonCount),
    ]),
  ).toBe("from11b");
});

test("what makes no sense is not done", () => {
  const model = newModel();
  const useless: Action[] = [
    { do: "append", to: "ingest" },
    { do: "plan", credits: [{ account: 0, amount: 1 }], spends: [] },
    { do: "activate", node: 1 },
    { do: "report-lost", node: 1 },
    { do: "use-key", node: 1 },
    { do: "forget", node: 1 },
  ];
  expect(useless.filter((action) => model.apply(action))).toEqual([]);
  expect(model.apply({ do: "start", node: 1 })).toBe(true);
  expect(model.apply({ do: "start", node: 1 })).toBe(false);
});
