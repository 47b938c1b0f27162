// Nodes that go by other rules than the others, or change them (spec 05 §6.7, 64, 67 and 69 to 71).

import type { QuorumSet } from "@fogbow/core-block";
import { tokenValue } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { quietConfig, runScenario } from "../scenario.ts";
import { forgedBlock } from "../world/archive.ts";
import type { Chain } from "../world/chain.ts";
import { originLedger } from "../world/economy.ts";
import { identity } from "../world/identity.ts";
import { mesh, quorumSet } from "../world/topologies.ts";

const TIMEOUT_MS = 300_000;
const THREE = [1, 2, 3];
const FOUR = [1, 2, 3, 4];

test("64: a node with other fees gets no channel to anybody, and holds nobody up", {
  timeout: TIMEOUT_MS,
}, async () => {
  const dearer = (chain: Chain): Chain => {
    const [first, ...rest] = chain.tokens;
    return first === undefined
      ? chain
      : { ...chain, tokens: [{ ...first, minimumFee: tokenValue(500_000_000n) }, ...rest] };
  };
  await runScenario(
    quietConfig(mesh(4, 2)),
    async (it) => {
      it.disturb();
      await it.payAndWait(3, THREE);
      expect(
        it
          .node(4)
          .status()
          ?.peers.some(({ hasChannel }) => hasChannel),
      ).toBe(false);
      const [, , fourth] = it.node(1).status()?.peers ?? [];
      expect(fourth).toMatchObject({ responderId: "node4.test:8443", hasChannel: false });
      await it.untilHeight(4, FOUR, 60_000); // It follows by archives.
    },
    { chainOf: (index, chain) => (index === 4 ? dearer(chain) : chain) },
  );
});

test("67: a node whose ledger has another block than a quorum's halts, and says so", {
  timeout: TIMEOUT_MS,
}, async () => {
  await runScenario(
    quietConfig(mesh(4, 2)),
    async (it) => {
      it.disturb();
      await it.payAndWait(1, FOUR);
      const first = it.world.chainChecks.block(1);
      if (first === undefined) throw new RangeError("Somebody has block 1.");
      const other = originLedger().copy();
      const { signature, metadata } = first.data;
      other.append({ ...forgedBlock(first.data), signature, metadata });
      it.node(4).crash();
      it.node(4).machine.ledger = other;
      it.node(4).start();
      await it.payAndWait(2, THREE);
      await it.until("node 4 has halted", () => it.node(4).status()?.state === "halted", 60_000);
      expect(it.node(4).status()?.halted?.code).toBe("fork");
    },
    { mayHalt: (node, code) => node.index === 4 && code === "fork" },
  );
});

test("69: a node that changes its message key under load, which the others learn one after the other", {
  timeout: TIMEOUT_MS,
}, async () => {
  const informed = new Set<number>();
  const keyOf = (index: number, seenBy: number): number => (index === 3 && informed.has(seenBy) ? 1 : 0);
  await runScenario(
    quietConfig(mesh(4, 2)),
    async (it) => {
      it.disturb();
      await it.payAndWait(1, FOUR);
      for (const index of [3, 1, 2, 4]) {
        it.pay(1 + (index % 4), index);
        await it.until("the node votes", () => it.node(index).status()?.slot?.phase === "prepare");
        it.node(index).crash();
        informed.add(index);
        it.node(index).start();
        await it.payAndWait(1, FOUR, 60_000);
      }
      await it.finish();
      it.node(4).crash();
      await it.payAndWait(2, THREE); // Not without what node 3 says with its new key.
    },
    {
      keyOf,
      quorumSetOf: (index) => {
        const others = FOUR.filter((each) => each !== index);
        return quorumSet(2, others, (each) => identity(each, keyOf(each, index)).node);
      },
    },
  );
});

test("70: quorum sets that change one node at a time, under load", { timeout: TIMEOUT_MS }, async () => {
  const five = [1, 2, 3, 4, 5];
  const changed = new Map<number, QuorumSet>();
  await runScenario(
    quietConfig(mesh(5, 3)),
    async (it) => {
      it.disturb();
      for (const index of five) {
        it.pay(1 + (index % 5));
        it.node(index).crash();
        changed.set(
          index,
          quorumSet(
            4,
            five.filter((each) => each !== index),
          ),
        );
        it.node(index).start();
        await it.payAndWait(1, five, 60_000);
      }
      await it.finish();
    },
    { quorumSetOf: (index) => changed.get(index) },
  );
});

test("71: a node that still builds the block version before does not fork, and goes on after its upgrade", {
  timeout: TIMEOUT_MS,
}, async () => {
  let isUpgraded = false;
  await runScenario(
    quietConfig(mesh(4, 2)),
    async (it) => {
      it.disturb();
      await it.payAndWait(3, THREE);
      it.node(4).crash();
      isUpgraded = true;
      it.node(4).start();
      await it.payAndWait(2, FOUR, 60_000);
      await it.finish();
    },
    {
      chainOf: (index, chain) =>
        index === 4 && !isUpgraded ? { ...chain, blockVersion: 3 as Chain["blockVersion"] } : chain,
      mayHalt: ({ index }) => index === 4 && !isUpgraded,
    },
  );
});
