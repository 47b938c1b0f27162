// What is signed (spec 05 §1.8): the digest against its layout written out append by append, and signatures.
import { bytes, fromHex, le32, le64, toHex, utf8 } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, Transcript } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import {
  type ConsensusMessage,
  gossipId,
  type Message,
  messageDigest,
  signMessage,
  type Topic,
  tryTxHash,
  txHashValue,
  type Verify,
  verifyMessageSignature,
} from "../src/index.ts";
import { nodeAt, quorumSet } from "./fixtures.ts";

const previousBlockId = bytes(new Uint8Array(32).fill(7), 32, "A block id");
const hash = (i: number): Uint8Array => new Uint8Array(32).fill(i);
const [one, two] = [txHashValue(hash(1)), txHashValue(hash(2))];
const privateKey = new Ed25519PrivateKey(new Uint8Array(32).fill(42)); // A test key.
const sender = { responderId: "a.test:443", publicKey: bytes(privateKey.publicKey(), 32, "A key") };
const messageOf = (topic: Topic): Message => ({ sender, slotIndex: 9n, quorumSet: quorumSet(1, [2]), topic });

const topics: Record<Topic["kind"], Topic> = {
  nominate: { kind: "nominate", nominate: { x: [one], y: [two] } },
  "nominate-prepare": {
    kind: "nominate-prepare",
    nominate: { x: [], y: [one] },
    prepare: { b: { n: 3, x: `${one} ${two}` }, p: { n: 2, x: one }, pp: { n: 1, x: two }, cn: 0, hn: 2 },
  },
  prepare: { kind: "prepare", prepare: { b: { n: 1, x: one }, p: undefined, pp: undefined, cn: 0, hn: 0 } },
  commit: { kind: "commit", commit: { b: { n: 4, x: one }, pn: 3, cn: 1, hn: 2 } },
  externalize: { kind: "externalize", externalize: { c: { n: 1, x: one }, hn: 2 } },
};

/** The digest with the topic's part of the transcript written out. */
function digestOf(appendTopic: (put: Put) => void): string {
  const transcript = new Transcript("peer-message");
  const put: Put = (...parts) => {
    for (let i = 0; i < parts.length; i += 2) {
      const data = parts[i + 1] ?? "";
      transcript.append(String(parts[i]), typeof data === "string" ? utf8(data) : data);
    }
  };
  const node = (label: string, { responderId, publicKey }: { responderId: string; publicKey: Uint8Array }): void => {
    put(label, "agg", "name", "NodeID");
    put("responder_id", "agg", "name", "ResponderId");
    put("0", "prim", "str", responderId);
    put("responder_id", "agg-end", "name", "ResponderId");
    put("public_key", "agg", "name", "Ed25519Public");
    put("0", "prim", "ed25519", publicKey);
    put("public_key", "agg-end", "name", "Ed25519Public");
    put(label, "agg-end", "name", "NodeID");
  };
  put("scp_msg", "agg", "name", "Msg");
  node("sender_id", sender);
  put("slot_index", "prim", "uint", le64(9n));
  put("quorum_set", "agg", "name", "QuorumSet");
  put("threshold", "prim", "uint", le32(1));
  put("members", "seq", "len", le64(1n));
  put("", "agg", "name", "QuorumSetMemberWrapper");
  put("member", "var", "name", "QuorumSetMember", "which", le32(0));
  node("Node", nodeAt(2));
  put("", "agg-end", "name", "QuorumSetMemberWrapper");
  put("quorum_set", "agg-end", "name", "QuorumSet");
  put("topic", "var", "name", "Topic");
  appendTopic(put);
  put("scp_msg", "agg-end", "name", "Msg");
  put("prev_block_id", "prim", "bytes", previousBlockId);
  return toHex(transcript.challenge("digest32", 32));
}

/** Appends labels, each with its message. */
type Put = (...labelsAndMessages: readonly (string | Uint8Array)[]) => void;

function putValues(put: Put, label: string, hashes: readonly Uint8Array[]): void {
  put(label, "seq", "len", le64(BigInt(hashes.length)));
  for (const each of hashes) {
    put("", "var", "name", "ConsensusValue", "which", le32(0));
    put("TxHash", "agg", "name", "TxHash");
    put("0", "prim", "bytes", each);
    put("TxHash", "agg-end", "name", "TxHash");
  }
}

function putBallot(put: Put, label: string, n: number, hashes: readonly Uint8Array[]): void {
  put(label, "agg", "name", "Ballot");
  put("N", "prim", "uint", le32(n));
  putValues(put, "X", hashes);
  put(label, "agg-end", "name", "Ballot");
}

const digest = (topic: Topic): string => toHex(messageDigest(messageOf(topic), previousBlockId));

