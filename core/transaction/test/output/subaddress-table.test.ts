// Tests of looking subaddresses up by their spend key.
import { CHANGE_SUBADDRESS, publicAddress, viewAccountKey } from "@fogbow/core-account";
import { expect, test } from "vitest";
import { SubaddressTable } from "../../src/index.ts";
import { bob, root0 } from "../fixtures.ts";

test("the table knows the subaddresses it was given, and no others until they are added", () => {
  const table = new SubaddressTable(viewAccountKey(root0()), [0n, CHANGE_SUBADDRESS]);
  const keyAt = (index: bigint): Parameters<SubaddressTable["indexOf"]>[0] =>
    publicAddress(root0(), index).spendPublicKey;
  expect(table.indexOf(keyAt(0n))).toBe(0n);
  expect(table.indexOf(keyAt(CHANGE_SUBADDRESS))).toBe(CHANGE_SUBADDRESS);
  expect(table.indexOf(keyAt(1n))).toBeUndefined();
  expect(table.indexOf(publicAddress(bob()).spendPublicKey)).toBeUndefined();
  table.add(1n);
  expect(table.indexOf(keyAt(1n))).toBe(1n);
});
