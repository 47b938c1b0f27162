import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { encodeMessage, PublicAddressSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accountKeyFromBip39Entropy,
  decodePublicAddress,
  encodePublicAddress,
  equalAddresses,
  publicAddress,
} from "../src/index.ts";
import { address, mutation } from "./arbitrary.ts";
import { rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

// The mobile fixture of spec 01 §10.4: keys of BIP-39 entropy 32 × 00, a report URL, an empty id, a signature.
const mobileFixture =
  "0a220a2008ad42828b934e6590794f788c5a5599afa12ca8080b90afbbbf928a0a30cd6f12220a204aa1eb7d23b7bfe4db3973277d85872eb7dcfe17" +
  "5c93c5c8758ecfd780ad6a101a24666f673a2f2f666f672d7265706f72742e66616b652e6d6f62696c65636f696e2e636f6d2a4042235466fe18e037" +
  "49747d536b8f018f405f4d9b250b21dbc3073613287a9e3dbae586cdbabb6b461ad9827235bef152aa520679a300a7e95102ea42430ccd81";

const decodeErrors = [undefined, "malformed-message", "missing-field", "wrong-length", "invalid-public-key"];

describe("PublicAddress", () => {
  test("a published address comes back byte for byte", () => {
    const decoded = decodePublicAddress(fromHex(mobileFixture));
    const account = accountKeyFromBip39Entropy(new Secret(new Uint8Array(32)), 0);
    const { viewPublicKey, spendPublicKey } = publicAddress(account);
    expect(decoded).toMatchObject({ viewPublicKey, spendPublicKey, fogReportId: "" });
    expect(decoded.fogReportUrl).toBe("fog://fog-report.fake.mobilecoin.com");
    expect(toHex(encodePublicAddress(decoded))).toBe(mobileFixture);
  });

  test("decodes to what was encoded", () => {
    fc.assert(
      fc.property(address, (anyAddress) => {
        expect(equalAddresses(decodePublicAddress(encodePublicAddress(anyAddress)), anyAddress)).toBe(true);
      }),
    );
  });

  test("without a report URL, report id and signature are dropped", () => {
    const { viewPublicKey, spendPublicKey } = publicAddress(rootZero());
    const bytes = encodeMessage(PublicAddressSchema, {
      viewPublicKey: { data: viewPublicKey },
      spendPublicKey: { data: spendPublicKey },
      fogReportId: "7",
      fogAuthoritySig: new Uint8Array(64),
    });
    expect(decodePublicAddress(bytes)).toEqual(publicAddress(rootZero()));
  });

  test("refuses absent keys, keys of another length and keys that are no points", () => {
    const key = (length: number, value: number) => ({ data: new Uint8Array(length).fill(value) });
    const code = (message: Parameters<typeof encodeMessage<typeof PublicAddressSchema>>[1]) =>
      codeOf(() => decodePublicAddress(encodeMessage(PublicAddressSchema, message)));
    expect(code({})).toBe("missing-field");
    expect(code({ viewPublicKey: key(32, 0) })).toBe("missing-field");
    expect(code({ viewPublicKey: key(0, 0), spendPublicKey: key(32, 0) })).toBe("wrong-length");
    expect(code({ viewPublicKey: key(32, 0), spendPublicKey: key(64, 0) })).toBe("wrong-length");
    expect(code({ viewPublicKey: key(32, 1), spendPublicKey: key(32, 0) })).toBe("invalid-public-key");
    expect(code({ viewPublicKey: key(32, 0), spendPublicKey: key(32, 255) })).toBe("invalid-public-key");
    expect(code({ viewPublicKey: key(32, 0), spendPublicKey: key(32, 0) })).toBeUndefined(); // The identity is legal.
  });

  test("refuses more than 4096 bytes, and text that has no UTF-8 form", () => {
    const base = publicAddress(rootZero());
    const large = { ...base, fogReportUrl: "x".repeat(4_096) };
    expect(codeOf(() => decodePublicAddress(encodePublicAddress(large)))).toBe("message-too-large");
    expect(codeOf(() => encodePublicAddress({ ...base, fogReportUrl: "\ud800" }))).toBe("unencodable-message");
  });

  test("an address too long to read is not written", () => {
    const base = publicAddress(rootZero());
    const url = (length: number): string => "x".repeat(length);
    const longest = encodePublicAddress({ ...base, fogReportUrl: url(4_021) });
    expect(longest.length).toBe(4_096);
    expect(decodePublicAddress(longest).fogReportUrl).toBe(url(4_021));
    expect(codeOf(() => encodePublicAddress({ ...base, fogReportUrl: url(4_022) }))).toBe("message-too-large");
  });

  test("an address keeps nothing of the bytes it came from", () => {
    const bytes = fromHex(mobileFixture);
    const decoded = decodePublicAddress(bytes);
    bytes.fill(0);
    expect(toHex(encodePublicAddress(decoded))).toBe(mobileFixture);
  });

  test("cut at any byte, it is refused or loses whole fields", () => {
    const bytes = fromHex(mobileFixture);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeErrors).toContain(codeOf(() => decodePublicAddress(bytes.subarray(0, length))));
    }
  });

  test("changed and random bytes give an address or a typed error", () => {
    fc.assert(
      fc.property(address, mutation, fc.uint8Array({ maxLength: 200 }), (anyAddress, mutate, noise) => {
        for (const bytes of [mutate(encodePublicAddress(anyAddress)), noise]) {
          expect(decodeErrors).toContain(codeOf(() => decodePublicAddress(bytes)));
        }
      }),
    );
  });
});
