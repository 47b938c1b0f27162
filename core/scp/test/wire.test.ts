// The encoding of messages (spec 05 §1.8) against bytes of the library that MobileCoin's nodes use, and everything else that
// could be taken for an encoding.
import { bytes, concatBytes, equalBytes, fromHex, toHex, tokenId, tokenValue, utf8 } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, publicKey } from "@fogbow/core-crypto";
import type { MintConfigTx, MintTx, SignerSet } from "@fogbow/core-transaction";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ConsensusMessage,
  decodeConsensusMessage,
  decodeTxProposeAad,
  encodeConsensusMessage,
  encodeTxProposeAad,
  INFINITE_COUNTER,
  mintConfigTxValue,
  mintTxValue,
  ScpError,
  type Topic,
  txHashValue,
} from "../src/index.ts";
import { nodeAt, quorumSet } from "./fixtures.ts";
import { MESSAGES, TX_PROPOSE_AAD } from "./wire-vectors.ts";

const counting = (length: number, from: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7 + from);
const keyOf = (i: number) => bytes(new Ed25519PrivateKey(new Uint8Array(32).fill(i)).publicKey(), 32, "A key");
const node = (i: number) => ({ responderId: `node${i}.test:443`, publicKey: keyOf(i) });
const member = (i: number) => ({ kind: "node" as const, node: node(i) });
const hash = (i: number): string => txHashValue(counting(32, i));
const [one, two] = [hash(1), hash(2)];

