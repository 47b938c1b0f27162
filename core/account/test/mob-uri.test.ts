import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodePrintable, mobUri, parseMobUri, publicAddress } from "../src/index.ts";
import { printableCode } from "./arbitrary.ts";
import { rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

const code = { kind: "public-address", publicAddress: publicAddress(rootZero()) } as const;

describe("mob: links", () => {
  test("hold the code in the path", () => {
    expect(mobUri(code)).toBe(`mob:///b58/${encodePrintable(code)}`);
  });

  test("read as what was written", () => {
    fc.assert(
      fc.property(printableCode, (any) => {
        expect(mobUri(parseMobUri(mobUri(any)))).toBe(mobUri(any));
      }),
      { numRuns: 30 },
    );
  });

  test("the scheme may be in capitals, the path may not", () => {
    const text = encodePrintable(code);
    expect(parseMobUri(`MOB:///b58/${text}`)).toEqual(code);
    expect(codeOf(() => parseMobUri(`mob:///B58/${text}`))).toBe("foreign-prefix");
  });

  test("other links and bare codes are refused", () => {
    const text = encodePrintable(code);
    for (const prefix of [
      "",
      "bitcoin:",
      "mob:",
      "mob://b58/",
      "mob://host/b58/",
      "mob:///tx/",
      "https:///b58/",
      " mob:///b58/",
    ]) {
      expect(
        codeOf(() => parseMobUri(prefix + text)),
        prefix,
      ).toBe("foreign-prefix");
    }
  });

  test("what is no text is refused", () => {
    for (const value of [undefined, null, 7, {}, [], new Uint8Array(20)] as unknown[]) {
      expect(codeOf(() => parseMobUri(value as string))).toBe("foreign-prefix"); // A caller without types passes it.
    }
  });

  test("what follows must be a code and nothing more", () => {
    const uri = mobUri(code);
    expect(codeOf(() => parseMobUri("mob:///b58/"))).toBe("code-too-short");
    expect(codeOf(() => parseMobUri(`${uri}/`))).toBe("bad-base58");
    expect(codeOf(() => parseMobUri(`${uri}?memo=x`))).toBe("bad-base58");
    expect(codeOf(() => parseMobUri(`mob:///b58/${uri}`))).toBe("foreign-prefix");
    expect(codeOf(() => parseMobUri(uri.slice(0, -1)))).toBe("bad-code-checksum");
  });

  test("any text gives a code or a typed error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, withPrefix) => {
        const errors = ["foreign-prefix", "bad-base58", "code-too-short", "bad-code-checksum"];
        expect(errors).toContain(codeOf(() => parseMobUri(withPrefix ? `mob:///b58/${text}` : text)));
      }),
    );
  });
});
