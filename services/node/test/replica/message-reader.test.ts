// Messages are decoded and verified once.
import { bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, ed25519Verify } from "@fogbow/core-crypto";
import { encodeConsensusMessage, nodeKey, signMessage, txHashValue } from "@fogbow/core-scp";
import { expect, test } from "vitest";
import { MESSAGE_BYTES_MAX, VERIFIED_REMEMBERED_MAX } from "../../src/limits.ts";
import { MessageReader } from "../../src/replica/message-reader.ts";

const key = new Ed25519PrivateKey(new Uint8Array(32).fill(1));
const sender = { responderId: "a:1", publicKey: bytes(key.publicKey(), 32, "key") };
const parent = bytes(new Uint8Array(32), 32, "id");
const message = (n: number) =>
  ({
    sender,
    slotIndex: 5n,
    quorumSet: { threshold: 0, members: [] },
    topic: { kind: "nominate", nominate: { x: [txHashValue(new Uint8Array(32).fill(n))], y: [] } },
  }) as const;
const signed = (n: number): Uint8Array => encodeConsensusMessage(signMessage(message(n), parent, key));
const anybody = (): boolean => true;

test("a message is verified once, and equal payloads give the same object", () => {
  let verified = 0;
  const reader = new MessageReader((...args) => {
    verified++;
    return ed25519Verify(...args);
  });
  const payload = signed(1);
  const first = reader.read(payload, anybody);
  expect(reader.read(payload.slice(), anybody)).toBe(first);
  expect(verified).toBe(1);
  if (typeof first === "string") throw new Error("It is in order.");
  const second = reader.read(signed(2), anybody);
  if (typeof second === "string") throw new Error("It is in order.");
  expect(second.message.quorumSet).toBe(first.message.quorumSet);
  expect(second.message.sender).toBe(first.message.sender);
});

test("messages that are malformed, of nobody known or not signed by their sender are refused", () => {
  const reader = new MessageReader();
  expect(reader.read(new Uint8Array([1, 2, 3]), anybody)).toBe("malformed");
  expect(reader.read(new Uint8Array(MESSAGE_BYTES_MAX + 1), anybody)).toBe("malformed");
  expect(reader.read(signed(1), (node) => nodeKey(node) !== nodeKey(sender))).toBe("unknown-sender");
  const other = new Ed25519PrivateKey(new Uint8Array(32).fill(2));
  expect(reader.read(encodeConsensusMessage(signMessage(message(1), parent, other)), anybody)).toBe(
    "invalid-signature",
  );
});

test("a forged message with the end of a genuine one is no more believed than any other", () => {
  const reader = new MessageReader();
  const genuine = signed(1);
  reader.read(genuine, anybody);
  const { signature } = signMessage(message(1), parent, key);
  const forged = encodeConsensusMessage({ message: message(2), previousBlockId: parent, signature });
  expect(forged.subarray(-32)).toEqual(genuine.subarray(-32));
  expect(reader.read(forged, anybody)).toBe("invalid-signature");
  expect(reader.read(genuine, (node) => nodeKey(node) === "nobody")).toBe("unknown-sender"); // Also when it is remembered.
});

test("no more messages are remembered than the bound", () => {
  let verified = 0;
  const reader = new MessageReader(() => {
    verified++;
    return true;
  });
  const payloads = Array.from({ length: VERIFIED_REMEMBERED_MAX + 1 }, (_, n) => {
    const signature = bytes(new Uint8Array(64).fill(n & 255).fill(n >> 8, 40), 64, "signature");
    return encodeConsensusMessage({ message: message(1), previousBlockId: parent, signature });
  });
  for (const payload of payloads) reader.read(payload, anybody);
  reader.read(payloads.at(-1) as Uint8Array, anybody);
  expect(verified).toBe(payloads.length);
  reader.read(payloads[0] as Uint8Array, anybody);
  expect(verified).toBe(payloads.length + 1);
});
