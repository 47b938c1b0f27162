// Machines that stop at the worst moment, disks that forget or are full, seals that do not open, and clocks that jump
// (spec 05 §6.7, 48 to 55).
import { expect, test } from "vitest";
import { quietConfig, runScenario, type Scenario } from "../scenario.ts";
import type { SimulatedNode } from "../world/node.ts";
import { mesh } from "../world/topologies.ts";

const TIMEOUT_MS = 300_000;
const FOUR = [1, 2, 3, 4];

/** Lets node 2 stop after each of the first writes of its journal, one slot after the other. */
async function stopAtWrites(at: "written" | "synchronised"): Promise<void> {
  let writes = 0;
  let stopAt = 1;
  const stopsAfterWrite = (node: SimulatedNode, step: string): boolean => {
    if (node.index !== 2 || step !== at) return false;
    writes++;
    if (writes !== stopAt) return false;
    stopAt++;
    writes = 0;
    return true;
  };
  const config = quietConfig(mesh(4, 2), {
    disk: { latencyMs: 2, errors: 0, torn: 0.5, losesSync: false, fullEveryMs: 0 },
  });
  await runScenario(
    config,
    async (it) => {
      it.disturb();
      for (let i = 0; i < 14; i++) await it.payAndWait(1, FOUR, 60_000);
      await it.finish();
    },
    { stopsAfterWrite },
  );
  expect(stopAt).toBeGreaterThan(5);
}

test("48: who stops before a vote is durable has not said it", { timeout: TIMEOUT_MS }, () => stopAtWrites("written"));

test("49: who stops before a durable vote is sent goes on from it", { timeout: TIMEOUT_MS }, () =>
  stopAtWrites("synchronised"),
);

// Peers remind a node that restarts of what it said. When all of them stop at once nobody can, and the journal is all there is.
test("when the power fails for all at once, everybody goes on from what it has said", {
  timeout: TIMEOUT_MS,
}, async () => {
  const disk = { latencyMs: 60, errors: 0, torn: 0, losesSync: false, fullEveryMs: 0 };
  await runScenario(quietConfig(mesh(4, 2), { disk }), async (it) => {
    it.disturb();
    await it.payAndWait(1, FOUR, 60_000);
    for (let i = 0; i < 24; i++) {
      // Each node begins with another value, and with yet another one after the power is back.
      for (const index of FOUR) it.pay(index);
      await it.pass(60 + 40 * i);
      for (const index of FOUR) it.node(index).crash();
      for (const index of FOUR) it.node(index).start();
    }
    await it.payAndWait(2, FOUR, 60_000);
    await it.finish();
  });
});

test.each(["crash-before", "crash-after"] as const)(
  "50: a machine that stops around an append (%s)",
  { timeout: TIMEOUT_MS },
  async (fault) => {
    const stopped = new Set<bigint>();
    await runScenario(
      quietConfig(mesh(4, 2)),
      async (it) => {
        it.disturb();
        for (let i = 0; i < 4; i++) await it.payAndWait(1, FOUR, 60_000);
        await it.finish();
      },
      {
        appendFault: ({ index }, { block }) => {
          if (index !== 3 || stopped.has(block.index)) return undefined;
          stopped.add(block.index);
          return fault;
        },
      },
    );
    expect(stopped.size).toBeGreaterThan(3);
  },
);

test("51: who cannot read its votes any more keeps silent until others have decided", {
  timeout: TIMEOUT_MS,
}, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    it.disturb();
    await it.payAndWait(1, FOUR);
    it.pay(1, 2, 3, 4);
    const node = it.node(2);
    await it.until("node 2 has voted", () => node.status()?.slot?.phase === "prepare");
    node.crash();
    expect(node.machine.disk.corrupt((path) => path.startsWith("slot-2."))).toBeGreaterThan(0);
    const sentBefore = it.world.messageChecks.saidBy(2, 2n);
    node.start();
    await it.untilHeight(3, FOUR, 60_000);
    expect(it.world.messageChecks.saidBy(2, 2n)).toBe(sentBefore);
    await it.payAndWait(2, FOUR, 60_000);
    await it.finish();
  });
});

