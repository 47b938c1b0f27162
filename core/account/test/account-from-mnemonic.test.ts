import { inspect } from "node:util";
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  type AccountKey,
  accountKeyFromBip39Entropy,
  accountKeyFromMnemonic,
  accountKeyFromSlip10Key,
} from "../src/index.ts";
import { codeOf } from "./refusal.ts";

const abandonAbout = `${"abandon ".repeat(11)}about`;

const keysOf = (account: AccountKey): string[] => [
  toHex(account.viewPrivateKey.expose()),
  toHex(account.spendPrivateKey.expose()),
];

describe("accounts from recovery phrases", () => {
  test("a phrase gives MobileCoin's keys", () => {
    expect(keysOf(accountKeyFromMnemonic(abandonAbout, 0))).toEqual([
      "bc81a3710d75c69dc627b6c0497806350bb3d27b3b58d1c299df006da900c004",
      "94b7d9bd493e57fcc7e7199860131a0e9a744c139dd97fd753fc78738c7aa306",
    ]);
  });

  test("entropy gives the keys of its phrase", () => {
    expect(keysOf(accountKeyFromBip39Entropy(new Secret(new Uint8Array(32)), 0))).toEqual([
      "8252ac17786c450c3f16b3c42faca2194b93ac2dccfdedd8d30d28a58bd32100",
      "53fa3e83ddab23485e67873262e5b6983d1a2771df1483ef598aa18744807d05",
    ]);
  });

  test("a SLIP-10 key gives both keys, reduced from 64 bytes each", () => {
    const slip10 = new Secret(fromHex("2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7"));
    const wide = [
      "5a8d2f490f1e76ca0b7d14f37ce2b1a797b8e5e5c88b636e0c9b4b27b83c017a87cbd4a31a6f09ff0a896575f7a950743035cbe887c0e739d0104ed351397950",
      "34359a3c11ee05fa89fee68c66310448be52e4aacd21df68b1ea0e192786f2743c79edd445b14e411e96fdd6916721a31da4e0eb20011df9861269ac8ca76651",
    ];
    expect(keysOf(accountKeyFromSlip10Key(slip10))).toEqual(wide.map((hex) => reducedLittleEndian(hex)));
  });

  test("the accounts of one phrase differ", () => {
    expect(keysOf(accountKeyFromMnemonic(abandonAbout, 1))).not.toEqual(
      keysOf(accountKeyFromMnemonic(abandonAbout, 0)),
    );
  });

  test("Fog settings are part of the account and not of its keys", () => {
    const fog = { fogReportUrl: "fog://example.com", fogReportId: "1", fogAuthoritySpki: new Uint8Array([1]) };
    const account = accountKeyFromMnemonic(abandonAbout, 0, fog);
    expect(account).toMatchObject(fog);
    expect(keysOf(account)).toEqual(keysOf(accountKeyFromMnemonic(abandonAbout, 0)));
  });

  test("refuses bad phrases, entropies and indices", () => {
    expect(codeOf(() => accountKeyFromMnemonic("abandon about", 0))).toBe("bad-word-count");
    expect(codeOf(() => accountKeyFromMnemonic(abandonAbout, -1))).toBe("out-of-range");
    expect(codeOf(() => accountKeyFromMnemonic(abandonAbout, 2 ** 32))).toBe("out-of-range");
    expect(codeOf(() => accountKeyFromBip39Entropy(new Secret(new Uint8Array(17)), 0))).toBe("bad-entropy-length");
    for (const length of [0, 31, 33, 64]) {
      const key = new Secret(new Uint8Array(length));
      expect(codeOf(() => accountKeyFromSlip10Key(key))).toBe("bad-entropy-length");
    }
    for (const value of [undefined, null, 12, {}, ["abandon"]] as unknown[]) {
      // A caller without types passes it.
      expect(codeOf(() => accountKeyFromMnemonic(value as string, 0))).toBe("bad-word-count");
    }
  });

  test("refuses Fog settings that could not be hashed or written later", () => {
    const withFog = (fog: object) => codeOf(() => accountKeyFromMnemonic(abandonAbout, 0, fog));
    expect(withFog({ fogReportUrl: "fog://\ud800" })).toBe("invalid-utf8");
    expect(withFog({ fogReportId: "\udfff" })).toBe("invalid-utf8");
    expect(withFog({ fogReportUrl: 7 })).toBe("invalid-utf8");
    expect(withFog({ fogAuthoritySpki: "AAEC" })).toBe("invalid-length");
    expect(withFog({ fogAuthoritySpki: -1 })).toBe("invalid-length");
  });

  test("an account refuses to print or serialise its keys", () => {
    const account = accountKeyFromMnemonic(abandonAbout, 0);
    expect(() => JSON.stringify(account)).toThrow(expect.objectContaining({ code: "secret-not-serializable" }));
    expect(`${account.viewPrivateKey}`).toBe("[secret]");
    const printed = [
      inspect({ account }),
      inspect(account, { showHidden: true, customInspect: false }),
      inspect(new Error("", { cause: account })),
    ];
    expect(printed[0]).toContain("viewPrivateKey: [secret]");
    for (const text of printed) {
      expect(text).not.toMatch(/\b(188|129|163|148|183|217)\b/); // The first bytes of either key.
    }
  });
});

/** 64 little-endian bytes modulo the group order, by plain integers. */
function reducedLittleEndian(hex: string): string {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const value = BigInt(`0x${toHex(fromHex(hex).reverse())}`) % order;
  return toHex(fromHex(value.toString(16).padStart(64, "0")).reverse());
}
