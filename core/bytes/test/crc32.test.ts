// Known answers of CRC-32/ISO-HDLC.
import { expect, test } from "vitest";
import { crc32, fromHex, utf8 } from "../src/index.ts";

test("the checksum is the one of zlib and PNG", () => {
  expect(crc32(utf8("123456789"))).toBe(0xcbf43926); // The catalogue's check value.
  expect(crc32(new Uint8Array())).toBe(0);
  expect(crc32(Uint8Array.of(0))).toBe(0xd202ef8d);
});

test("a commitment's checksum is the published one", () => {
  const commitment = fromHex("bc1d8c435c007406949ab4406dfd17007636bcdbb5ab19f482f7caf8e346b75d");
  expect(crc32(commitment)).toBe(2481745913);
});
