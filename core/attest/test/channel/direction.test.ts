import { fromHex, toHex, U64_MAX } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { expect, test } from "vitest";
import { KEY_USE_BYTES_MAX } from "../../src/channel/direction.ts";
import { Direction, rekey } from "../../src/index.ts";
import { expectCode, flipBit } from "./support.ts";

const none = new Uint8Array();
const key = (): Uint8Array => new Uint8Array(32).fill(0x42);

test("the counter stands big-endian behind four zero bytes of the IV", () => {
  const nonce = 0x0102030405060708n;
  const sealed = new Direction(key(), { nonce, bytes: 0n }).seal(none, Uint8Array.of(1, 2, 3));
  const iv = fromHex("000000000102030405060708");
  expect(toHex(sealed)).toBe(toHex(kernel().ciphers.aes256GcmSeal(key(), iv, none, Uint8Array.of(1, 2, 3))));
});

test("spec 04's explicit nonce opens at that nonce and no other", () => {
  const secret = (): Uint8Array => fromHex("acc79ef7b0078e28662d0d5e9a09fbe6f0d8de02462caa99f0feeeb1b0a6c6bc");
  const data = fromHex("fc5d76794284d4de172d8b86a9af8993cbf764366340a57470709d");
  const direction = new Direction(secret());
  expectCode("message-not-decrypted", () => direction.open(none, data, 0x0807060504030201n));
  expect(toHex(direction.open(none, data, 72623859790382856n))).toBe("7368617264207175657279");
  expect(direction.nonce).toBe(72623859790382857n);
});

test("what does not decrypt leaves the counter where it was", () => {
  const [sender, receiver] = [new Direction(key()), new Direction(key())];
  const sealed = sender.seal(none, Uint8Array.of(5));
  expectCode("message-not-decrypted", () => receiver.open(none, flipBit(sealed, 3)));
  expectCode("message-not-decrypted", () => receiver.open(Uint8Array.of(0), sealed));
  expectCode("message-too-short", () => receiver.open(none, sealed.subarray(0, 15)));
  expectCode("message-not-decrypted", () => receiver.open(none, sealed, 1n));
  expect(receiver.nonce).toBe(0n);
  expect(receiver.open(none, sealed)).toEqual(Uint8Array.of(5));
  expect(receiver.nonce).toBe(1n);
});

test("a key seals and opens up to counter 2⁶⁴ − 2, and then asks for another", () => {
  const use = { nonce: U64_MAX - 1n, bytes: 0n };
  const [sender, receiver] = [new Direction(key(), use), new Direction(key(), use)];
  const sealed = sender.seal(none, Uint8Array.of(1));
  expect(receiver.open(none, sealed)).toEqual(Uint8Array.of(1));
  expectCode("rekey-needed", () => sender.seal(none, none));
  expectCode("rekey-needed", () => receiver.open(none, sealed));
  expectCode("rekey-needed", () => new Direction(key()).open(none, sealed, U64_MAX));
});

test("a key protects 2⁵⁶ + 4 bytes and not one more", () => {
  const use = { nonce: 0n, bytes: KEY_USE_BYTES_MAX - 2n };
  const [sender, receiver] = [new Direction(key(), use), new Direction(key(), use)];
  expectCode("rekey-needed", () => sender.seal(none, new Uint8Array(3)));
  const sealed = sender.seal(none, new Uint8Array(2));
  expect(receiver.open(none, sealed)).toHaveLength(2);
  expectCode("rekey-needed", () => sender.seal(none, new Uint8Array(1)));
  expectCode("rekey-needed", () => receiver.open(none, new Uint8Array(17)));
  expect(sender.seal(none, none)).toHaveLength(16);
});

test("rekeying changes the key as Noise has it, keeps the counter and begins the count of bytes anew", () => {
  const use = { nonce: 7n, bytes: KEY_USE_BYTES_MAX };
  const direction = new Direction(key(), use);
  direction.rekey();
  const sealed = direction.seal(none, new Uint8Array(9));
  expect(new Direction(rekey(key())).open(none, sealed, 7n)).toHaveLength(9);
  expect(toHex(rekey(fromHex("acc79ef7b0078e28662d0d5e9a09fbe6f0d8de02462caa99f0feeeb1b0a6c6bc")))).toBe(
    "b8c8918b3744a43dac3faf8881b44491a553beabb8942157687e5d3853372959",
  );
});

test("closing overwrites the key, and so does rekeying", () => {
  const [closed, replaced] = [key(), key()];
  const direction = new Direction(closed);
  direction.close();
  direction.close();
  expect(closed).toEqual(new Uint8Array(32));
  expectCode("session-closed", () => direction.seal(none, none));
  expectCode("session-closed", () => direction.open(none, new Uint8Array(16)));
  expectCode("session-closed", () => direction.rekey());
  new Direction(replaced).rekey();
  expect(replaced).toEqual(new Uint8Array(32));
});
