// Test of the gift's short hash against a computed known answer.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { expect, test } from "vitest";
import { giftShortHash } from "../../src/index.ts";

test("the gift's short hash is the first 4 bytes of BLAKE2b-512 under its tag", () => {
  const key = compressedPoint(fromHex("febd16fcd5c235b87565149b9a5e71dd05b2bedd19082567556d25b4101c7603"));
  expect(toHex(giftShortHash(key))).toBe("ff016678");
});
