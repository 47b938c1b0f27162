import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeGiftCode, encodeGiftCode } from "../src/index.ts";
import { aPublicKey, mutation, privateKey, u64 } from "./arbitrary.ts";
import { codeOf } from "./refusal.ts";

const giftCode = fc.record({
  globalIndex: u64,
  onetimePrivateKey: privateKey,
  sharedSecret: aPublicKey.map((point) => new Secret(new Uint8Array(point))),
});

describe("a gift code on its own", () => {
  test("writes all three fields, zero or not", () => {
    const zero = {
      globalIndex: 0n,
      onetimePrivateKey: new PrivateKey(new Uint8Array(32)),
      sharedSecret: new Secret(new Uint8Array(32)),
    };
    const key = `220a20${"00".repeat(32)}`;
    expect(toHex(encodeGiftCode(zero).expose())).toBe(`080012${key}1a${key}`);
  });

  test("decodes to what was encoded", () => {
    fc.assert(
      fc.property(giftCode, (any) => {
        const decoded = decodeGiftCode(encodeGiftCode(any).expose());
        expect(decoded.globalIndex).toBe(any.globalIndex);
        expect(decoded.onetimePrivateKey.equals(any.onetimePrivateKey)).toBe(true);
        expect(decoded.sharedSecret.equals(any.sharedSecret)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("refuses absent keys and too many bytes", () => {
    expect(codeOf(() => decodeGiftCode(fromHex("0801")))).toBe("missing-field");
    expect(codeOf(() => decodeGiftCode(new Uint8Array(257)))).toBe("message-too-large");
  });

  test("changed and random bytes give a gift code or a typed error", () => {
    const errors = [
      undefined,
      "malformed-message",
      "missing-field",
      "wrong-length",
      "invalid-public-key",
      "invalid-private-key",
    ];
    fc.assert(
      fc.property(giftCode, mutation, fc.uint8Array({ maxLength: 120 }), (any, mutate, noise) => {
        expect(errors).toContain(codeOf(() => decodeGiftCode(mutate(encodeGiftCode(any).expose()))));
        expect(errors).toContain(codeOf(() => decodeGiftCode(noise)));
      }),
    );
  });
});
