import { fromHex, Secret, toHex, utf8 } from "@fogbow/core-bytes";
import { encodeMessage, RootIdentitySchema, UncheckedMnemonicAccountSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accountKeyFromIdentity,
  accountKeyFromMnemonic,
  decodeMnemonicIdentity,
  decodeRootIdentity,
  encodeMnemonicIdentity,
  encodeRootIdentity,
  type Identity,
  type MnemonicIdentity,
  type RootIdentity,
} from "../src/index.ts";
import { identity, mutation } from "./arbitrary.ts";
import { rootEntropyOf, rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

const noFog = { fogReportUrl: "", fogReportId: "", fogAuthoritySpki: new Uint8Array() };
const root: RootIdentity = { kind: "root-entropy", rootEntropy: rootEntropyOf(0), ...noFog };
const phrase = `${"abandon ".repeat(11)}about`;
const mnemonic: MnemonicIdentity = {
  kind: "mnemonic",
  entropy: new Secret(new Uint8Array(16)),
  accountIndex: 0,
  ...noFog,
};

const decodeErrors = [
  undefined,
  "malformed-message",
  "missing-field",
  "wrong-length",
  "conflicting-fog-authority",
  "bad-word-count",
  "unknown-word",
  "bad-checksum",
];

const encode = (any: Identity): Uint8Array =>
  (any.kind === "mnemonic" ? encodeMnemonicIdentity(any) : encodeRootIdentity(any)).expose();

describe("identities", () => {
  test("give their accounts", () => {
    expect(accountKeyFromIdentity(root).viewPrivateKey.equals(rootZero().viewPrivateKey)).toBe(true);
    const second = accountKeyFromIdentity({ ...mnemonic, accountIndex: 1, fogReportUrl: "fog://a" });
    expect(second.spendPrivateKey.equals(accountKeyFromMnemonic(phrase, 1).spendPrivateKey)).toBe(true);
    expect(second.fogReportUrl).toBe("fog://a");
    expect(codeOf(() => accountKeyFromIdentity({ ...mnemonic, accountIndex: 2 ** 32 }))).toBe("out-of-range");
  });

  test("decode to what was encoded", () => {
    fc.assert(
      fc.property(identity, (any) => {
        const bytes = encode(any);
        const decoded = any.kind === "mnemonic" ? decodeMnemonicIdentity(bytes) : decodeRootIdentity(bytes);
        expect(toHex(encode(decoded))).toBe(toHex(bytes));
        const { fogReportUrl, fogReportId, fogAuthoritySpki } = any;
        expect(decoded).toMatchObject({ fogReportUrl, fogReportId, fogAuthoritySpki });
      }),
    );
  });

  test("changed and random bytes give an identity or a typed error", () => {
    fc.assert(
      fc.property(identity, mutation, fc.uint8Array({ maxLength: 200 }), (any, mutate, noise) => {
        for (const bytes of [mutate(encode(any)), noise]) {
          expect(decodeErrors).toContain(codeOf(() => decodeRootIdentity(bytes)));
          expect(decodeErrors).toContain(codeOf(() => decodeMnemonicIdentity(bytes)));
        }
      }),
    );
  });

  test("more than 16384 bytes are neither read nor written", () => {
    const bytes = new Uint8Array(16_385);
    expect(codeOf(() => decodeRootIdentity(bytes))).toBe("message-too-large");
    expect(codeOf(() => decodeMnemonicIdentity(bytes))).toBe("message-too-large");
    expect(codeOf(() => encodeRootIdentity({ ...root, fogAuthoritySpki: bytes }))).toBe("message-too-large");
    expect(codeOf(() => encodeMnemonicIdentity({ ...mnemonic, fogAuthoritySpki: bytes }))).toBe("message-too-large");
  });

  test("of wrong lengths or indices are not written", () => {
    const rootEntropy = new Secret(new Uint8Array(31));
    expect(codeOf(() => encodeRootIdentity({ ...root, rootEntropy }))).toBe("bad-entropy-length");
    expect(codeOf(() => encodeMnemonicIdentity({ ...mnemonic, entropy: rootEntropy }))).toBe("bad-entropy-length");
    expect(codeOf(() => encodeMnemonicIdentity({ ...mnemonic, accountIndex: 2 ** 32 }))).toBe("out-of-range");
  });
});

describe("RootIdentity", () => {
  test("is written with the Fog authority in field 4, and zero entropy in full", () => {
    const bytes = encodeRootIdentity({ ...root, fogReportUrl: "a", fogAuthoritySpki: fromHex("0708") }).expose();
    expect(toHex(bytes)).toBe(`0a220a20${"00".repeat(32)}12016122020708`);
  });

  test("is read with the Fog authority in field 4, in field 5 or in both", () => {
    const rootEntropy = { data: new Uint8Array(32) };
    const read = (native: string, published: string): Uint8Array =>
      decodeRootIdentity(
        encodeMessage(RootIdentitySchema, {
          rootEntropy,
          fogAuthoritySpkiNative: fromHex(native),
          fogAuthoritySpki: fromHex(published),
        }),
      ).fogAuthoritySpki;
    expect(read("0708", "")).toEqual(fromHex("0708"));
    expect(read("", "0708")).toEqual(fromHex("0708"));
    expect(read("0708", "0708")).toEqual(fromHex("0708"));
    expect(codeOf(() => read("0708", "0709"))).toBe("conflicting-fog-authority");
  });

  test("without 32 bytes of entropy is refused", () => {
    expect(codeOf(() => decodeRootIdentity(new Uint8Array()))).toBe("missing-field");
    expect(codeOf(() => decodeRootIdentity(fromHex("0a00")))).toBe("wrong-length");
  });
});

describe("UncheckedMnemonicAccount", () => {
  test("is written with every field, also those that are zero", () => {
    const words = toHex(utf8(phrase));
    const length = (words.length / 2).toString(16);
    expect(toHex(encodeMnemonicIdentity(mnemonic).expose())).toBe(`0a${length}${words}10001a0022002a00`);
  });

  test("is read without Fog fields, as MobileCoin writes it for an account without Fog", () => {
    const bytes = encodeMessage(UncheckedMnemonicAccountSchema, { mnemonic: phrase, accountIndex: 3 });
    const decoded = decodeMnemonicIdentity(bytes);
    expect(decoded).toMatchObject({ kind: "mnemonic", accountIndex: 3, ...noFog });
    expect(decoded.entropy.equals(mnemonic.entropy)).toBe(true);
  });

  test("is refused without mnemonic or account index, or with a phrase that is none", () => {
    const code = (message: { mnemonic?: string; accountIndex?: number }) =>
      codeOf(() => decodeMnemonicIdentity(encodeMessage(UncheckedMnemonicAccountSchema, message)));
    expect(code({ accountIndex: 0 })).toBe("missing-field");
    expect(code({ mnemonic: phrase })).toBe("missing-field");
    expect(code({ mnemonic: "", accountIndex: 0 })).toBe("bad-word-count");
    expect(code({ mnemonic: phrase.replace("about", "abuot"), accountIndex: 0 })).toBe("unknown-word");
    expect(code({ mnemonic: phrase.replace("about", "abandon"), accountIndex: 0 })).toBe("bad-checksum");
  });
});
