// Tests of the shared secret, what derives from it, and the proof that one made an output.
import { publicAddress } from "@fogbow/core-account";
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { publicKey } from "@fogbow/core-crypto";
import { expect, test } from "vitest";
import { amountSharedSecret, confirmationNumber, txOutSharedSecret } from "../../src/index.ts";
import { privateKey } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";
import { KNOWN_OUTPUTS, TESTNET_ACCOUNT, TESTNET_OUTPUTS } from "./known-outputs.ts";

test.each(KNOWN_OUTPUTS)("sender and recipient agree on the known secret: $name", (known) => {
  const { viewPublicKey } = publicAddress(known.recipient);
  const sender = txOutSharedSecret(privateKey(known.txPrivateKey), viewPublicKey);
  const recipient = txOutSharedSecret(known.recipient.viewPrivateKey, publicKey(fromHex(known.publicKey)));
  expect(toHex(sender.expose())).toBe(known.sharedSecret);
  expect(sender.equals(recipient)).toBe(true);
});

test.each(KNOWN_OUTPUTS)("the confirmation number is the known one: $name", (known) => {
  expect(toHex(confirmationNumber(new Secret(fromHex(known.sharedSecret))))).toBe(known.confirmation);
});

test.each(TESTNET_OUTPUTS)("the amount shared secret of $name on the test network is the known one", (known) => {
  const sharedSecret = txOutSharedSecret(TESTNET_ACCOUNT.viewPrivateKey, publicKey(fromHex(known.publicKey)));
  expect(toHex(sharedSecret.expose())).toBe(known.sharedSecret);
  expect(toHex(amountSharedSecret(sharedSecret).expose())).toBe(known.amountSharedSecret);
});

test("a shared secret of another length than 32 bytes is refused", () => {
  for (const length of [0, 31, 33]) {
    expectCode(() => confirmationNumber(new Secret(new Uint8Array(length))), "invalid-shared-secret");
    expectCode(() => amountSharedSecret(new Secret(new Uint8Array(length))), "invalid-shared-secret");
  }
});