const mintTx = (hint: boolean): MintTx => ({
  prefix: {
    tokenId: tokenId(1n),
    amount: tokenValue(1_000_000_000_000n),
    viewPublicKey: publicKey(fromHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")),
    spendPublicKey: publicKey(fromHex("6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919")),
    nonce: counting(64, 9),
    tombstoneBlock: 65_536n,
    encryptedFogHint: hint ? bytes(counting(84, 3), 84, "A hint") : undefined,
  },
  signature: { signatures: [counting(64, 20), counting(64, 30)] },
});

const signers = (i: number, multiSigners: readonly SignerSet[]): SignerSet => ({
  signers: [keyOf(i), keyOf(i + 1)],
  multiSigners,
  threshold: 2,
});

const configTx = (signerSet: SignerSet = signers(40, [signers(50, [])])): MintConfigTx => ({
  prefix: {
    tokenId: tokenId(8192n),
    configs: [{ tokenId: tokenId(8192n), signerSet, mintLimit: tokenValue(2n ** 64n - 1n) }],
    nonce: counting(64, 200),
    tombstoneBlock: 255n,
    totalMintLimit: tokenValue(256n),
  },
  signature: { signatures: [counting(64, 60)] },
});

const [mint, mintToFog, config] = [
  mintTxValue(mintTx(false)),
  mintTxValue(mintTx(true)),
  mintConfigTxValue(configTx()),
];

function messageOf(slotIndex: bigint, topic: Topic): ConsensusMessage {
  const inner = { threshold: 1, members: [member(3), member(4)] };
  const set = { threshold: 2, members: [member(2), { kind: "inner-set" as const, set: inner }] };
  return {
    message: { sender: node(1), slotIndex, quorumSet: set, topic },
    previousBlockId: bytes(counting(32, 100), 32, "A block id"),
    signature: bytes(counting(64, 10), 64, "A signature"),
  };
}

const withoutBallots = { p: undefined, pp: undefined, cn: 0, hn: 0 };
const messages: Record<keyof typeof MESSAGES, ConsensusMessage> = {
  nominate: messageOf(1n, { kind: "nominate", nominate: { x: [hash(5), hash(7)], y: [] } }),
  "nominate-prepare": messageOf(300n, {
    kind: "nominate-prepare",
    nominate: { x: [], y: [one] },
    prepare: { b: { n: 3, x: `${one} ${two}` }, p: { n: 2, x: one }, pp: { n: 1, x: two }, cn: 0, hn: 2 },
  }),
  prepare: messageOf(70_000n, { kind: "prepare", prepare: { ...withoutBallots, b: { n: 24, x: one }, hn: 23 } }),
  commit: messageOf(5_000_000_000n, {
    kind: "commit",
    commit: { b: { n: INFINITE_COUNTER - 1, x: one }, pn: 65_535, cn: 1, hn: 65_536 },
  }),
  externalize: messageOf(2n ** 64n - 1n, {
    kind: "externalize",
    externalize: { c: { n: 255, x: one }, hn: INFINITE_COUNTER },
  }),
  minting: messageOf(9n, {
    kind: "nominate-prepare",
    nominate: { x: [one, config, mintToFog], y: [mint] },
    prepare: { ...withoutBallots, b: { n: 1, x: `${one} ${config} ${mintToFog}` } },
  }),
};

const malformed = expect.objectContaining({ code: "malformed-encoding" });
const refused = (encoded: Uint8Array): void => expect(() => decodeConsensusMessage(encoded)).toThrow(malformed);
const names = Object.keys(MESSAGES) as (keyof typeof MESSAGES)[];

describe("messages as MobileCoin's nodes encode them", () => {
  test.each(names)("%s", (name) => {
    expect(decodeConsensusMessage(fromHex(MESSAGES[name]))).toEqual(messages[name]);
    expect(toHex(encodeConsensusMessage(messages[name]))).toBe(MESSAGES[name]);
  });

  test("and where a proposal comes from", () => {
    const aad = { originNode: node(1), relayedBy: "node2.test:443" };
    expect(toHex(encodeTxProposeAad(aad))).toBe(TX_PROPOSE_AAD);
    expect(decodeTxProposeAad(fromHex(TX_PROPOSE_AAD))).toEqual(aad);
    expect(() => decodeTxProposeAad(fromHex(`${TX_PROPOSE_AAD}00`))).toThrow(malformed);
  });
});

describe("no message is", () => {
  test.each(names)("one of %s that is cut, or goes on", (name) => {
    const encoded = fromHex(MESSAGES[name]);
    for (let length = 0; length < encoded.length; length += 1 + (length >> 7)) refused(encoded.subarray(0, length));
    refused(concatBytes(encoded, Uint8Array.of(0xf6)));
  });

  test.each(names)("a second encoding of %s: with any byte changed it says something else, or nothing", (name) => {
    const encoded = fromHex(MESSAGES[name]);
    for (let at = 0; at < encoded.length; at += 1 + (at >> 8)) {
      for (const change of [1, 0x20, 0x80, 0xff]) {
        const other = encoded.slice();
        other[at] = (other[at] ?? 0) ^ change;
        let decoded: ConsensusMessage;
        try {
          decoded = decodeConsensusMessage(other);
        } catch (error) {
          if (!(error instanceof ScpError) || error.code !== "malformed-encoding") throw error;
          continue;
        }
        if (!equalBytes(encodeConsensusMessage(decoded), other)) throw new Error(`Byte ${at} says nothing.`);
      }
    }
  });

  const swap = (name: keyof typeof MESSAGES, from: Uint8Array | string, to: Uint8Array | string): Uint8Array => {
    const [before, after] = [from, to].map((each) => (typeof each === "string" ? each : toHex(each)));
    const hex = MESSAGES[name] as string;
    expect(hex).toContain(before);
    return fromHex(hex.replace(before ?? "", after ?? ""));
  };
  const item = (head: number, text: string): Uint8Array => Uint8Array.of(head, ...utf8(text));
  const slot = item(0x6a, "slot_index");

  test.each<[string, Uint8Array]>([
    ["a number longer than it need be", swap("nominate", concatBytes(slot, Uint8Array.of(1)), `${toHex(slot)}1801`)],
    ["the same in two bytes", swap("nominate", concatBytes(slot, Uint8Array.of(1)), `${toHex(slot)}190001`)],
    ["the same in four", swap("nominate-prepare", `${toHex(slot)}19012c`, `${toHex(slot)}1a0000012c`)],
    ["the same in eight", swap("prepare", `${toHex(slot)}1a00011170`, `${toHex(slot)}1b0000000000011170`)],
    ["a map of no definite length", swap("nominate", "a3677363705f6d7367", "bf677363705f6d7367")],
    ["a tagged message", concatBytes(fromHex("c0"), fromHex(MESSAGES.nominate))],
    ["a number below zero", swap("nominate", concatBytes(slot, Uint8Array.of(1)), `${toHex(slot)}20`)],
    ["a number that is a float", swap("nominate", concatBytes(slot, Uint8Array.of(1)), `${toHex(slot)}f93c00`)],
    ["another name of a field", swap("nominate", slot, item(0x6a, "slot_indey"))],
    [
      "fields in another order",
      swap("nominate", `a26474797065${toHex(item(0x64, "Node"))}`, `a26461726773${toHex(item(0x64, "Node"))}`),
    ],
    ["an unknown topic", swap("nominate", item(0x68, "Nominate"), item(0x68, "Dominate"))],
    ["an unknown member", swap("nominate", item(0x68, "InnerSet"), item(0x68, "OuterSet"))],
    ["no member", swap("nominate", "82a26474797065", "82f6")],
    ["a key of 31 bytes", swap("nominate", `5820${toHex(keyOf(1))}`, `581f${toHex(keyOf(1).slice(1))}`)],
    [
      "text that is not UTF-8",
      swap("nominate", utf8("node1.test"), concatBytes(utf8("node1.tes"), Uint8Array.of(0xff))),
    ],
    ["a counter of more than 32 bits", swap("externalize", "62484e1affffffff", "62484e1b0000000100000000")],
    ["a byte above 255", swap("nominate", "9820050c", "98201901000c")],
    ["a hash of 31 bytes", swap("prepare", "98200108", "981f08")],
    [
      "three payloads of two",
      swap(
        "nominate-prepare",
        `${toHex(item(0x6f, "NominatePrepare"))}82`,
        `${toHex(item(0x6f, "NominatePrepare"))}83`,
      ),
    ],
    [
      "one payload of two",
      swap(
        "nominate-prepare",
        `${toHex(item(0x6f, "NominatePrepare"))}82`,
        `${toHex(item(0x6f, "NominatePrepare"))}81`,
      ),
    ],
    ["a key that is no point", swap("minting", "e2f2ae0a6abc4e71", "e3f2ae0a6abc4e71")],
  ])("one with %s", (_, encoded) => refused(encoded));

  test("one whose sets do not ascend, or repeat a value", () => {
    const valueHex = (i: number): string => {
      const single = toHex(encodeConsensusMessage(messageOf(1n, topicOf([hash(i)]))));
      const start = single.indexOf(toHex(item(0x66, "TxHash"))) - 2;
      return single.slice(start, single.indexOf("615980"));
    };
    refused(swap("nominate", valueHex(5) + valueHex(7), valueHex(7) + valueHex(5)));
    refused(swap("nominate", valueHex(5) + valueHex(7), valueHex(5) + valueHex(5)));
  });

  test("one of more than 1 MiB, to read or to write", () => {
    refused(new Uint8Array(1_048_577));
    const many = Array.from({ length: 15_000 }, (_, i) =>
      txHashValue(Uint8Array.of(...new Uint8Array(30).fill(255), i >> 8, i)),
    );
    expect(() => encodeConsensusMessage(messageOf(1n, topicOf(many)))).toThrow(
      expect.objectContaining({ code: "message-too-large" }),
    );
  });

  test("one of lists that claim more items than there are bytes", () => {
    refused(swap("nominate", "82a26474797065", "9affffffffa26474797065"));
  });

  test("one nested more than 16 deep", () => {
    const nested = (levels: number): ReturnType<typeof quorumSet> =>
      levels === 1 ? quorumSet(1, [2]) : quorumSet(1, [nested(levels - 1)]);
    const withSet = (levels: number): ConsensusMessage => {
      const { message, ...rest } = messages.nominate;
      return { ...rest, message: { ...message, quorumSet: nested(levels) } };
    };
    expect(decodeConsensusMessage(encodeConsensusMessage(withSet(4)))).toEqual(withSet(4));
    expect(() => encodeConsensusMessage(withSet(5))).toThrow(expect.objectContaining({ code: "message-too-large" }));
  });
});

function topicOf(x: readonly string[]): Topic {
  return { kind: "nominate", nominate: { x: [...x].sort(), y: [] } };
}

test("every message comes back from its encoding", () => {
  const values = fc
    .uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 5 })
    .map((each) => each.map(hash).sort());
  const counter = fc.integer({ min: 0, max: INFINITE_COUNTER });
  const ballot = fc.record({ n: counter, x: values.map((each) => each.join(" ")) });
  const maybe = fc.option(ballot, { nil: undefined });
  const nominate = fc.record({ x: values, y: values });
  const prepare = fc.record({ b: ballot, p: maybe, pp: maybe, cn: counter, hn: counter });
  const topics: fc.Arbitrary<Topic> = fc.oneof(
    fc.record({ kind: fc.constant("nominate" as const), nominate }),
    fc.record({ kind: fc.constant("nominate-prepare" as const), nominate, prepare }),
    fc.record({ kind: fc.constant("prepare" as const), prepare }),
    fc.record({
      kind: fc.constant("commit" as const),
      commit: fc.record({ b: ballot, pn: counter, cn: counter, hn: counter }),
    }),
    fc.record({ kind: fc.constant("externalize" as const), externalize: fc.record({ c: ballot, hn: counter }) }),
  );
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), topics, (slotIndex, topic) => {
      const message = messageOf(slotIndex, topic);
      expect(decodeConsensusMessage(encodeConsensusMessage(message))).toEqual(message);
    }),
  );
});

test("a value that stands for nothing has no encoding", () => {
  const message = { ...messages.nominate.message, sender: nodeAt(1), topic: topicOf(["v1"]) };
  expect(() => encodeConsensusMessage({ ...messages.nominate, message })).toThrow(
    expect.objectContaining({ code: "invalid-value" }),
  );
});
