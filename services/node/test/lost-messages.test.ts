// What nodes miss, and how they get it all the same.
import { expect, test } from "vitest";
import { spend } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

test("a node that misses the decision hears it when it asks", async () => {
  const network = await Network.start();
  network.loses = (_, to, method) => to === 3 && method === "sendConsensusMsg";
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.clock.until(() => [0, 1, 2].every((i) => network.node(i).ledger.numBlocks() === 2n));
  expect(network.node(3).ledger.numBlocks()).toBe(1n);
  await network.untilHeight(2, 10_000);
  network.assertOneChain();
});

test("a node that was cut off for a few slots gets their decisions one by one", async () => {
  const network = await Network.start();
  network.isolate(3, true);
  for (let i = 0; i < 3; i++) {
    await network.propose(0, spend(network.node(0).ledger, [BigInt(i)]));
    await network.clock.until(() => network.node(0).ledger.numBlocks() === BigInt(i + 2));
  }
  network.isolate(3, false);
  await network.untilHeight(4, 20_000);
  expect(network.node(3).replica.status()).toMatchObject({ state: "in-sync", blockCount: 4n });
  network.assertOneChain();
});

test("a node that was cut off for long fetches blocks, serves nobody meanwhile, and takes part again", async () => {
  const network = await Network.start();
  network.isolate(3, true);
  for (let i = 0; i < 14; i++) {
    await network.propose(0, spend(network.node(0).ledger, [BigInt(i)]));
    await network.clock.until(() => network.node(0).ledger.numBlocks() === BigInt(i + 2));
  }
  network.isolate(3, false);
  await network.untilHeight(15, 20_000);
  await network.clock.until(() => network.node(3).replica.status().state === "in-sync");
  await network.propose(3, spend(network.node(0).ledger, [20n]));
  await network.untilHeight(16);
  network.assertOneChain();
});

test("half of a network cannot decide; whole again, it does", async () => {
  const network = await Network.start();
  for (const [a, b] of [
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
  ] as const) {
    network.setLink(a, b, false);
    network.setLink(b, a, false);
  }
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.propose(2, spend(network.node(0).ledger, [1n]));
  await network.clock.advance(20_000);
  expect(network.heights()).toEqual([1, 1, 1, 1]);
  network.cut.clear();
  await network.clock.until(
    () => network.nodes.every(({ ledger, replica }) => ledger.numBlocks() > 1n && replica.status().pending === 0),
    60_000,
  );
  network.assertOneChain();
});

test("nodes that no link joins hear each other through those between them", async () => {
  const network = await Network.start();
  for (const [a, b] of [
    [0, 2],
    [0, 3],
    [1, 3],
  ] as const) {
    network.setLink(a, b, false);
    network.setLink(b, a, false);
  }
  await network.clock.advance(30_000); // Whom they hear themselves has changed.
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2, 60_000);
  network.assertOneChain();
});

test("a link that works one way only stops nobody", async () => {
  const network = await Network.start();
  network.setLink(1, 0, false);
  for (let i = 0; i < 3; i++) {
    await network.propose(0, spend(network.node(0).ledger, [BigInt(i)]));
    await network.untilHeight(i + 2, 30_000);
  }
  network.assertOneChain();
});
