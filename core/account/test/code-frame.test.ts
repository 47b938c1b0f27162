import { toHex, utf8 } from "@fogbow/core-bytes";
import { base58 } from "@scure/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameCode, unframeCode } from "../src/code-frame.ts";
import { codeOf } from "./refusal.ts";

const payload = fc.uint8Array({ minLength: 1, maxLength: 300 });

describe("the frame of a code", () => {
  test("is a little-endian CRC-32 before the payload", () => {
    expect(toHex(base58.decode(frameCode(utf8("123456789"))))).toBe("2639f4cb313233343536373839"); // 0xcbf43926.
  });

  test("gives its payload back", () => {
    fc.assert(
      fc.property(payload, (bytes) => {
        expect(unframeCode(frameCode(bytes))).toEqual(bytes);
      }),
    );
  });

  test("keeps leading zero bytes of the checksum", () => {
    const texts = Array.from({ length: 10_000 }, (_, n) => utf8(`${n}`));
    const found = texts.find((bytes) => frameCode(bytes).startsWith("1")); // One in 256 has a checksum that begins so.
    expect(found).toBeDefined();
    expect(unframeCode(frameCode(found ?? new Uint8Array()))).toEqual(found);
  });

  test("notices every changed bit", () => {
    fc.assert(
      fc.property(payload, fc.nat(), (bytes, place) => {
        const framed = base58.decode(frameCode(bytes));
        const bit = place % (framed.length * 8);
        framed[bit >> 3] = (framed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(codeOf(() => unframeCode(base58.encode(framed)))).toBe("bad-code-checksum");
      }),
    );
  });

  test("needs at least 5 bytes", () => {
    expect(codeOf(() => unframeCode("2g"))).toBe("code-too-short");
    expect(codeOf(() => unframeCode(""))).toBe("code-too-short");
    expect(codeOf(() => unframeCode(base58.encode(new Uint8Array(4))))).toBe("code-too-short");
    expect(codeOf(() => unframeCode(base58.encode(new Uint8Array(5))))).toBe("bad-code-checksum");
  });

  test("names the first character that is not base58", () => {
    for (const code of ["ab0", "abO", "abI", "abl", "ab ", "ab\n", "ab+", "abé", "ab💧"]) {
      expect(
        codeOf(() => unframeCode(code)),
        code,
      ).toBe("bad-base58");
      expect(() => unframeCode(code)).toThrow("Character 3 ");
    }
  });

  test("refuses links of any scheme", () => {
    for (const uri of [
      "bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
      "mob:///b58/2g",
      "https://example.com",
      "MOB:2g",
    ]) {
      expect(
        codeOf(() => unframeCode(uri)),
        uri,
      ).toBe("foreign-prefix");
    }
  });

  test("has at most 2048 bytes and 2797 characters in either direction", () => {
    const longest = new Uint8Array(2_044).fill(255);
    expect(unframeCode(frameCode(longest))).toEqual(longest);
    expect(codeOf(() => frameCode(new Uint8Array(2_045)))).toBe("code-too-long");
    expect(codeOf(() => unframeCode("2".repeat(2_798)))).toBe("code-too-long");
    expect(codeOf(() => unframeCode("2".repeat(2_797)))).toBe("bad-code-checksum");
    expect(codeOf(() => unframeCode("z".repeat(2_797)))).toBe("code-too-long"); // 2049 bytes.
    expect(codeOf(() => unframeCode("1".repeat(2_049)))).toBe("code-too-long");
  });

  test("what is no text is refused", () => {
    for (const value of [undefined, null, 7, {}, ["2g"], new Uint8Array(9)] as unknown[]) {
      expect(codeOf(() => unframeCode(value as string))).toBe("bad-base58"); // A caller without types passes it.
    }
  });

  test("is refused for its length before base58, whose time grows with the square of it", () => {
    const start = performance.now();
    expect(codeOf(() => unframeCode("2".repeat(60_000)))).toBe("code-too-long");
    expect(performance.now() - start).toBeLessThan(300); // Decoding them takes more than a second.
  });

  test("any text gives a payload or a typed error", () => {
    const errors = [undefined, "foreign-prefix", "bad-base58", "code-too-short", "bad-code-checksum"];
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        expect(errors).toContain(codeOf(() => unframeCode(text)));
      }),
    );
  });
});
