// However much clients submit, what nodes then have to say fits into messages (spec 05 §1.3).
import { bytes } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import {
  encodeConsensusMessage,
  type Message,
  Slot,
  type SlotEffects,
  txHashValue,
  type Value,
  valueList,
  valuesOf,
} from "../src/index.ts";
import { ADOPTED_VALUES_MAX, MESSAGE_BYTES_MAX, NOMINATED_LENGTH_MAX, QUORUM_SET_NODES_MAX } from "../src/limits.ts";
import { nodeAt, options, quorumSet, sortingParts } from "./fixtures.ts";

const encode = (message: Message): Uint8Array =>
  encodeConsensusMessage({
    message,
    previousBlockId: bytes(new Uint8Array(32).fill(255), 32, "id"),
    signature: bytes(new Uint8Array(64).fill(255), 64, "signature"),
  });

/** Hashes whose bytes take most room. */
const hash = (i: number): Value => {
  const content = new Uint8Array(32).fill(255);
  new DataView(content.buffer).setUint32(0, 0xff00_0000 + i);
  return txHashValue(content);
};

test("the longest message of nodes that keep to the limits fits", () => {
  const count = Math.floor(NOMINATED_LENGTH_MAX / 65);
  const hashes = (from: number): Value[] => Array.from({ length: count }, (_, i) => hash(from + i));
  const [y, b, p, pp] = [hashes(0), hashes(10_000), hashes(20_000), hashes(30_000)].map(valueList) as [
    string,
    string,
    string,
    string,
  ];
  const set = quorumSet(
    600,
    Array.from({ length: QUORUM_SET_NODES_MAX }, (_, i) => i + 2),
  );
  const message: Message = {
    sender: nodeAt(1),
    slotIndex: 2n ** 64n - 1n,
    quorumSet: set,
    topic: {
      kind: "nominate-prepare",
      nominate: { x: [], y: valuesOf(y) },
      prepare: {
        b: { n: 9_999, x: b },
        p: { n: 9_998, x: p },
        pp: { n: 9_997, x: pp },
        cn: 0,
        hn: 0,
      },
    },
  };
  expect(encode(message).length).toBeLessThan(MESSAGE_BYTES_MAX);
});

test("nodes that all lead and propose as much as they may agree, and no message is too long", () => {
  const nodes = [1, 2, 3, 4];
  const slots = nodes.map(
    (self) =>
      new Slot(
        options(
          self,
          quorumSet(
            2,
            nodes.filter((each) => each !== self),
          ),
          { settleMs: 50 },
        ),
        sortingParts,
      ),
  );
  const waiting: Message[] = [];
  const take = ({ send }: SlotEffects): void => {
    if (send === undefined) return;
    expect(encode(send).length).toBeLessThan(MESSAGE_BYTES_MAX);
    waiting.push(send);
  };
  let now = 0;
  for (const [i, slot] of slots.entries()) {
    take(
      slot.propose(
        Array.from({ length: ADOPTED_VALUES_MAX }, (_, k) => hash(i * 1_000 + k)),
        now,
      ),
    );
  }
  // Rounds pass before anybody is heard, so that everybody leads.
  for (now = 1_000; now <= 20_000; now += 1_000) for (const slot of slots) take(slot.tick(now));
  for (let events = 0; slots.some(({ decision }) => decision === undefined); events++) {
    if (events > 2_000) throw new Error("They do not agree.");
    const message = waiting.shift();
    now += 10;
    for (const slot of slots) take(message === undefined ? slot.tick(now) : slot.receive(message, now));
  }
  const [first] = slots;
  const decided = valuesOf(first?.decision ?? "");
  expect(decided.length).toBeGreaterThanOrEqual(ADOPTED_VALUES_MAX);
  for (const { decision } of slots) expect(decision).toBe(first?.decision);
});
