// Votes as records.
import { bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import {
  encodeConsensusMessage,
  mintTxValue,
  type StoredSlot,
  signMessage,
  type Topic,
  txHashValue,
  valueList,
} from "@fogbow/core-scp";
import { expect, test } from "vitest";
import { mint } from "../../../../stores/ledger-db/test/economy.ts";
import { decodeVoteRecord, encodeVoteRecord } from "../../src/index.ts";

const key = new Ed25519PrivateKey(new Uint8Array(32).fill(1));
const sender = { responderId: "node1:1", publicKey: bytes(key.publicKey(), 32, "key") };
const [a, b, c] = [1, 2, 3].map((n) => txHashValue(new Uint8Array(32).fill(n))) as [string, string, string];
const minting = mintTxValue(mint(1, 500n));

function vote(topic: Topic): Uint8Array {
  const quorumSet = { threshold: 0, members: [] };
  const parent = bytes(new Uint8Array(32).fill(9), 32, "id");
  return encodeConsensusMessage(signMessage({ sender, slotIndex: 5n, quorumSet, topic }, parent, key));
}

const topic: Topic = {
  kind: "prepare",
  prepare: { b: { n: 4, x: valueList([a, b]) }, p: { n: 3, x: valueList([a]) }, pp: undefined, cn: 0, hn: 0 },
};

const state: StoredSlot = {
  phase: "prepare",
  w: [a, b, c, minting],
  x: [c],
  y: [a, b],
  z: [a],
  leaders: ["11".repeat(32), "22".repeat(32)],
  adopted: [["11".repeat(32), 3]],
  round: 7,
  b: { n: 4, x: valueList([a, b]) },
  p: { n: 6, x: valueList([a]) },
  pp: undefined,
  h: { n: 2, x: valueList([a, minting]) },
  c: undefined,
  lock: valueList([a, minting]),
  lastSent: topic,
};

test("a vote comes back as it was, with what its message does not show", () => {
  const payload = vote(topic);
  const read = decodeVoteRecord(encodeVoteRecord(payload, state));
  expect(read.state).toEqual(state);
  expect(read.payload).toEqual(payload);
  expect(read.consensus.message.slotIndex).toBe(5n);
});

test("a value is written once, however often it is named", () => {
  const payload = vote(topic);
  const many = Array.from({ length: 100 }, (_, n) => txHashValue(new Uint8Array(32).fill(n)));
  const empty: StoredSlot = { ...state, w: [], x: [], y: [], z: [], lock: undefined, h: undefined };
  const grown = encodeVoteRecord(payload, { ...empty, w: many, x: many, y: many, z: many, lock: valueList(many) });
  expect(grown.length - encodeVoteRecord(payload, empty).length).toBeLessThan(100 * (33 + 5 * 4) + 40);
});

test("a record that was cut or lengthened anywhere is refused", () => {
  const record = encodeVoteRecord(vote(topic), state);
  for (let length = 0; length < record.length; length += 7) {
    expect(() => decodeVoteRecord(record.slice(0, length))).toThrow(
      expect.objectContaining({ code: "malformed-record" }),
    );
  }
  expect(() => decodeVoteRecord(new Uint8Array([...record, 0]))).toThrow("bytes follow");
});
