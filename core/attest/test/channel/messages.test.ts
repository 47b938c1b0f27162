import { fromHex, toHex, U64_MAX } from "@fogbow/core-bytes";
import { WireError } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { HANDSHAKE_BYTES_MAX } from "../../src/channel/limits.ts";
import {
  decodeAuthMessage,
  decodeNonceMessage,
  decodeSealedMessage,
  encodeAuthMessage,
  encodeNonceMessage,
  encodeSealedMessage,
} from "../../src/index.ts";

const message = { aad: fromHex("aa"), channelId: new Uint8Array(64).fill(7), data: fromHex("bbcc") };

test("a sealed message has aad, channel id and data in fields 1, 2 and 3", () => {
  const bytes = encodeSealedMessage(message);
  expect(toHex(bytes)).toBe(`0a01aa1240${"07".repeat(64)}1a02bbcc`);
  expect(decodeSealedMessage(bytes)).toEqual(message);
});

test("a nonce travels little-endian in field 4", () => {
  const bytes = encodeNonceMessage({ ...message, nonce: 0x0102030405060708n });
  expect(toHex(bytes)).toBe(`0a01aa1240${"07".repeat(64)}1a02bbcc210807060504030201`);
  for (const nonce of [0n, 1n, 2n ** 63n, U64_MAX]) {
    expect(decodeNonceMessage(encodeNonceMessage({ ...message, nonce }))).toEqual({ ...message, nonce });
  }
});

test("a message without a nonce reads as nonce 0 of the other kind", () => {
  expect(decodeNonceMessage(encodeSealedMessage(message))).toEqual({ ...message, nonce: 0n });
});

test("a handshake message of any accepted size fits an AuthMessage, a larger one does not", () => {
  const bytes = encodeAuthMessage(new Uint8Array(HANDSHAKE_BYTES_MAX).fill(1));
  expect(decodeAuthMessage(bytes)).toHaveLength(HANDSHAKE_BYTES_MAX);
  expect(() => encodeAuthMessage(new Uint8Array(HANDSHAKE_BYTES_MAX + 20))).toThrow(WireError);
  expect(() => decodeAuthMessage(new Uint8Array(HANDSHAKE_BYTES_MAX + 20))).toThrow(WireError);
});

test("a handshake message does not change when the bytes it came in do", () => {
  const bytes = encodeAuthMessage(fromHex("010203"));
  const data = decodeAuthMessage(bytes);
  bytes.fill(0);
  expect(toHex(data)).toBe("010203");
});

test("what is cut is no message", () => {
  const bytes = encodeNonceMessage({ ...message, nonce: 9n });
  expect(() => decodeNonceMessage(bytes.subarray(0, -1))).toThrow(WireError);
  expect(() => decodeSealedMessage(bytes.subarray(0, 10))).toThrow(WireError);
  expect(() => decodeAuthMessage(fromHex("0a05"))).toThrow(WireError);
});
