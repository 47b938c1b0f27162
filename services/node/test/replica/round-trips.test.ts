// How long peers take, and how long slots wait because of it.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { spend } from "../../../../stores/ledger-db/test/economy.ts";
import { ROUND_TRIPS_REMEMBERED_MAX } from "../../src/limits.ts";
import { baseOf, RoundTrips } from "../../src/replica/round-trips.ts";
import { Network } from "../network.ts";

const node = (n: number): NodeId => ({
  responderId: `${n}:1`,
  publicKey: bytes(new Uint8Array(32).fill(n), 32, "key"),
});
const twoOfThree: QuorumSet = { threshold: 2, members: [1, 2, 3].map((n) => ({ kind: "node", node: node(n) })) };

test("what counts is the slowest of the fastest peers that are enough to agree with", () => {
  const trips = new RoundTrips();
  expect(trips.ofSlice(twoOfThree)).toBeUndefined();
  trips.add(node(1), 30);
  expect(trips.ofSlice(twoOfThree)).toBeUndefined();
  trips.add(node(2), 50);
  expect(trips.ofSlice(twoOfThree)).toBe(50);
  trips.add(node(3), 5_000); // Whoever is slow on purpose slows nobody down.
  expect(trips.ofSlice(twoOfThree)).toBe(50);
  trips.add(node(9), 1); // Nor does anybody count whom the node does not listen to.
  expect(trips.ofSlice(twoOfThree)).toBe(50);
});

test("of a peer the slowest in twenty do not count, and of the past only the latest", () => {
  const trips = new RoundTrips();
  const one: QuorumSet = { threshold: 1, members: [{ kind: "node", node: node(1) }] };
  for (let i = 0; i < 57; i++) trips.add(node(1), 40);
  for (let i = 0; i < 3; i++) trips.add(node(1), 900);
  expect(trips.ofSlice(one)).toBe(40);
  trips.add(node(1), 900);
  expect(trips.ofSlice(one)).toBe(900);
  for (let i = 0; i < ROUND_TRIPS_REMEMBERED_MAX; i++) trips.add(node(1), 20);
  expect(trips.ofSlice(one)).toBe(20);
});

test("a base is what is configured, or longer", () => {
  expect([baseOf(250, undefined, 3), baseOf(250, 83, 3), baseOf(250, 83.4, 3), baseOf(250, 400, 3)]).toEqual([
    250, 250, 251, 1_200,
  ]);
});

test("over slow links slots wait longer than configured, and end in their first ballot", async () => {
  const slow = { nodes: 4, delayMs: () => 600 };
  const slots = async (roundTripsMin: number): Promise<{ readonly blocks: number; readonly messages: number }> => {
    const network = await Network.start({ ...slow, timing: { roundTripsMin } });
    await network.clock.advance(25_000); // Peers are asked now and then.
    for (let i = 0; i < 3; i++) {
      await network.propose(i, spend(network.node(0).ledger, [BigInt(i)]));
      await network.untilHeight(i + 2);
    }
    network.assertOneChain();
    const messages = network.nodes.reduce((sum, { calls }) => sum + (calls.get("sendConsensusMsg") ?? 0), 0);
    return { blocks: network.heights()[0] as number, messages }; // There are four.
  };
  const [patient, hasty] = [await slots(3), await slots(0)];
  expect([patient.blocks, hasty.blocks]).toEqual([4, 4]);
  expect(patient.messages).toBeLessThan(hasty.messages);
});
