// CRC-32C against published values (RFC 3720 §B.4).
import { utf8 } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { crc32c } from "../../src/journal/crc32c.ts";

test("checksums are those of RFC 3720", () => {
  expect(crc32c(utf8("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});
