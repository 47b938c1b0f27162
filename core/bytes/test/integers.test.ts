// Tests of the fixed-width integers.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  be32,
  be64,
  le32,
  le64,
  readBe32,
  readBe64,
  readLe32,
  readLe64,
  toHex,
  U64_MAX,
  u32,
  u64,
} from "../src/index.ts";

test("byte order is what the name says", () => {
  expect(toHex(le32(0x01020304))).toBe("04030201");
  expect(toHex(be32(0x01020304))).toBe("01020304");
  expect(toHex(le64(0x0102030405060708n))).toBe("0807060504030201");
  expect(toHex(be64(0x0102030405060708n))).toBe("0102030405060708");
});

test("every 32-bit integer survives both byte orders at any offset", () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffff_ffff }), fc.nat(9), (n, offset) => {
      const room = new Uint8Array(offset + 4);
      room.set(le32(n), offset);
      expect(readLe32(room, offset)).toBe(n);
      room.set(be32(n), offset);
      expect(readBe32(room, offset)).toBe(n);
    }),
  );
});

test("every 64-bit integer survives both byte orders at any offset, also inside a larger buffer", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, U64_MAX), fc.nat(9), (n, offset) => {
      const room = new Uint8Array(offset + 11).subarray(3);
      room.set(le64(n), offset);
      expect(readLe64(room, offset)).toBe(n);
      room.set(be64(n), offset);
      expect(readBe64(room, offset)).toBe(n);
    }),
  );
});

test("an integer that does not fit its width is refused, not cut", () => {
  for (const n of [-1n, U64_MAX + 1n]) {
    expect(() => u64(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(() => le64(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(() => be64(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
  }
  for (const n of [-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => u32(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(() => le32(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(() => be32(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
  }
});

test("a number where a bigint belongs is refused", () => {
  // A caller without types passes it.
  expect(() => u64(5 as unknown as bigint)).toThrow(expect.objectContaining({ code: "out-of-range" }));
});

test("reading past the end or before the start is refused", () => {
  for (const read of [readLe32, readBe32, readLe64, readBe64]) {
    for (const offset of [-1, 1, 0.5, 100]) {
      expect(() => read(new Uint8Array(4), offset)).toThrow(expect.objectContaining({ code: "invalid-length" }));
    }
  }
});
