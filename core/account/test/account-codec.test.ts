import { fromHex, toHex } from "@fogbow/core-bytes";
import { PrivateKey, publicKey } from "@fogbow/core-crypto";
import { AccountKeySchema, decodeMessage, encodeMessage } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accountKey,
  decodeAccountKey,
  decodeViewAccountKey,
  encodeAccountKey,
  encodeViewAccountKey,
  viewAccountKey,
  wipeAccountKey,
} from "../src/index.ts";
import { account, aPublicKey, mutation, privateKey } from "./arbitrary.ts";
import { rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

const decodeErrors = [
  undefined,
  "malformed-message",
  "missing-field",
  "wrong-length",
  "invalid-private-key",
  "invalid-public-key",
];

describe("AccountKey", () => {
  test("has the bytes MobileCoin writes", () => {
    const withFog = { ...rootZero(), fogReportUrl: "fog://a", fogReportId: "", fogAuthoritySpki: new Uint8Array([7]) };
    expect(toHex(encodeAccountKey(withFog).expose())).toBe(
      "0a220a20b0146de8cd8f5b7962f9e74a5ef0f3e58a9550c9527ac144f38729f0fd3fed0e" +
        "12220a20b4bf01a77ed4e065e9082d4bda67add30c88e021dcf81fc84e6a9ca2cb68e107" +
        "1a07666f673a2f2f61" +
        "2a0107",
    );
  });

  test("zero keys are written in full", () => {
    const zero = (): PrivateKey => new PrivateKey(new Uint8Array(32));
    const bytes = encodeAccountKey(accountKey({ viewPrivateKey: zero(), spendPrivateKey: zero() })).expose();
    expect(toHex(bytes)).toBe(`0a220a20${"00".repeat(32)}12220a20${"00".repeat(32)}`);
    expect(decodeAccountKey(bytes).spendPrivateKey.equals(zero())).toBe(true);
  });

  test("decodes to what was encoded", () => {
    fc.assert(
      fc.property(account, (anyAccount) => {
        const decoded = decodeAccountKey(encodeAccountKey(anyAccount).expose());
        expect(decoded.viewPrivateKey.equals(anyAccount.viewPrivateKey)).toBe(true);
        expect(decoded.spendPrivateKey.equals(anyAccount.spendPrivateKey)).toBe(true);
        const { fogReportUrl, fogReportId, fogAuthoritySpki } = anyAccount;
        expect(decoded).toMatchObject({ fogReportUrl, fogReportId, fogAuthoritySpki });
      }),
    );
  });

  test("too long to read is not written", () => {
    const fogAuthoritySpki = new Uint8Array(16_384);
    expect(codeOf(() => encodeAccountKey({ ...rootZero(), fogAuthoritySpki }))).toBe("message-too-large");
  });

  test("survives the bytes it came from being wiped", () => {
    const encoded = encodeAccountKey({ ...rootZero(), fogAuthoritySpki: new Uint8Array([7]) });
    const decoded = decodeAccountKey(encoded.expose());
    encoded.wipe();
    expect(decoded.viewPrivateKey.equals(rootZero().viewPrivateKey)).toBe(true);
    expect(decoded.fogAuthoritySpki).toEqual(new Uint8Array([7]));
  });

  test("refuses absent keys, keys of another length and keys that are no scalars", () => {
    const key = (length: number, value: number) => ({ data: new Uint8Array(length).fill(value) });
    const code = (message: Parameters<typeof encodeMessage<typeof AccountKeySchema>>[1]) =>
      codeOf(() => decodeAccountKey(encodeMessage(AccountKeySchema, message)));
    expect(code({ viewPrivateKey: key(32, 1) })).toBe("missing-field");
    expect(code({ spendPrivateKey: key(32, 1) })).toBe("missing-field");
    expect(code({ viewPrivateKey: key(31, 1), spendPrivateKey: key(32, 1) })).toBe("wrong-length");
    expect(code({ viewPrivateKey: key(32, 1), spendPrivateKey: key(33, 1) })).toBe("wrong-length");
    expect(code({ viewPrivateKey: key(32, 1), spendPrivateKey: key(32, 255) })).toBe("invalid-private-key");
  });

  test("refuses more than 16384 bytes", () => {
    const large = { ...rootZero(), fogAuthoritySpki: new Uint8Array(16_384) };
    expect(codeOf(() => decodeAccountKey(encodeAccountKey(large).expose()))).toBe("message-too-large");
  });

  test("changed bytes give an account or a typed error", () => {
    fc.assert(
      fc.property(account, mutation, (anyAccount, mutate) => {
        const bytes = mutate(encodeAccountKey(anyAccount).expose());
        expect(decodeErrors).toContain(codeOf(() => decodeAccountKey(bytes)));
        expect(decodeErrors).toContain(codeOf(() => decodeViewAccountKey(bytes)));
      }),
    );
  });

  test("random bytes give an account or a typed error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeErrors).toContain(codeOf(() => decodeAccountKey(bytes)));
        expect(decodeErrors).toContain(codeOf(() => decodeViewAccountKey(bytes)));
      }),
    );
  });

  test("can be wiped", () => {
    const anyAccount = rootZero();
    wipeAccountKey(anyAccount);
    expect(codeOf(() => encodeAccountKey(anyAccount))).toBe("secret-wiped");
    for (const key of [anyAccount.viewPrivateKey, anyAccount.spendPrivateKey]) {
      expect(codeOf(() => key.expose())).toBe("secret-wiped");
    }
  });
});

describe("ViewAccountKey", () => {
  test("decodes to what was encoded", () => {
    fc.assert(
      fc.property(privateKey, aPublicKey, (viewPrivateKey, spendPublicKey) => {
        const decoded = decodeViewAccountKey(encodeViewAccountKey({ viewPrivateKey, spendPublicKey }).expose());
        expect(decoded.viewPrivateKey.equals(viewPrivateKey)).toBe(true);
        expect(decoded.spendPublicKey).toEqual(spendPublicKey);
      }),
      { numRuns: 30 },
    );
  });

  test("has the bytes MobileCoin writes", () => {
    const { spendPublicKey } = viewAccountKey(rootZero());
    expect(toHex(encodeViewAccountKey(viewAccountKey(rootZero())).expose())).toBe(
      `0a220a20b0146de8cd8f5b7962f9e74a5ef0f3e58a9550c9527ac144f38729f0fd3fed0e12220a20${toHex(spendPublicKey)}`,
    );
  });

  test("refuses a spend key that is no point", () => {
    const bytes = encodeViewAccountKey(viewAccountKey(rootZero())).expose();
    const notAPoint = new Uint8Array([...bytes.subarray(0, 40), ...new Uint8Array(32).fill(1)]);
    expect(codeOf(() => decodeViewAccountKey(notAPoint))).toBe("invalid-public-key");
    expect(() => publicKey(fromHex("01".repeat(32)))).toThrow();
  });

  test("an AccountKey's bytes are no view-only account, unless the private key happens to be a point", () => {
    const message = decodeMessage(AccountKeySchema, encodeAccountKey(rootZero()).expose(), { bytesMax: 100 });
    expect(message.spendPrivateKey?.data.length).toBe(32);
    expect(codeOf(() => decodeViewAccountKey(encodeAccountKey(rootZero()).expose()))).toBe("invalid-public-key");
  });
});