test("52: all nodes restart within one slot, again and again", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    it.disturb();
    const { random } = it.world;
    it.pay(1, 2, 3, 4);
    for (let i = 0; i < 12; i++) {
      await it.pass(random.below(120));
      const node = it.node(1 + (i % 4));
      node.crash();
      it.world.scheduler.schedule(random.below(200), "restart", () => node.start());
    }
    await it.pass(300);
    await it.payAndWait(2, FOUR, 60_000);
    await it.finish();
  });
});

test.each([
  { name: "in the open slot", isVoting: true },
  { name: "between two slots", isVoting: false },
])(
  "53: a node put back to an old backup $name says nothing that contradicts what it said since",
  {
    timeout: TIMEOUT_MS,
  },
  async ({ isVoting }) => {
    await runScenario(quietConfig(mesh(4, 2)), async (it) => {
      it.disturb();
      await it.payAndWait(2, FOUR);
      const { machine } = it.node(4);
      const [ledger, files] = [machine.ledger.copy(), machine.disk.backup()];
      await it.payAndWait(4, FOUR);
      if (isVoting) {
        it.pay(1, 2);
        await it.until("node 4 has voted", () => it.node(4).status()?.slot?.phase === "prepare");
      }
      it.node(4).crash();
      machine.ledger = ledger;
      machine.disk.restore(files);
      it.node(4).start();
      await it.pass(20); // It hears of something to propose before it has caught up.
      it.pay(4);
      await it.payAndWait(2, FOUR, 60_000);
      await it.finish();
    });
  },
);

test("54: a wall clock that is put an hour forward, and back", { timeout: TIMEOUT_MS }, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    await it.payAndWait(1, FOUR);
    it.node(1).machine.clock.setWallForward(3_600_000);
    it.node(2).machine.clock.setWallForward(-3_600_000);
    await it.payAndWait(2, FOUR);
    await it.finish();
  });
});

test.each(["nominate-prepare", "prepare", "commit"] as const)(
  "55: a process frozen for 30 s in phase %s",
  { timeout: TIMEOUT_MS },
  async (phase) => {
    await runScenario(quietConfig(mesh(4, 2)), async (it) => {
      it.disturb();
      await it.payAndWait(1, FOUR);
      await freezeIn(it, phase);
      await it.payAndWait(2, [1, 2, 4]);
      await it.pass(30_000);
      it.node(3).process?.thaw();
      await it.payAndWait(1, FOUR, 60_000);
      await it.finish();
    });
  },
);

test("a node whose disk is full stops and says so, and goes on once there is room", {
  timeout: TIMEOUT_MS,
}, async () => {
  await runScenario(quietConfig(mesh(4, 2)), async (it) => {
    it.disturb();
    await it.payAndWait(1, FOUR);
    const { disk } = it.node(2).machine;
    disk.isFull = true;
    await it.payAndWait(3, [1, 3, 4]);
    await it.until("node 2 stops", () => (it.world.faults.counts()["halt: storage-failure"] ?? 0) > 0);
    expect(it.node(2).blockCount).toBe(2n);
    await it.until("node 2 is down", () => !it.node(2).isUp);
    disk.isFull = false;
    await it.untilHeight(5, FOUR, 60_000);
    await it.payAndWait(2, FOUR, 60_000);
    await it.finish();
  });
});

test("a machine that finds another one's sealed key does not start, and has its own signer again with its own", {
  timeout: TIMEOUT_MS,
}, async () => {
  const enclave = { latencyMs: 0.5, refusals: 0, crashes: 0, wrongSeals: 1 };
  await runScenario(quietConfig(mesh(4, 2), { enclave }), async (it) => {
    it.disturb();
    await it.payAndWait(1, FOUR);
    const signer = it.node(3).machine.ledger.blockData(1n)?.signature?.signer;
    it.node(3).crash();
    it.node(3).start();
    expect(it.node(3).isUp).toBe(false);
    await it.payAndWait(2, [1, 2, 4]);
    expect(it.node(3).isUp).toBe(false);
    it.world.faults.stop(); // Somebody puts the right file back.
    await it.untilHeight(4, FOUR, 60_000);
    await it.payAndWait(1, FOUR, 60_000);
    expect(it.node(3).machine.ledger.blockData(4n)?.signature?.signer).toEqual(signer);
    await it.finish();
  });
});

async function freezeIn(it: Scenario, phase: string): Promise<void> {
  it.pay(1, 2, 3, 4);
  const node = it.node(3);
  await it.until(`node 3 is in ${phase}`, () => node.status()?.slot?.phase === phase);
  node.process?.freeze();
}
