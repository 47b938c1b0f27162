// Who is how far.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { type Message, nodeKey, type Topic } from "@fogbow/core-scp";
import { expect, test } from "vitest";
import { NetworkState } from "../../src/replica/network-state.ts";

const node = (n: number): NodeId => ({
  responderId: `${n}:1`,
  publicKey: bytes(new Uint8Array(32).fill(n), 32, "key"),
});
const quorumSet: QuorumSet = { threshold: 2, members: [1, 2, 3].map((n) => ({ kind: "node", node: node(n) })) };
const nominate: Topic = { kind: "nominate", nominate: { x: [], y: [] } };
const externalize: Topic = { kind: "externalize", externalize: { c: { n: 1, x: "" }, hn: 1 } };
const says = (n: number, slotIndex: bigint, topic: Topic): Message => ({
  sender: node(n),
  slotIndex,
  quorumSet,
  topic,
});

test("a decision implies its block, any other statement the block before", () => {
  const state = new NetworkState(quorumSet);
  state.hear(says(1, 7n, nominate));
  expect(state.blockCountOf(nodeKey(node(1)))).toBe(7n);
  state.hear(says(1, 7n, externalize));
  expect(state.blockCountOf(nodeKey(node(1)))).toBe(8n);
  state.hear(says(1, 3n, externalize)); // An old message says nothing new.
  expect(state.blockCountOf(nodeKey(node(1)))).toBe(8n);
});

test("a node is behind when those ahead of it both block it and are a slice, and not for one liar", () => {
  const state = new NetworkState(quorumSet);
  state.hear(says(1, 1_000n, externalize));
  expect([state.isBehind(5n), state.blockCount()]).toEqual([false, 0n]);
  state.hear(says(2, 9n, externalize));
  expect([state.isBehind(5n), state.isBehind(10n), state.blockCount()]).toEqual([true, false, 10n]);
});
