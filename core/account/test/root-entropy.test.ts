import { Secret, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { accountKeyFromRootEntropy } from "../src/index.ts";
import { rootEntropyOf } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

describe("accountKeyFromRootEntropy", () => {
  test.each([
    [
      0,
      "b0146de8cd8f5b7962f9e74a5ef0f3e58a9550c9527ac144f38729f0fd3fed0e",
      "b4bf01a77ed4e065e9082d4bda67add30c88e021dcf81fc84e6a9ca2cb68e107",
    ],
    [
      1,
      "ee2ccd85588a9f88867ae11d47d0a4530184e616d62c14478318365f7aa9180e",
      "6caf3b31c9ddbd89350256694b865ebee1495cf3181c8e629512011ce1affc06",
    ],
  ])("derives MobileCoin's keys from 32 bytes of %i", (value, view, spend) => {
    const account = accountKeyFromRootEntropy(rootEntropyOf(value));
    expect(toHex(account.viewPrivateKey.expose())).toBe(view);
    expect(toHex(account.spendPrivateKey.expose())).toBe(spend);
  });

  test("leaves the entropy to the caller", () => {
    const entropy = rootEntropyOf(7);
    accountKeyFromRootEntropy(entropy);
    expect(entropy.expose()).toEqual(new Uint8Array(32).fill(7));
  });

  test("refuses any other length", () => {
    for (const length of [0, 16, 31, 33, 64]) {
      const entropy = new Secret(new Uint8Array(length));
      expect(codeOf(() => accountKeyFromRootEntropy(entropy))).toBe("bad-entropy-length");
    }
  });

  test("takes Fog settings, and has empty ones without", () => {
    expect(accountKeyFromRootEntropy(rootEntropyOf(0))).toMatchObject({ fogReportUrl: "", fogReportId: "" });
    const fog = { fogReportUrl: "fog://example.com", fogAuthoritySpki: new Uint8Array([1, 2]) };
    expect(accountKeyFromRootEntropy(rootEntropyOf(0), fog)).toMatchObject({ ...fog, fogReportId: "" });
  });
});