describe("the signed digest", () => {
  test("of a nomination", () => {
    const expected = digestOf((put) => {
      put("which", le32(0));
      put("Nominate", "agg", "name", "NominatePayload");
      putValues(put, "X", [hash(1)]);
      putValues(put, "Y", [hash(2)]);
      put("Nominate", "agg-end", "name", "NominatePayload");
    });
    expect(digest(topics.nominate)).toBe(expected);
  });

  test("of a nomination with a ballot: both payloads in a nameless structure, empty votes left out", () => {
    const expected = digestOf((put) => {
      put("which", le32(1));
      put("NominatePrepare", "agg", "name", "");
      put("0", "agg", "name", "NominatePayload");
      putValues(put, "Y", [hash(1)]);
      put("0", "agg-end", "name", "NominatePayload");
      put("1", "agg", "name", "PreparePayload");
      putBallot(put, "B", 3, [hash(1), hash(2)]);
      putBallot(put, "P", 2, [hash(1)]);
      putBallot(put, "PP", 1, [hash(2)]);
      put("CN", "prim", "uint", le32(0));
      put("HN", "prim", "uint", le32(2));
      put("1", "agg-end", "name", "PreparePayload");
      put("NominatePrepare", "agg-end", "name", "");
    });
    expect(digest(topics["nominate-prepare"])).toBe(expected);
  });

  test("of a ballot: absent ones are left out", () => {
    const expected = digestOf((put) => {
      put("which", le32(2));
      put("Prepare", "agg", "name", "PreparePayload");
      putBallot(put, "B", 1, [hash(1)]);
      put("CN", "prim", "uint", le32(0));
      put("HN", "prim", "uint", le32(0));
      put("Prepare", "agg-end", "name", "PreparePayload");
    });
    expect(digest(topics.prepare)).toBe(expected);
  });

  test("of a commit", () => {
    const expected = digestOf((put) => {
      put("which", le32(3));
      put("Commit", "agg", "name", "CommitPayload");
      putBallot(put, "B", 4, [hash(1)]);
      for (const [label, n] of [
        ["PN", 3],
        ["CN", 1],
        ["HN", 2],
      ] as const)
        put(label, "prim", "uint", le32(n));
      put("Commit", "agg-end", "name", "CommitPayload");
    });
    expect(digest(topics.commit)).toBe(expected);
  });

  test("of a decision", () => {
    const expected = digestOf((put) => {
      put("which", le32(4));
      put("Externalize", "agg", "name", "ExternalizePayload");
      putBallot(put, "C", 1, [hash(1)]);
      put("HN", "prim", "uint", le32(2));
      put("Externalize", "agg-end", "name", "ExternalizePayload");
    });
    expect(digest(topics.externalize)).toBe(expected);
  });
});

test("what is kept of a digest for one quorum set is not taken for another sender, slot or topic", () => {
  const set = quorumSet(1, [2]);
  const renamed = { ...sender, responderId: "b.test:443" };
  const messages = [sender, renamed, sender].flatMap((from) =>
    [9n, 10n, 9n].flatMap((slotIndex) =>
      Object.values(topics).map((topic): Message => ({ sender: from, slotIndex, quorumSet: set, topic })),
    ),
  );
  const digests = messages.map((message) => toHex(messageDigest(message, previousBlockId)));
  const alone = messages.map((message) =>
    toHex(messageDigest({ ...message, sender: { ...message.sender }, quorumSet: { ...set } }, previousBlockId)),
  );
  expect(digests).toEqual(alone);
  expect(new Set(digests).size).toBe(2 * 2 * 5);
});

describe("signed messages", () => {
  const signed = signMessage(messageOf(topics.commit), previousBlockId, privateKey);

  test.each(Object.values(topics))("$kind verifies, and no other topic with its signature", (topic) => {
    const own = signMessage(messageOf(topic), previousBlockId, privateKey);
    expect(verifyMessageSignature(own)).toBe(true);
    for (const other of Object.values(topics)) {
      expect(verifyMessageSignature({ ...own, message: messageOf(other) })).toBe(other === topic);
    }
  });

  test.each<[string, ConsensusMessage]>([
    ["another slot", { ...signed, message: { ...signed.message, slotIndex: 10n } }],
    ["another quorum set", { ...signed, message: { ...signed.message, quorumSet: quorumSet(1, [3]) } }],
    ["another host", { ...signed, message: { ...signed.message, sender: { ...sender, responderId: "b.test:443" } } }],
    ["another key", { ...signed, message: { ...signed.message, sender: nodeAt(1) } }],
    ["another chain", { ...signed, previousBlockId: bytes(hash(8), 32, "A block id") }],
    [
      "another signature",
      {
        ...signed,
        signature: bytes(
          signed.signature.map((byte, i) => (i === 63 ? byte ^ 1 : byte)),
          64,
          "A signature",
        ),
      },
    ],
  ])("do not verify for %s", (_, changed) => {
    expect(verifyMessageSignature(changed)).toBe(false);
    expect(toHex(gossipId(changed))).not.toBe(toHex(gossipId(signed)));
  });

  test("may be signed and verified by whoever can do it faster", () => {
    const [digest, calls] = [messageDigest(messageOf(topics.commit), previousBlockId), [] as unknown[]];
    const own = signMessage(messageOf(topics.commit), previousBlockId, (message) => {
      expect(message).toEqual(digest);
      return signed.signature;
    });
    expect(own).toEqual(signed);
    const verify: Verify = (...args) => calls.push(args) > 1;
    expect([verifyMessageSignature(own, verify), verifyMessageSignature(own, verify)]).toEqual([false, true]);
    expect(calls[0]).toEqual([sender.publicKey, digest, signed.signature]);
  });

  test("a value that stands for nothing cannot be signed", () => {
    const mint = messageOf({ kind: "nominate", nominate: { x: ["2mint"], y: [] } });
    expect(() => messageDigest(mint, previousBlockId)).toThrow(expect.objectContaining({ code: "invalid-value" }));
  });
});

test("the hash of a transaction is a value and back", () => {
  expect(one).toBe(`0${"01".repeat(32)}`);
  expect(tryTxHash(one)).toEqual(hash(1));
  expect(tryTxHash(`1${"01".repeat(32)}`)).toBeUndefined();
  expect(tryTxHash("0zz")).toBeUndefined();
  expect(() => txHashValue(fromHex("00"))).toThrow(expect.objectContaining({ code: "invalid-value" }));
});
