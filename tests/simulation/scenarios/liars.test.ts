// Each named adversary in a small network, and those of spec 05 §6.7 (41 to 43, 56 to 59, 73) in the network that they name.
import { describe, expect, test } from "vitest";
import { ADVERSARIES, type AdversaryName } from "../adversaries/names.ts";
import { quietConfig, runScenario } from "../scenario.ts";
import { simulate } from "../simulate.ts";
import { hierarchy, mesh, type Topology } from "../world/topologies.ts";

const TIMEOUT_MS = 300_000;

const lying = (topology: Topology, faulty: readonly number[], adversary: AdversaryName, payments: number) => {
  const config = quietConfig(topology);
  return { ...config, faulty, adversary, faultsMs: 3_000, workload: { ...config.workload, payments, rivals: 1 } };
};

describe("four nodes, one of which lies", () => {
  test.each(ADVERSARIES)("as %s", { timeout: TIMEOUT_MS }, async (adversary) => {
    const { slots } = await simulate(lying(mesh(4, 2, 1), [2], adversary, 5));
    expect(slots).toBeGreaterThan(1);
  });
});

test.each([
  { name: "41: two mute nodes of seven", topology: mesh(7, 4, 2), faulty: [3, 6], adversary: "mute" as const },
  { name: "42: one flips of four", topology: mesh(4, 2, 1), faulty: [1], adversary: "flip" as const },
  {
    name: "56: a leader whose transactions nobody gets",
    topology: mesh(5, 3, 1),
    faulty: [5],
    adversary: "ghostTx" as const,
  },
  { name: "57: counters near the largest", topology: mesh(5, 3, 1), faulty: [2], adversary: "counterBomb" as const },
  { name: "58: forged quorum sets", topology: mesh(7, 4, 2), faulty: [1, 2], adversary: "quorumSetForger" as const },
  { name: "59: floods of values", topology: hierarchy(2), faulty: [4], adversary: "valueFlood" as const },
])("$name", { timeout: TIMEOUT_MS }, async ({ topology, faulty, adversary }) => {
  const { slots } = await simulate(lying(topology, faulty, adversary, 6));
  expect(slots).toBeGreaterThan(1);
});

test.each(["splitCommit", "colluders"] as const)(
  "43: two of seven as %s, in a network that is split while values are prepared",
  { timeout: TIMEOUT_MS },
  async (adversary) => {
    const config = { ...quietConfig(mesh(7, 4, 2)), faulty: [6, 7], adversary };
    await runScenario(config, async (it) => {
      it.disturb();
      const { partitions } = it.world;
      partitions.cutOff([1, 2]);
      it.pay(1);
      it.pay(3);
      await it.pass(4_000);
      partitions.heal();
      it.world.heal();
      await it.finish();
    });
  },
);

test("73: 25 nodes, eight of which say nothing", { timeout: TIMEOUT_MS }, async () => {
  const faulty = [1, 4, 7, 10, 13, 16, 19, 22];
  const honest = Array.from({ length: 25 }, (_, i) => i + 1).filter((each) => !faulty.includes(each));
  const config = { ...quietConfig(mesh(25, 16, 8), { withModel: false }), faulty, adversary: "mute" as const };
  await runScenario(config, (it) => it.payAndWait(1, honest));
});
