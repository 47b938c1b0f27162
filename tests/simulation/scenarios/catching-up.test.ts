// Nodes that are behind, and archives that are no help (spec 05 §6.7, 65, 66 and 68); and networks with little or nothing to
// do (75, 76).
import { expect, test } from "vitest";
import { quietConfig, runScenario } from "../scenario.ts";
import { mesh } from "../world/topologies.ts";

const TIMEOUT_MS = 300_000;
const THREE = [1, 2, 3];
const FOUR = [1, 2, 3, 4];

test.each([1, 2, 40])("65: a node that is %i blocks behind", { timeout: TIMEOUT_MS }, async (blocks) => {
  await runScenario(
    quietConfig(mesh(4, 2), { withModel: blocks < 10 }),
    async (it) => {
      it.disturb();
      await it.payAndWait(blocks, THREE);
      it.node(4).start();
      await it.untilHeight(blocks + 1, FOUR, 60_000);
      await it.payAndWait(2, FOUR);
      await it.finish();
    },
    { absent: [4] },
  );
});

test("66: archives that serve another chain than the network's are not believed", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(
    quietConfig(mesh(4, 2)),
    async (it) => {
      it.disturb();
      const { archives } = it.world;
      for (const archive of archives) archive.config = { ...archive.config, wrong: 1 };
      await it.payAndWait(15, THREE); // More than peers remember.
      it.node(4).start();
      await it.pass(20_000);
      expect(it.node(4).blockCount).toBe(1n);
      for (const archive of archives) archive.config = { ...archive.config, wrong: 0 };
      await it.untilHeight(16, FOUR, 120_000);
      await it.finish();
    },
    { absent: [4] },
  );
});

test("68: an archive with a gap is read up to the gap, and on when it is filled", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(
    quietConfig(mesh(4, 2)),
    async (it) => {
      it.disturb();
      const { archives } = it.world;
      for (const archive of archives) archive.gaps = new Set([5n]);
      await it.payAndWait(18, THREE);
      it.node(4).start();
      await it.untilHeight(5, FOUR, 60_000);
      await it.pass(10_000);
      expect(it.node(4).blockCount).toBe(5n);
      for (const archive of archives) archive.gaps = new Set();
      await it.untilHeight(19, FOUR, 120_000);
      await it.finish();
    },
    { absent: [4] },
  );
});

test("75: an hour without traffic makes no block, and no message but that nodes ask after each other", {
  timeout: TIMEOUT_MS,
}, async () => {
  const MS = 3_600_000;
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    await it.pass(MS);
    expect(it.height).toBe(1);
    const { sent } = it.world.network;
    expect(sent.get("sendConsensusMsg") ?? 0).toBe(0);
    const calls = [...sent.values()].reduce((sum, count) => sum + count, 0);
    // Twelve directions, a question every three seconds, and now and then one more.
    expect(calls).toBeLessThan(12 * (MS / 3_000) * 1.5);
  });
});

test("76: a transaction a minute", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    for (let i = 0; i < 20; i++) {
      await it.payAndWait(1, FOUR);
      await it.pass(60_000);
    }
    expect(it.height).toBe(21);
    await it.finish();
  });
});
