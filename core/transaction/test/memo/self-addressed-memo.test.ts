// Tests of the trust in memos to oneself.
import {
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  publicAddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { expect, test } from "vitest";
import { verifySelfAddressedMemo } from "../../src/index.ts";
import { alice, bob } from "../fixtures.ts";

test("only an output to one's own change subaddress is believed", () => {
  const keyAt = (index: bigint): Parameters<typeof verifySelfAddressedMemo>[1] =>
    publicAddress(alice(), index).spendPublicKey;
  const account = viewAccountKey(alice());
  expect(verifySelfAddressedMemo(account, keyAt(CHANGE_SUBADDRESS))).toBe(true);
  expect(verifySelfAddressedMemo(account, keyAt(DEFAULT_SUBADDRESS))).toBe(false);
  expect(verifySelfAddressedMemo(account, keyAt(GIFT_CODE_SUBADDRESS))).toBe(false);
  expect(verifySelfAddressedMemo(account, publicAddress(bob(), CHANGE_SUBADDRESS).spendPublicKey)).toBe(false);
});
