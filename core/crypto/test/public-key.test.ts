// Tests of public keys and compressed points.
import { fromHex, toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BASE_POINT, compressedPoint, publicKey, tryPublicKey } from "../src/index.ts";
import { points } from "./arbitraries.ts";

// RFC 9496 appendix A.3: encodings that must be refused.
const BAD_ENCODINGS = [
  "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // Non-canonical field elements.
  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0100000000000000000000000000000000000000000000000000000000000000", // Negative field elements.
  "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
  "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371", // No square root.
  "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
  "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e", // A negative product xy.
  "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24", // s = −1, so y = 0.
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

describe("publicKey", () => {
  test("points are accepted unchanged, the identity and the base point too", () => {
    fc.assert(
      fc.property(fc.oneof(points, fc.constantFrom(new Uint8Array(32), BASE_POINT)), (encoding) => {
        expect(toHex(publicKey(encoding))).toBe(toHex(encoding));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["array", BASE_POINT.slice()],
    ["Buffer", Buffer.from(BASE_POINT)], // Whose slices share its memory.
  ])("a key stays what was checked when the caller's %s changes", (_, buffer) => {
    const [key, compressed] = [publicKey(buffer), compressedPoint(buffer)];
    buffer.fill(0xff);
    expect(toHex(key)).toBe(toHex(BASE_POINT));
    expect(toHex(compressed)).toBe(toHex(BASE_POINT));
  });

  test("what is no byte string is refused", () => {
    for (const value of [
      undefined,
      null,
      32,
      "a".repeat(32),
      new Array(32).fill(0),
      new Uint16Array(32),
    ] as unknown[]) {
      const bytes = value as Uint8Array; // A caller without types passes it.
      expect(() => publicKey(bytes)).toThrow(expect.objectContaining({ code: "invalid-public-key" }));
      expect(() => compressedPoint(bytes)).toThrow(expect.objectContaining({ code: "invalid-point-length" }));
      expect(tryPublicKey(bytes)).toBeUndefined();
    }
  });

  test("non-canonical, negative and rootless encodings are refused", () => {
    for (const encoding of BAD_ENCODINGS) {
      expect(() => publicKey(fromHex(encoding)), encoding).toThrow(
        expect.objectContaining({ name: "CryptoError", code: "invalid-public-key" }),
      );
      expect(tryPublicKey(fromHex(encoding))).toBeUndefined();
    }
  });

  test("any bytes are a key or refused with the package's error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const key = tryPublicKey(bytes);
        if (key === undefined) {
          expect(() => publicKey(bytes)).toThrow(expect.objectContaining({ code: "invalid-public-key" }));
        } else {
          expect(publicKey(bytes)).toEqual(key);
        }
      }),
    );
  });
});

describe("compressedPoint", () => {
  test("any 32 bytes pass: stored outputs are decoded only where they are used", () => {
    for (const encoding of BAD_ENCODINGS) {
      expect(toHex(compressedPoint(fromHex(encoding)))).toBe(encoding);
    }
  });

  test("any other length is refused", () => {
    for (const length of [0, 31, 33]) {
      expect(() => compressedPoint(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: "invalid-point-length" }),
      );
    }
  });
});
