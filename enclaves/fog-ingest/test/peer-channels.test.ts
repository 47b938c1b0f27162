// Tests of the channels by which enclaves hand their ingress key over: only to the same code, on the same kind of platform.
import { decodeSealedMessage, encodeSealedMessage } from "@fogbow/core-attest";
import { encodeMessage, IngestPeerChannelSchema, IngestPeerFinishRequestSchema } from "@fogbow/core-wire";
import { identityOf } from "@fogbow/runtime-enclave";
import { beforeAll, describe, expect, test } from "vitest";
import { NOW, TestIngest } from "./test-ingest.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
let one: TestIngest;
let two: TestIngest;
beforeAll(async () => {
  one = await TestIngest.start({ name: "one" });
  two = await TestIngest.start({ name: "two" });
});

describe("no channel is made with an enclave", () => {
  test("of another measurement, whoever begins", async () => {
    const peer = { identity: identityOf(new Uint8Array(32).fill(9)), platform: "simulated" } as const;
    const other = await TestIngest.start({ name: "other", parts: { peer } });
    await expect(one.connect(other)).rejects.toThrow(refused("measurement-unknown"));
    await expect(other.connect(one)).rejects.toThrow(refused("measurement-unknown"));
  });

  test("on another kind of platform", async () => {
    const peer = { identity: identityOf(new Uint8Array(32).fill(1)), platform: "sgx" } as const;
    const other = await TestIngest.start({ name: "other", parts: { peer } });
    await expect(other.connect(one)).rejects.toThrow(refused("simulated-refused"));
  });

  test("of another name than it was called by", async () => {
    await expect(one.connect({ ...two, name: "three", ask: two.ask } as TestIngest)).rejects.toThrow(
      refused("handshake-not-decrypted"),
    );
  });
});

test("a channel carries the key either way, until it is closed", async () => {
  const channelId = await one.connect(two);
  await one.ask("set-ingress-private-key", await two.getKey(channelId));
  await two.ask("set-ingress-private-key", await one.getKey(channelId));
  await one.ask("peer-close", encodeMessage(IngestPeerChannelSchema, { channelId }));
  await expect(one.getKey(channelId)).rejects.toThrow(refused("unknown-channel"));
});

test("a key for one channel is not taken from another, nor twice, nor altered", async () => {
  const [channelId, other] = [await one.connect(two), await one.connect(two)];
  const sealed = await one.getKey(channelId);
  const message = decodeSealedMessage(sealed);
  const before = await two.ask("ingress-pubkey", new Uint8Array(0));
  const elsewhere = encodeSealedMessage({ ...message, channelId: other });
  await expect(two.ask("set-ingress-private-key", elsewhere)).rejects.toThrow(refused("message-not-decrypted"));
  await two.ask("set-ingress-private-key", sealed);
  await expect(two.ask("set-ingress-private-key", sealed)).rejects.toThrow(refused("message-not-decrypted"));
  await expect(two.ask("set-ingress-private-key", Uint8Array.of(1))).rejects.toThrow(refused("malformed-message"));
  expect(await two.ask("ingress-pubkey", new Uint8Array(0))).toEqual(before);
});

test("no key is given for a channel that is not there", async () => {
  await expect(one.getKey(new Uint8Array(64))).rejects.toThrow(refused("unknown-channel"));
  await expect(one.getKey(new Uint8Array(3))).rejects.toThrow(refused("unknown-channel"));
});

test("an answer without a handshake is refused", async () => {
  const finish = { responderId: "nobody.test:8443", answer: { data: new Uint8Array(200) }, nowMs: BigInt(NOW) };
  const input = encodeMessage(IngestPeerFinishRequestSchema, finish);
  await expect(one.ask("peer-finish", input)).rejects.toThrow(refused("unknown-handshake"));
});
