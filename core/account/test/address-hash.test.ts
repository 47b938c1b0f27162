import { fromHex, toHex } from "@fogbow/core-bytes";
import { PrivateKey, publicKey } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import {
  accountId,
  accountKey,
  addressHash32,
  burnAddress,
  type PublicAddress,
  publicAddress,
  shortAddressHash,
} from "../src/index.ts";
import { fogAuthoritySpki, rootZero } from "./known-answers.ts";

const withoutFog = (viewPublicKey: string, spendPublicKey: string): PublicAddress => ({
  viewPublicKey: publicKey(fromHex(viewPublicKey)),
  spendPublicKey: publicKey(fromHex(spendPublicKey)),
  fogReportUrl: "",
  fogReportId: "",
  fogAuthoritySig: new Uint8Array(),
});

const fromKeys = (
  view: string,
  spend: string,
  fogReportUrl: string,
  spki: Uint8Array = new Uint8Array(),
): PublicAddress =>
  publicAddress(
    accountKey({
      viewPrivateKey: new PrivateKey(fromHex(view)),
      spendPrivateKey: new PrivateKey(fromHex(spend)),
      fogReportUrl,
      fogAuthoritySpki: spki,
    }),
  );

describe("address hashes", () => {
  test.each([
    ["root-0", publicAddress(rootZero()), "09b67f689006efafe5b8a066a21b0edf"],
    [
      "a published address",
      withoutFog(
        "269f76626e8eaa1e466fe45f57cc100b5f9ec696ce922e34095294db2581ee70",
        "2683a173c59787b013c2e0a5486c6b82b8736b3411a52caa45a293e83d79b355",
      ),
      "af450111d92495617c547937ac4b69c5",
    ],
    [
      "another published address",
      withoutFog(
        "ac10e6829b79b5d455ef11d9e91269709575331df5981ceba5e4419807eba123",
        "7e03ca21d1123587e3b7deec198c57e1833546ff24cf3edd0b853388fc39195c",
      ),
      "20af409e5b0bdb43ba8509a52acfd9e5",
    ],
    [
      "Alice, with Fog",
      fromKeys(
        "ec8cb9814ac5c1a4aacbc613e756744679050927cc9e5f8772c6d649d4a5ac06",
        "e7ef0b2772663314ecd7ee92008613764ab5669666d95bd2621d99d60506cb0d",
        "fog://fog.alpha.mobilecoin.com",
        fogAuthoritySpki,
      ),
      "ccb5a98f0c0c42f68491e5e0c9362452",
    ],
    [
      "Bob, with Fog",
      fromKeys(
        "553a1c51c1e91d3105b17c909c163f8bc6faf93718deb06e5b9fdb9a24c25609",
        "db8b25545216d606fc3ff6da43d3281e862ba254193aff8c408f3564aefca506",
        "fog://fog.alpha.mobilecoin.com",
        fogAuthoritySpki,
      ),
      "ab7b2b63966ea9a865df8d620f0b5fb0",
    ],
    [
      "an address with Fog and an empty authority key",
      fromKeys(
        "b1f765d30fbb85b605f04edd29bb9cbb83938f68600d4a618863e9664e7b9609",
        "dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008",
        "fog://example.com",
      ),
      "477458144e8cf4f6d54b6cc4ddf68bb2",
    ],
    ["the burn address", burnAddress(), "121f1d80f93043f19ec0c0aee2e8c226"],
  ])("the short hash of %s is MobileCoin's", (_, address, hash) => {
    expect(toHex(shortAddressHash(address))).toBe(hash);
  });

  test("the long hash begins with the short one", () => {
    expect(toHex(addressHash32(publicAddress(rootZero())))).toBe(
      "09b67f689006efafe5b8a066a21b0edfb81589a8e616bdbb1494bc754068c7a3",
    );
  });

  test("the account id is that of MobileCoin's wallet service", () => {
    expect(accountId(publicAddress(rootZero()))).toBe(
      "46da43ce86fcdc48226ea6a5367332f173595401db4f2ec96f55a6b726ef6fc6",
    );
  });

  test("every field changes the hash, and text cannot move between fields", () => {
    const address = { ...publicAddress(rootZero()), fogReportUrl: "ab", fogReportId: "c" };
    const variants: PublicAddress[] = [
      address,
      { ...address, viewPublicKey: address.spendPublicKey },
      { ...address, spendPublicKey: address.viewPublicKey },
      { ...address, fogReportUrl: "a", fogReportId: "bc" },
      { ...address, fogReportUrl: "abc", fogReportId: "" },
      { ...address, fogAuthoritySig: new Uint8Array(1) },
      { ...address, fogAuthoritySig: new Uint8Array(2) },
    ];
    expect(new Set(variants.map((variant) => toHex(addressHash32(variant)))).size).toBe(variants.length);
  });
});
