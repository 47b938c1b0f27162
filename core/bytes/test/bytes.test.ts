// Tests of the byte strings: length checks, joining, comparing, wiping.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BytesError,
  bytes,
  concatBytes,
  crc32,
  equalBytes,
  fromUtf8,
  parseMob,
  readBe32,
  readBe64,
  readLe32,
  readLe64,
  Secret,
  toHex,
  utf8,
  wipeBytes,
} from "../src/index.ts";

describe("bytes", () => {
  test("the right length gives back the same array, not a copy", () => {
    const value = new Uint8Array(32);
    expect(bytes(value, 32, "key")).toBe(value);
  });

  test("any other length is refused and the message names what was wrong", () => {
    for (const length of [0, 31, 33]) {
      expect(() => bytes(new Uint8Array(length), 32, "the key")).toThrow(
        expect.objectContaining({ code: "invalid-length", message: "the key must be 32 bytes." }),
      );
    }
  });

  test("something that is no byte array is refused", () => {
    // A caller without types passes it.
    expect(() => bytes("12" as unknown as Uint8Array, 2, "text")).toThrow(BytesError);
  });
});

test("joined parts are the parts in order", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (parts) => {
      expect([...concatBytes(...parts)]).toEqual(parts.flatMap((part) => [...part]));
    }),
  );
});

describe("equalBytes", () => {
  test("equal copies are equal", () => {
    fc.assert(fc.property(fc.uint8Array(), (value) => equalBytes(value, value.slice())));
  });

  test("one changed bit anywhere makes a difference", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.nat(7), (value, position, bit) => {
        const other = value.slice();
        const i = position % value.length;
        other[i] = (other[i] ?? 0) ^ (1 << bit);
        return !equalBytes(value, other);
      }),
    );
  });

  test("the same change in several places does not cancel out", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.integer({ min: 1, max: 255 }), (value, change) => {
        expect(
          equalBytes(
            value,
            value.map((byte) => byte ^ change),
          ),
        ).toBe(false);
      }),
    );
    expect(equalBytes(Uint8Array.of(0, 0), Uint8Array.of(1, 1))).toBe(false);
  });

  test("a prefix is not equal", () => {
    expect(equalBytes(new Uint8Array(3), new Uint8Array(4))).toBe(false);
  });
});

test("wiping overwrites every buffer with zeros", () => {
  const buffers = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  wipeBytes(...buffers);
  expect(buffers).toEqual([new Uint8Array(2), new Uint8Array(1)]);
});

describe("what is no byte string or no text", () => {
  const zeros = new Uint8Array(3);
  const takers: [string, (value: never) => unknown][] = [
    ["concatBytes", (value) => concatBytes(zeros, value)],
    ["equalBytes, first", (value) => equalBytes(value, zeros)],
    ["equalBytes, second", (value) => equalBytes(zeros, value)],
    ["crc32", crc32],
    ["toHex", toHex],
    ["readLe32", (value) => readLe32(value)],
    ["readBe32", (value) => readBe32(value)],
    ["readLe64", (value) => readLe64(value)],
    ["readBe64", (value) => readBe64(value)],
    ["fromUtf8", fromUtf8],
    ["Secret", (value) => new Secret(value)],
  ];
  const noBytes: unknown[] = [undefined, null, 3, 3n, "abc", {}, [1, 2, 3], new Uint16Array(3), new ArrayBuffer(3)];

  test.each(takers)("%s refuses the first with the package's error", (_, take) => {
    for (const value of noBytes) {
      expect(() => take(value as never)).toThrow(BytesError); // A caller without types passes it.
    }
  });

  test.each([
    ["utf8", utf8],
    ["parseMob", parseMob],
  ] as const)("%s refuses the second with the package's error", (_, take) => {
    for (const value of [undefined, null, 1.5, 3n, {}, ["1"], zeros]) {
      expect(() => take(value as never)).toThrow(BytesError); // A caller without types passes it.
    }
  });
});
