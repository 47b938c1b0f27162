// Tests of channels between enclaves: only the same code, by the same rules, with evidence for the very key that answers.
import {
  decodeAuthMessage,
  decodeSealedMessage,
  encodeSealedMessage,
  Handshake,
  KeyPair,
  prologueOf,
} from "@fogbow/core-attest";
import { utf8 } from "@fogbow/core-bytes";
import {
  encodeMessage,
  PeerAuthRequestSchema,
  PeerBeginRequestSchema,
  PeerFinishRequestSchema,
} from "@fogbow/core-wire";
import { identityOf } from "@fogbow/runtime-enclave";
import { beforeAll, describe, expect, test } from "vitest";
import { foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { seededRandom } from "../../runtime/test/test-parts.ts";
import { type ChainInit, chainConfig, hashesOf, NOW, startNode, type TestNode } from "./test-node.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const ledger = foundLedger();
const tx = spend(ledger, [0n]);
let one: TestNode;
let two: TestNode;
beforeAll(async () => {
  one = await startNode({ name: "one" });
  two = await startNode({ name: "two" });
  await one.accept(ledger, tx);
});

const begin = async (from: TestNode, to: string): Promise<Uint8Array> =>
  decodeAuthMessage(
    await from.ask("peer-begin", encodeMessage(PeerBeginRequestSchema, { responderId: `${to}.test:8443` })),
  );
const answer = (by: TestNode, data: Uint8Array, nowMs = BigInt(NOW)): Promise<Uint8Array> =>
  by.ask("peer-auth", encodeMessage(PeerAuthRequestSchema, { request: { data }, nowMs }));
const finish = (by: TestNode, to: string, data: Uint8Array, nowMs = BigInt(NOW)): Promise<Uint8Array> =>
  by.ask(
    "peer-finish",
    encodeMessage(PeerFinishRequestSchema, { responderId: `${to}.test:8443`, answer: { data }, nowMs }),
  );

test("transactions go both ways over one channel, with what the host puts beside them", async () => {
  const channelId = await one.connect(two);
  const sealed = await one.seal(channelId, hashesOf([tx]), utf8("origin"));
  expect(decodeSealedMessage(sealed).aad).toEqual(utf8("origin"));
  const given = await two.takeFromPeer(sealed);
  await two.check(ledger, given);
  const back = await one.takeFromPeer(await two.seal(channelId, hashesOf([tx])));
  expect(back.map(({ isWellFormed }) => isWellFormed)).toEqual([true]); // It has it already.
});

describe("nodes do not attest to each other", () => {
  test.each<[string, ChainInit]>([
    ["with another block version", { blockVersion: 3 }],
    ["with other leaders", { boundLeaderHash: true }],
    ["with another time base", { timeBaseMs: 500 }],
    ["with another rule for proofs", { equalProofHeights: true }],
    ["with other fees", { tokens: [{ tokenId: 0n, minimumFee: 512n }], governorsSignature: new Uint8Array(0) }],
  ])("%s", async (_, change) => {
    const other = await startNode({ name: "other", chain: chainConfig(change) });
    await expect(one.connect(other)).rejects.toThrow(refused("handshake-not-decrypted"));
    await expect(other.connect(one)).rejects.toThrow(refused("handshake-not-decrypted"));
  });

  test("by another code", async () => {
    const measurement = new Uint8Array(32).fill(9);
    const peer = { identity: identityOf(measurement), platform: "simulated" } as const;
    const other = await startNode({ name: "other", parts: { peer } });
    await expect(one.connect(other)).rejects.toThrow(refused("measurement-unknown"));
    await expect(other.connect(one)).rejects.toThrow(refused("measurement-unknown"));
  });

  test("on another kind of platform", async () => {
    const peer = { identity: identityOf(new Uint8Array(32).fill(1)), platform: "sgx" } as const;
    const other = await startNode({ name: "other", parts: { peer } });
    await expect(other.connect(one)).rejects.toThrow(refused("simulated-refused"));
  });

  test("by evidence that has ended, as far as the host tells the time", async () => {
    const later = BigInt(NOW) + 40n * 86_400_000n;
    await expect(one.connect(two, later)).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(/collateral|crl|expired|not-valid/) }),
    );
  });

  test("under another name", async () => {
    // The first message is in the clear, so only the one who began learns that somebody else answered.
    const answered = decodeAuthMessage(await answer(two, await begin(one, "three")));
    await expect(finish(one, "three", answered)).rejects.toThrow(refused("handshake-not-decrypted"));
  });
});

