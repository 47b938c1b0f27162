// Networks of several shapes, and links that fail (spec 05 §6.7, 36 to 47 and 74).
import { leaderOf, nodeKey } from "@fogbow/core-scp";
import { expect, test } from "vitest";
import { quietConfig, runScenario, type Scenario } from "../scenario.ts";
import { identity } from "../world/identity.ts";
import { ASYMMETRIC, hierarchy, mesh, organisations, quorumSet, ring, type Topology } from "../world/topologies.ts";

const TIMEOUT_MS = 300_000;

test("36: two of three nodes decide, each listening to one other; the third comes later", {
  timeout: TIMEOUT_MS,
}, async () => {
  await runScenario(
    quietConfig(mesh(3, 1)),
    async (it) => {
      await it.payAndWait(3, [1, 2]);
      it.node(3).start();
      await it.payAndWait(1, [1, 2, 3]);
      await it.finish();
    },
    { absent: [3] },
  );
});

const BRANCHED: Topology = {
  name: "branched_cycle_5",
  quorumSets: [quorumSet(1, [2]), quorumSet(1, [3]), quorumSet(1, [1]), quorumSet(1, [1]), quorumSet(1, [4])],
  faultGroups: [],
};

test.each([
  { name: "37: four nodes at the core and three around them", topology: hierarchy(3) },
  { name: "38: a cycle of four", topology: ring(4) },
  { name: "39: a cycle of three with a branch of two", topology: BRANCHED },
  { name: "40: nodes of different opinions, within the budget of messages", topology: ASYMMETRIC },
])("$name", { timeout: TIMEOUT_MS }, async ({ topology }) => {
  await runScenario(quietConfig(topology), async (it) => {
    await it.pass(6_000); // Until messages are counted.
    await it.payAndWait(
      3,
      topology.quorumSets.map((_, i) => i + 1),
    );
    await it.finish();
  });
});

test("44: a leader whom all but one have lost holds nobody up", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    await it.payAndWait(1, [1, 2, 3, 4]);
    it.disturb();
    const leader = leaderOfNextSlot(it);
    const [friend, ...others] = [1, 2, 3, 4].filter((each) => each !== leader) as [number, number, number];
    const isHidden = (index: number): boolean => others.includes(index);
    it.world.network.isCut = (from, to) => (from === leader && isHidden(to)) || (to === leader && isHidden(from));
    it.pay(leader, friend);
    await it.untilHeight(3, others);
    it.world.network.isCut = () => false;
    await it.finish();
  });
});

test("45: who lost the last decision asks for it", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    it.disturb();
    const { network, messageChecks } = it.world;
    network.drops = (_from, to, method, request) =>
      to === 4 && method === "sendConsensusMsg" && messageChecks.kindOf(request) === "externalize";
    await it.payAndWait(2, [1, 2, 3, 4], 20_000);
    await it.finish();
  });
});

test("45: also while transactions go on coming", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(ring(4)), async (it) => {
    it.disturb();
    const { network, messageChecks } = it.world;
    // In a ring nobody decides without node 4, which nobody reaches but with transactions and answers.
    network.drops = (_from, to, method, request) =>
      to === 4 && method === "sendConsensusMsg" && messageChecks.kindOf(request) !== "nominate";
    for (let i = 0; i < 30; i++) {
      it.pay(1 + (i % 4));
      await it.pass(1_000);
    }
    expect(it.height).toBeGreaterThan(2);
    await it.finish();
  });
});

test("46: a link that works in one direction for a minute", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    it.disturb();
    it.world.network.isCut = (from, to) => from === 2 && to === 1;
    for (let i = 0; i < 6; i++) {
      await it.payAndWait(1, [1, 2, 3, 4]);
      await it.pass(9_000);
    }
    it.world.network.isCut = () => false;
    await it.finish();
  });
});

test("47: links that are clogged one by one and released in another order", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(5, 3)), async (it) => {
    it.disturb();
    const { random } = it.world;
    const clogged = new Set<string>();
    it.world.network.isCut = (from, to) => clogged.has(`${from} ${to}`);
    const nodes = [1, 2, 3, 4, 5];
    const links = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => `${from} ${to}`));
    for (let round = 0; round < 3; round++) {
      it.pay(1, 3);
      const some = random.shuffled(links).slice(0, 12);
      for (const link of some) {
        clogged.add(link);
        await it.pass(70);
      }
      for (const link of random.shuffled(some)) {
        clogged.delete(link);
        await it.pass(70);
      }
    }
    await it.finish();
  });
});

test("74: 25 nodes of five organisations, one of which is down", { timeout: TIMEOUT_MS }, async () => {
  const absent = [21, 22, 23, 24, 25];
  const present = Array.from({ length: 20 }, (_, i) => i + 1);
  const config = quietConfig(organisations(5, 4, 5, 4), { withModel: false });
  await runScenario(config, (it) => it.payAndWait(1, present), { absent });
});

/** Who leads the next slot in the eyes of node 1. */
function leaderOfNextSlot({ world, height }: Scenario): number {
  const self = identity(1).node;
  const previousBlockId = world.chainChecks.block(height - 1)?.data.block.id ?? new Uint8Array(32);
  const round = { slotIndex: BigInt(height), round: 1, leaderHash: { kind: "bound", previousBlockId } as const };
  const leader = leaderOf(round, nodeKey(self), world.quorumSetOf(1), new Set());
  const index = [1, 2, 3, 4].find((each) => nodeKey(identity(each).node) === leader);
  expect(index).toBeDefined();
  return index ?? 1;
}
