// Transactions that cannot all be in a block, that come too late, and that come all at once (spec 05 §6.7, 60 to 63, 72 and 77).
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { quietConfig, runScenario, type Scenario } from "../scenario.ts";
import { configureMinting, mint } from "../world/economy.ts";
import { mesh } from "../world/topologies.ts";
import { type PooledTx, payment, rival, shortLived, twin } from "../world/tx-pool.ts";

const TIMEOUT_MS = 300_000;
const FOUR = [1, 2, 3, 4];

const submit = (it: Scenario, tx: PooledTx, ...to: readonly number[]): void =>
  it.world.clients.submit(
    tx,
    to.map((index) => it.node(index)),
  );

const blocksOf = (it: Scenario, ...txs: readonly PooledTx[]): readonly bigint[] =>
  txs.flatMap(({ hash }) => it.world.chainChecks.blockOf(hash) ?? []);

test("60: a transaction whose last block is being agreed on without it is never in one", {
  timeout: TIMEOUT_MS,
}, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    await it.payAndWait(1, FOUR);
    it.pay(1);
    await it.until("values are confirmed", () => it.node(1).status()?.slot?.phase === "prepare");
    const late = shortLived(140, 3n); // Block 2 is being agreed on.
    submit(it, late, 1, 2, 3, 4);
    await it.finish();
    expect(blocksOf(it, late)).toEqual([]);
  });
});

test("60: one that waits longer than it may is dropped", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    const late = shortLived(141, 4n);
    it.disturb();
    it.world.network.isCut = (from, to) => from === 1 || to === 1;
    submit(it, late, 1); // Nobody else has it.
    await it.payAndWait(3, [2, 3, 4]);
    it.world.network.isCut = () => false;
    await it.finish();
    expect(blocksOf(it, late)).toEqual([]);
    await it.until("node 1 has dropped it", () => it.node(1).status()?.pending === 0);
  });
});

test("61: of two transactions that spend one output, proposed to two nodes, exactly one is in a block", {
  timeout: TIMEOUT_MS,
}, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    for (let grant = 0; grant < 3; grant++) {
      submit(it, payment(grant), 1);
      submit(it, rival(grant), 3);
      await it.finish();
      expect(blocksOf(it, payment(grant), rival(grant))).toHaveLength(1);
    }
  });
});

test("in a block those that pay more come first, then those of smaller hashes", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    it.disturb();
    for (let grant = 0; grant < 6; grant++) submit(it, grant % 2 === 0 ? payment(grant) : rival(grant), ...FOUR);
    await it.finish(); // The order of every decision is checked as it is said.
    expect(it.height).toBeLessThan(7);
  });
});

test("62: of two transactions that would make one output key, exactly one is in a block", {
  timeout: TIMEOUT_MS,
}, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    submit(it, payment(0), 2);
    submit(it, twin(0, 120), 4);
    await it.finish();
    expect(blocksOf(it, payment(0), twin(0, 120))).toHaveLength(1);
  });
});

test("63: eleven minting transactions under three configurations: each charges one once a block", {
  timeout: TIMEOUT_MS,
}, async () => {
  const config = quietConfig(mesh(4, 2));
  await runScenario({ ...config, workload: { ...config.workload, mintsFor: "script" } }, async (it) => {
    const { clients, chainChecks } = it.world;
    clients.submitMintConfig(configureMinting(1, 100n));
    await it.untilHeight(2, FOUR);
    for (let n = 0; n < 11; n++) clients.submitMint(mint(10 + n, 1_000n, 11 + (n % 3), 100n));
    await it.finish(120_000);
    let minted = 0;
    for (let index = 2; index < it.height; index++) {
      const mints = chainChecks.block(index)?.data.contents.mintTxs ?? [];
      const signatures = mints.flatMap(({ signature }) => signature.signatures.map(toHex));
      expect(mints.length).toBeLessThanOrEqual(3);
      expect(new Set(signatures).size).toBe(signatures.length);
      minted += mints.length;
    }
    expect(minted).toBe(11);
  });
});

test("72: with 500 values waiting whoever asks for more is refused, and no session falls out of step", {
  timeout: TIMEOUT_MS,
}, async () => {
  const config = quietConfig(mesh(4, 2), { withModel: false });
  await runScenario({ ...config, workload: { ...config.workload, mintsFor: "script" } }, async (it) => {
    it.disturb();
    const { clients, counters, network } = it.world;
    clients.submitMintConfig(configureMinting(1, 100n));
    await it.untilHeight(2, FOUR);
    it.pay(1);
    await it.untilHeight(3, FOUR);
    network.isCut = (from, to) => from === 1 || to === 1; // What node 1 has, it keeps.
    for (let n = 0; n < 510; n++) clients.submitMint(mint(n, 1n, 11 + (n % 3), 6n), it.node(1));
    await it.until("500 values wait", () => it.node(1).status()?.pending === 500);
    const refusedBefore = counters.get("proposals_refused") ?? 0;
    for (let i = 0; i < 5; i++) it.pay(1);
    await it.pass(1_000);
    expect(it.node(1).status()?.pending).toBe(500);
    expect((counters.get("proposals_refused") ?? 0) - refusedBefore).toBe(5);
    await it.payAndWait(3, [2, 3, 4]); // The last block that those minting transactions could be in.
    network.isCut = () => false;
    await it.untilHeight(it.height, [1], 60_000);
    await it.until("nothing waits any more", () => it.node(1).status()?.pending === 0);
    const acceptedBefore = clients.accepted;
    it.pay(1);
    await it.finish();
    expect(clients.accepted).toBeGreaterThan(acceptedBefore);
    expect(clients.sessionsBegun.get(1)).toBe(1);
  });
});

test("77: a burst of ninety transactions", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2), { withModel: false }), async (it) => {
    it.disturb(); // Values that arrive one by one each make a message.
    for (let i = 0; i < 90; i++) it.pay(1 + (i % 4));
    await it.finish(120_000);
    expect(it.height).toBeLessThan(30);
  });
});
