import { fromHex, Secret } from "@fogbow/core-bytes";
import { publicKey, schnorrVerify } from "@fogbow/core-crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accountKeyFromRootEntropy,
  CHANGE_SUBADDRESS,
  encodePrintable,
  equalAddresses,
  FOG_AUTHORITY_CONTEXT,
  publicAddress,
  viewAccountKey,
} from "../src/index.ts";
import { account, address, u64 } from "./arbitrary.ts";
import { fogAuthoritySpki, rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

describe("publicAddress", () => {
  test("signs the Fog authority as MobileCoin does, byte for byte", () => {
    const entropy = new Secret(fromHex("a801af55a4f6b35f0dbb4a9c754ae62b926d25dd6ed954f6e697c562a1641c21"));
    const fog = { fogReportUrl: "fog://fog.alpha.development.mobilecoin.com", fogAuthoritySpki };
    const code = encodePrintable({
      kind: "public-address",
      publicAddress: publicAddress(accountKeyFromRootEntropy(entropy, fog)),
    });
    expect(code).toBe(
      "GY1Jp3uPHD6BeUWbcfbeTuiEistjqbxCaPrGqPLeacCHPgC3uoPDFeGstnoCMwcAHNyWg5cwcmfFioR4xGTRHLdJ2HhTmK6935pCBCSBBARmCKiQv" +
        "YDWvJDm6Z3iwpuvQ55RqtJfA5kACMRNu6w8PfGsCxfYodQ9Ps5YFGu6mVWaXDXhutN4bf93xJ3vtLhWuozLwAWiKkzgundqBPk12t8QLyAdr2C2njV" +
        "BFXm7m8cmTYaJUCbLFAqcarugd4gzgi",
    );
  });

  test("the published signature over the Fog authority's key verifies", () => {
    const viewPublicKey = publicKey(fromHex("46db671dc90016919bf8a2b0f8b2aefb6220cbff0fa30454f8fc0ffd1948820a"));
    const signature = fromHex(
      "281a4c716a006fb8f813b7d42ce11b8b69c42e8ad709086482403a8142d5bd44d090e9e36565be143bd949ef85b0985c5ee44ad5397cbe2e1599551be181a08b",
    );
    expect(schnorrVerify(FOG_AUTHORITY_CONTEXT, viewPublicKey, fogAuthoritySpki, signature)).toBe(true);
  });

  test("signs with the view key of the subaddress, whatever the authority's key, and only with a report URL", () => {
    fc.assert(
      fc.property(account, u64, (anyAccount, index) => {
        const result = publicAddress(anyAccount, index);
        expect(result.fogReportUrl).toBe(anyAccount.fogReportUrl);
        if (anyAccount.fogReportUrl === "") {
          expect(result).toMatchObject({ fogReportId: "", fogAuthoritySig: new Uint8Array() });
        } else {
          const { fogAuthoritySpki: spki } = anyAccount;
          expect(result.fogReportId).toBe(anyAccount.fogReportId);
          expect(schnorrVerify(FOG_AUTHORITY_CONTEXT, result.viewPublicKey, spki, result.fogAuthoritySig)).toBe(true);
        }
        expect(equalAddresses(publicAddress(anyAccount, index), result)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test("signs an empty authority key too, differently for each subaddress", () => {
    const withFog = { ...rootZero(), fogReportUrl: "fog://example.com" };
    const signatures = [0n, 1n, CHANGE_SUBADDRESS].map((index) => publicAddress(withFog, index).fogAuthoritySig);
    expect(signatures.map((signature) => signature.length)).toEqual([64, 64, 64]);
    expect(new Set(signatures.map(String)).size).toBe(3);
  });

  test("a view-only account has the same keys and no Fog", () => {
    const withFog = { ...rootZero(), fogReportUrl: "fog://example.com", fogReportId: "1" };
    const full = publicAddress(withFog);
    expect(publicAddress(viewAccountKey(withFog))).toEqual({
      viewPublicKey: full.viewPublicKey,
      spendPublicKey: full.spendPublicKey,
      fogReportUrl: "",
      fogReportId: "",
      fogAuthoritySig: new Uint8Array(),
    });
  });

  test("the default subaddress is the one without an index", () => {
    expect(publicAddress(rootZero())).toEqual(publicAddress(rootZero(), 0n));
  });

  test("an index beyond 64 bits is refused", () => {
    expect(codeOf(() => publicAddress(rootZero(), 2n ** 64n))).toBe("out-of-range");
  });
});

describe("equalAddresses", () => {
  test("every field counts", () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(equalAddresses(a, { ...a, fogAuthoritySig: new Uint8Array(a.fogAuthoritySig) })).toBe(true);
        for (const field of Object.keys(a) as (keyof typeof a)[]) {
          const changed = { ...a, [field]: b[field] };
          expect(equalAddresses(a, changed)).toBe(String(a[field]) === String(b[field]));
        }
      }),
      { numRuns: 30 },
    );
  });
});
