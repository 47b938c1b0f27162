// Transactions that a message mentions and a node does not have.
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { spend } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

test("a node that no relay reaches asks for the transaction and takes part", async () => {
  const network = await Network.start();
  network.loses = (_, to, method) => method === "peerTxPropose" && to === 3;
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2, 5_000);
  expect([0, 1, 2].reduce((sum, i) => sum + (network.node(i).calls.get("getTxs") ?? 0), 0)).toBeGreaterThan(0);
  network.assertOneChain();
});

test("when whoever mentioned a transaction does not give it, the others are asked", async () => {
  const network = await Network.start();
  let asked: number | undefined;
  network.loses = (_, to, method) => {
    if (method === "peerTxPropose" && to === 3) return true;
    if (method !== "getTxs") return false;
    asked ??= to; // The first one never answers.
    return to === asked;
  };
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2, 10_000);
  expect(asked).toBeDefined();
  network.assertOneChain();
});

test("a hash that nobody has a transaction for stalls nobody", async () => {
  const network = await Network.start();
  const real = spend(network.node(0).ledger, [0n]);
  // Node 0 forgets what it proposed before anybody asks for it, and relays it to nobody.
  network.loses = (from, to, method) => (method === "peerTxPropose" && from === 0) || (method === "getTxs" && to === 0);
  await network.propose(0, real);
  await network.clock.advance(1_000);
  await network.propose(1, spend(network.node(0).ledger, [1n]));
  await network.clock.until(() => [1, 2, 3].every((i) => network.node(i).ledger.numBlocks() >= 2n), 30_000);
  expect(toHex(network.node(1).ledger.block(1n)?.id ?? new Uint8Array())).toBe(
    toHex(network.node(2).ledger.block(1n)?.id ?? new Uint8Array()),
  );
});
