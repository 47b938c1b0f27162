import { Secret } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import {
  accountKeyFromBip39Entropy,
  accountKeyFromTransferPayload,
  decodePrintable,
  encodePrintable,
  type TransferPayload,
} from "../src/index.ts";
import { rootEntropyOf, rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

const base = { txOutPublicKey: compressedPoint(new Uint8Array(32).fill(2)), memo: "for you" };
const entropy = (length: number): Secret => new Secret(new Uint8Array(length));

describe("accountKeyFromTransferPayload", () => {
  test("takes the one account that is named, a phrase always at index 0", () => {
    const fromPhrase = accountKeyFromTransferPayload({ ...base, bip39Entropy: entropy(16) });
    const expected = accountKeyFromBip39Entropy(entropy(16), 0);
    expect(fromPhrase.spendPrivateKey.equals(expected.spendPrivateKey)).toBe(true);
    const fromRoot = accountKeyFromTransferPayload({ ...base, rootEntropy: rootEntropyOf(0) });
    expect(fromRoot.spendPrivateKey.equals(rootZero().spendPrivateKey)).toBe(true);
    expect(fromRoot.fogReportUrl).toBe("");
  });

  test("refuses two accounts and none", () => {
    const both: TransferPayload = { ...base, bip39Entropy: entropy(32), rootEntropy: entropy(32) };
    expect(codeOf(() => accountKeyFromTransferPayload(both))).toBe("not-one-entropy");
    expect(codeOf(() => accountKeyFromTransferPayload(base))).toBe("not-one-entropy");
  });

  test("refuses entropies of a wrong length", () => {
    expect(codeOf(() => accountKeyFromTransferPayload({ ...base, bip39Entropy: entropy(31) }))).toBe(
      "bad-entropy-length",
    );
    expect(codeOf(() => accountKeyFromTransferPayload({ ...base, rootEntropy: entropy(16) }))).toBe(
      "bad-entropy-length",
    );
  });

  test("an entropy that a code leaves out is absent after reading", () => {
    const code = { kind: "transfer-payload", transferPayload: { ...base, rootEntropy: entropy(32) } } as const;
    const decoded = decodePrintable(encodePrintable(code));
    expect(decoded).toMatchObject({ transferPayload: { bip39Entropy: undefined, memo: "for you" } });
  });
});