describe("evidence that somebody else showed", () => {
  /** What a handshake's first message shows in the clear, with a key of the attacker's own. */
  async function replayed(to: string): Promise<Uint8Array> {
    const request = await begin(one, to);
    const evidence = request.subarray(64); // After the ephemeral and the static key, which are in the clear.
    const staticKey = KeyPair.random(seededRandom("attacker"));
    const prologue = prologueOf(`${to}.test:8443-${two.initial.chainConfigDigest}`);
    const options = { pattern: "IX", role: "initiator", prologue, staticKey } as const;
    return new Handshake(options, { random: seededRandom("attack") }).write(evidence);
  }

  test("does not open a channel for another key", async () => {
    await expect(answer(two, await replayed("two"))).rejects.toThrow(refused("bad-remote-identity"));
  });

  test("does not answer one either", async () => {
    const request = await begin(one, "two");
    const shown = await begin(two, "one");
    const prologue = prologueOf(`two.test:8443-${two.initial.chainConfigDigest}`);
    const staticKey = KeyPair.random(seededRandom("attacker"));
    const options = { pattern: "IX", role: "responder", prologue, staticKey } as const;
    const attacker = new Handshake(options, { random: seededRandom("attack") });
    attacker.read(request);
    const evidence = shown.subarray(64);
    const varint = [(evidence.length & 127) | 128, ((evidence.length >> 7) & 127) | 128, evidence.length >> 14];
    const wrapped = Uint8Array.of((4 << 3) | 2, ...varint, ...evidence);
    await expect(finish(one, "two", attacker.write(wrapped))).rejects.toThrow(refused("bad-remote-identity"));
  });
});

test("an answer is read once, and only to a handshake that has begun", async () => {
  await expect(finish(one, "nobody", new Uint8Array(200))).rejects.toThrow(refused("unknown-handshake"));
  const answered = decodeAuthMessage(await answer(two, await begin(one, "two")));
  await finish(one, "two", answered);
  await expect(finish(one, "two", answered)).rejects.toThrow(refused("unknown-handshake"));
});

test("a handshake that was flipped or cut anywhere fails with a code", async () => {
  const request = await begin(one, "two");
  for (const at of [3, 40, 70, request.length - 1]) {
    const flipped = request.map((byte, i) => (i === at ? byte ^ 1 : byte));
    await expect(answer(two, flipped).then((output) => finish(one, "two", decodeAuthMessage(output)))).rejects.toThrow(
      expect.objectContaining({ code: expect.any(String) }),
    );
    await begin(one, "two"); // The next answer is to a fresh one.
    await expect(answer(two, request.subarray(0, at))).rejects.toThrow(
      expect.objectContaining({ code: expect.any(String) }),
    );
  }
});

test("no more sessions are kept than the bound: the one unused for longest makes room", async () => {
  const own = await startNode({ name: "busy", overrides: { verifyPeer: async () => undefined } });
  const caller = await startNode({ name: "caller", overrides: { verifyPeer: async () => undefined } });
  await caller.accept(ledger, tx);
  const channels: Uint8Array[] = [];
  for (let i = 0; i < 65; i++) channels.push(await caller.connect(own));
  const [first, second] = channels as [Uint8Array, Uint8Array];
  await expect(caller.seal(first, hashesOf([tx]))).rejects.toThrow(refused("unknown-channel"));
  await own.takeFromPeer(await caller.seal(second, hashesOf([tx])));
});

describe("sealing and opening is refused", () => {
  test("for an unknown channel", async () => {
    for (const channelId of [new Uint8Array(64), new Uint8Array(3)]) {
      await expect(one.seal(channelId, hashesOf([tx]))).rejects.toThrow(refused("unknown-channel"));
    }
    const client = await one.client();
    await expect(one.ask("peer-propose", encodeSealedMessage(client.seal(new Uint8Array(4))))).rejects.toThrow(
      refused("unknown-channel"),
    );
  });

  test("for transactions that are unknown or not found well formed", async () => {
    const channelId = await one.connect(two);
    await expect(one.seal(channelId, [new Uint8Array(32)])).rejects.toThrow(refused("unknown-tx"));
    const unchecked = spend(ledger, [1n]);
    await one.takeIn(unchecked);
    await expect(one.seal(channelId, hashesOf([unchecked]))).rejects.toThrow(refused("unknown-tx"));
  });

  test("for more bytes than one message may have", async () => {
    const channelId = await one.connect(two);
    const many = Array.from({ length: 2_200 }, () => hashesOf([tx])[0] as Uint8Array);
    await expect(one.seal(channelId, many)).rejects.toThrow(refused("list-too-large"));
  });

  test("for a message that was flipped or comes twice", async () => {
    const channelId = await one.connect(two);
    const sealed = await one.seal(channelId, hashesOf([tx]));
    const message = decodeSealedMessage(sealed);
    const flipped = message.data.map((byte, i) => (i === 9 ? byte ^ 1 : byte));
    await expect(two.takeFromPeer(encodeSealedMessage({ ...message, data: flipped }))).rejects.toThrow(
      refused("message-not-decrypted"),
    );
    await two.takeFromPeer(sealed);
    await expect(two.takeFromPeer(sealed)).rejects.toThrow(refused("message-not-decrypted"));
  });
});
