import { Secret } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountKeyFromIdentity, formatKeyFile, parseKeyFile } from "../src/index.ts";
import { identity } from "./arbitrary.ts";
import { rootEntropyOf, rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

const phrase = `${"abandon ".repeat(11)}about`;
const zeros = new Array(32).fill(0);
const fog = { fog_report_id: "1", fog_authority_spki: [1, 255] };
const parsedFog = { fogReportUrl: "fog://a", fogReportId: "1", fogAuthoritySpki: new Uint8Array([1, 255]) };

const codeOfFile = (file: unknown): string | undefined => codeOf(() => parseKeyFile(JSON.stringify(file)));

describe("key files", () => {
  test("the mnemonic form is read", () => {
    const file = { mnemonic: phrase, account_index: 2, fog_report_url: "fog://a", ...fog };
    const parsed = parseKeyFile(JSON.stringify(file));
    expect(parsed).toMatchObject({ kind: "mnemonic", accountIndex: 2, ...parsedFog });
  });

  test("the legacy form is read", () => {
    const parsed = parseKeyFile(JSON.stringify({ root_entropy: zeros, fog_url: "fog://a", ...fog }));
    expect(parsed).toMatchObject({ kind: "root-entropy", ...parsedFog });
    const account = accountKeyFromIdentity(parsed);
    expect(account.spendPrivateKey.equals(rootZero().spendPrivateKey)).toBe(true);
    expect(account).toMatchObject(parsedFog);
  });

  test("root_entropy alone tells the forms apart", () => {
    expect(parseKeyFile(JSON.stringify({ root_entropy: zeros, mnemonic: phrase, account_index: 0 })).kind).toBe(
      "root-entropy",
    );
  });

  test("Fog fields may be null or absent, and other fields are ignored", () => {
    const file = { mnemonic: phrase, account_index: 0, fog_report_url: null, fog_authority_spki: null, note: "x" };
    expect(parseKeyFile(JSON.stringify(file))).toMatchObject({
      fogReportUrl: "",
      fogReportId: "",
      fogAuthoritySpki: new Uint8Array(),
    });
  });

  test("both forms are written with MobileCoin's names", () => {
    const mnemonic = {
      kind: "mnemonic",
      entropy: new Secret(new Uint8Array(16)),
      accountIndex: 0,
      ...parsedFog,
    } as const;
    expect(JSON.parse(formatKeyFile(mnemonic))).toEqual({
      mnemonic: phrase,
      account_index: 0,
      fog_report_url: "fog://a",
      ...fog,
    });
    const legacy = { kind: "root-entropy", rootEntropy: rootEntropyOf(0), ...parsedFog } as const;
    expect(JSON.parse(formatKeyFile(legacy))).toEqual({ root_entropy: zeros, fog_url: "fog://a", ...fog });
  });

  test("what is written reads as the same identity", () => {
    fc.assert(
      fc.property(identity, (any) => {
        const parsed = parseKeyFile(formatKeyFile(any));
        expect(formatKeyFile(parsed)).toBe(formatKeyFile(any));
        expect(parsed.kind).toBe(any.kind);
      }),
    );
  });

  test("what could not be read again is not written", () => {
    const entropy = new Secret(new Uint8Array(16));
    const noFog = { fogReportUrl: "", fogReportId: "", fogAuthoritySpki: new Uint8Array() };
    const words = { kind: "mnemonic", entropy, accountIndex: 0, ...noFog } as const;
    for (const accountIndex of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(codeOf(() => formatKeyFile({ ...words, accountIndex }))).toBe("out-of-range");
    }
    for (const length of [0, 31, 33]) {
      const rootEntropy = new Secret(new Uint8Array(length));
      expect(codeOf(() => formatKeyFile({ kind: "root-entropy", rootEntropy, ...noFog }))).toBe("bad-entropy-length");
    }
    const fogAuthoritySpki = new Uint8Array(5_000).fill(255); // Four characters a byte.
    expect(codeOf(() => formatKeyFile({ ...words, fogAuthoritySpki }))).toBe("malformed-key-file");
  });

  test("what is no text, or text without a UTF-8 form in a Fog field, is refused", () => {
    for (const value of [undefined, null, 7, {}, new Uint8Array(3)] as unknown[]) {
      expect(codeOf(() => parseKeyFile(value as string))).toBe("malformed-key-file"); // A caller without types passes it.
    }
    const good = { mnemonic: phrase, account_index: 0 };
    expect(codeOfFile({ ...good, fog_report_url: "fog://\ud800" })).toBe("invalid-utf8");
    expect(codeOfFile({ root_entropy: zeros, fog_report_id: "\udfff" })).toBe("invalid-utf8");
  });

  test("text that is no JSON object is refused without quoting it", () => {
    for (const json of ["", "mnemonic: zebra", "[]", "null", '"zebra"', "7", `{"mnemonic":"zebra`]) {
      expect(
        codeOf(() => parseKeyFile(json)),
        json,
      ).toBe("malformed-key-file");
      expect(() => parseKeyFile(json)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining("zebra") }),
      );
      expect(() => parseKeyFile(json)).not.toThrow(expect.objectContaining({ cause: expect.anything() }));
    }
    expect(codeOf(() => parseKeyFile(" ".repeat(16_385)))).toBe("malformed-key-file");
  });

  test("fields of the wrong kind are refused", () => {
    const good = { mnemonic: phrase, account_index: 0 };
    expect(codeOfFile({})).toBe("malformed-key-file");
    expect(codeOfFile({ mnemonic: phrase })).toBe("malformed-key-file");
    expect(codeOfFile({ ...good, account_index: "0" })).toBe("malformed-key-file");
    expect(codeOfFile({ ...good, mnemonic: 7 })).toBe("malformed-key-file");
    expect(codeOfFile({ ...good, fog_report_url: 7 })).toBe("malformed-key-file");
    expect(codeOfFile({ ...good, fog_authority_spki: "AAEC" })).toBe("malformed-key-file");
    expect(codeOfFile({ ...good, fog_authority_spki: [256] })).toBe("malformed-key-file");
    expect(codeOfFile({ ...good, fog_authority_spki: [-1] })).toBe("malformed-key-file");
    expect(codeOfFile({ ...good, fog_authority_spki: ["1"] })).toBe("malformed-key-file");
    expect(codeOfFile({ root_entropy: zeros.slice(1) })).toBe("malformed-key-file");
    expect(codeOfFile({ root_entropy: [...zeros, 0] })).toBe("malformed-key-file");
    expect(codeOfFile({ root_entropy: null })).toBe("malformed-key-file");
    expect(codeOfFile({ root_entropy: [0.5, ...zeros.slice(1)] })).toBe("malformed-key-file");
  });

  test("a phrase or an index that is wrong is refused with its own code", () => {
    expect(codeOfFile({ mnemonic: phrase, account_index: -1 })).toBe("out-of-range");
    expect(codeOfFile({ mnemonic: phrase, account_index: 0.5 })).toBe("out-of-range");
    expect(codeOfFile({ mnemonic: phrase, account_index: 2 ** 32 })).toBe("out-of-range");
    expect(codeOfFile({ mnemonic: "abandon", account_index: 0 })).toBe("bad-word-count");
    expect(codeOfFile({ mnemonic: phrase.replace("about", "abuot"), account_index: 0 })).toBe("unknown-word");
    expect(codeOfFile({ mnemonic: phrase.replace("about", "abandon"), account_index: 0 })).toBe("bad-checksum");
  });

  test("any JSON gives an identity or a typed error", () => {
    const names = fc.constantFrom("root_entropy", "mnemonic", "account_index", "fog_url", "fog_authority_spki");
    const value = fc.oneof(fc.jsonValue(), fc.constant(phrase), fc.constant(zeros), fc.nat());
    fc.assert(
      fc.property(fc.dictionary(names, value), fc.string(), (file, text) => {
        const expected = [
          undefined,
          "malformed-key-file",
          "out-of-range",
          "bad-word-count",
          "unknown-word",
          "bad-checksum",
        ];
        expect(expected).toContain(codeOfFile(file));
        expect(expected).toContain(codeOf(() => parseKeyFile(text)));
      }),
    );
  });
});
