// Tests of one-time addresses and key images against known outputs, and of their algebra.
import { publicAddress, subaddress } from "@fogbow/core-account";
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  keyImage,
  onetimePrivateKey,
  onetimeTargetKey,
  recoverSubaddressSpendKey,
  txOutPublicKey,
  txOutSharedSecret,
} from "../../src/index.ts";
import { privateKeys, u64s } from "../arbitraries.ts";
import { privateKey, root0 } from "../fixtures.ts";
import { expectTypedError } from "../typed-errors.ts";
import { KNOWN_OUTPUTS } from "./known-outputs.ts";

test.each(KNOWN_OUTPUTS)("the sender makes the known keys: $name", (known) => {
  const { spendPublicKey } = publicAddress(known.recipient);
  const sharedSecret = new Secret(fromHex(known.sharedSecret));
  expect(toHex(onetimeTargetKey(sharedSecret, spendPublicKey))).toBe(known.targetKey);
  expect(toHex(txOutPublicKey(privateKey(known.txPrivateKey), spendPublicKey))).toBe(known.publicKey);
});

test.each(KNOWN_OUTPUTS)("the recipient finds the subaddress, the one-time key and its image: $name", (known) => {
  const sharedSecret = new Secret(fromHex(known.sharedSecret));
  const { spendPublicKey } = publicAddress(known.recipient);
  const targetKey = compressedPoint(fromHex(known.targetKey));
  expect(recoverSubaddressSpendKey(sharedSecret, targetKey)).toEqual(spendPublicKey);
  const x = onetimePrivateKey(sharedSecret, subaddress(known.recipient, 0n).spendPrivateKey);
  expect(toHex(x.expose())).toBe(known.onetimePrivateKey);
  expect(toHex(x.publicKey())).toBe(known.targetKey);
  expect(toHex(keyImage(x))).toBe(known.keyImage);
});

test("the second published output has its known key image", () => {
  const [{ recipient } = { recipient: root0() }] = KNOWN_OUTPUTS;
  const sharedSecret = new Secret(fromHex("505b1e64ff3577ca90f86183d9505d86554b75633142e4f55e1abce4ca81144f"));
  const x = onetimePrivateKey(sharedSecret, subaddress(recipient, 0n).spendPrivateKey);
  expect(toHex(keyImage(x))).toBe("a8d8c0af5b73a99f295c82aeaba91df2c4ce04a0662ce257862791366af89f6e");
});

test("whatever the subaddress, the recipient can open and spend what the sender made", () => {
  fc.assert(
    fc.property(privateKeys, u64s, (txPrivateKey, index) => {
      const recipient = root0();
      const { viewPublicKey, spendPublicKey } = publicAddress(recipient, index);
      const targetKey = onetimeTargetKey(txOutSharedSecret(txPrivateKey, viewPublicKey), spendPublicKey);
      const sharedSecret = txOutSharedSecret(recipient.viewPrivateKey, txOutPublicKey(txPrivateKey, spendPublicKey));
      expect(recoverSubaddressSpendKey(sharedSecret, targetKey)).toEqual(spendPublicKey);
      const x = onetimePrivateKey(sharedSecret, subaddress(recipient, index).spendPrivateKey);
      expect(x.publicKey()).toEqual(targetKey);
    }),
    { numRuns: 100 },
  );
});

test("a target key that is no point is refused", () => {
  const noPoint = compressedPoint(new Uint8Array(32).fill(0xff));
  expectTypedError(() => recoverSubaddressSpendKey(new Secret(new Uint8Array(32)), noPoint), "invalid-public-key");
});
