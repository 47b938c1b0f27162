import { toHex } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accountKey,
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  INVALID_SUBADDRESS,
  subaddress,
  subaddressPublicKeys,
  viewAccountKey,
} from "../src/index.ts";
import { account, u64 } from "./arbitrary.ts";
import { rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

describe("subaddresses", () => {
  test.each([
    [
      DEFAULT_SUBADDRESS,
      "be9f9e93e6533c3b2503867200f032f31e3c4e0f17961ff6c001754cf1639408",
      "801d197d590662325bd28c71f92f5f44f9c0b5a81ed12909ff09b833d8b56106",
      "78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11",
      "f62ff1c33a2285b1aee612ed87281f2c68bb2b5b0f1439a13e4ab728f98efb6a",
    ],
    [
      1n,
      "f5d97d89640b1c1a449a1a96fe1a4893d9662e8cdf0577f4c634280daf78c602",
      "ed2dc462b93cfd145e763a3b47a4d6016acee4490bface46408930dd4a72850c",
      "e6a9d3b1d1c7d252890801686eef5927a5d738121fad647213bd8cd7b1dcc838",
      "486a1d8b7da3f9ab591b79ed752db6bdcc7a21e3080c65fd2fc5d8e719b87b6a",
    ],
    [
      CHANGE_SUBADDRESS,
      "c0a99e9f89fb47b15a750a8ffba412aa75e5615147d28dedadf0b4be53146402",
      "87e32ff89ebf7371abc4f8001c842ed18871b1d7597365cbfea201f1c79f9300",
      "c42d66a529e381b62d23c0954698e5af0176372c67b6ab739493ce5bc2c26023",
      "4cafad37ccc1b798e654a1e31ee28683a8c4eceb3c63c4d5a06d2834fd8e644d",
    ],
    [
      GIFT_CODE_SUBADDRESS,
      "da066828b18436a367e4a00222bb74cfcde2a0a60cc6bd5720366dd52c04fa0f",
      "c3be5c588d62ee772d8cad50a2146fb4c5983e897dadbf4a6461609ea2dc6e02",
      "e852d0b1a7d580419a4e6bfabaff3ae61617ce8868353f4d3809c9cbfe21ca2a",
      "00bc54762b9d4ec4d53d99b205c0a5e7bfbba36b9bee486f451f9383dd93361e",
    ],
  ])("index %i of root-0 has MobileCoin's keys", (index, c, d, viewPublicKey, spendPublicKey) => {
    const keys = subaddress(rootZero(), index);
    const publicKeys = subaddressPublicKeys(rootZero(), index);
    expect(toHex(keys.viewPrivateKey.expose())).toBe(c);
    expect(toHex(keys.spendPrivateKey.expose())).toBe(d);
    expect(toHex(publicKeys.viewPublicKey)).toBe(viewPublicKey);
    expect(toHex(publicKeys.spendPublicKey)).toBe(spendPublicKey);
  });

  test("the named indices are MobileCoin's", () => {
    expect([DEFAULT_SUBADDRESS, GIFT_CODE_SUBADDRESS, CHANGE_SUBADDRESS, INVALID_SUBADDRESS]).toEqual([
      0n,
      2n ** 64n - 3n,
      2n ** 64n - 2n,
      2n ** 64n - 1n,
    ]);
  });

  test("private keys belong to the public ones, and a view-only account finds the same public ones", () => {
    fc.assert(
      fc.property(account, u64, (anyAccount, index) => {
        const keys = subaddress(anyAccount, index);
        const expected = {
          viewPublicKey: keys.viewPrivateKey.publicKey(),
          spendPublicKey: keys.spendPrivateKey.publicKey(),
        };
        expect(subaddressPublicKeys(anyAccount, index)).toEqual(expected);
        expect(subaddressPublicKeys(viewAccountKey(anyAccount), index)).toEqual(expected);
        // C = a·D, so that the root view key alone opens outputs of every subaddress.
        const product = kernel().ristretto.multiply(anyAccount.viewPrivateKey.expose(), expected.spendPublicKey);
        expect(toHex(product)).toBe(toHex(expected.viewPublicKey));
      }),
      { numRuns: 20 },
    );
  });

  test("an account of zero keys has subaddresses", () => {
    const zero = (): PrivateKey => new PrivateKey(new Uint8Array(32));
    const keys = subaddress(accountKey({ viewPrivateKey: zero(), spendPrivateKey: zero() }), 0n);
    expect(keys.viewPrivateKey.expose()).toEqual(new Uint8Array(32));
    expect(keys.spendPrivateKey.expose()).not.toEqual(new Uint8Array(32));
  });

  test("indices beyond 64 bits are refused", () => {
    for (const index of [-1n, 2n ** 64n, 2n ** 100n]) {
      expect(codeOf(() => subaddress(rootZero(), index))).toBe("out-of-range");
      expect(codeOf(() => subaddressPublicKeys(viewAccountKey(rootZero()), index))).toBe("out-of-range");
    }
  });
});
