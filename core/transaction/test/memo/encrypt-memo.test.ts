// Tests of memo encryption against published outputs.
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { publicKey } from "@fogbow/core-crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decryptMemo, encryptMemo, txOutSharedSecret } from "../../src/index.ts";
import { bytesOfLength } from "../arbitraries.ts";
import { alice, bob, privateKey } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";

const KNOWN = privateKey("ff6b8ebfe4cda6a2bca7fa6061e73c752ecc3c01876a25b984f0230bcdab8b07");
const KNOWN_OUTPUT = "f40936fb0af75ae89f632685e930a9a53abcac8665ae6a7cd59915e07f15d86e";
const TO_ALICE = "563f5b7f2853f0324c41ec2667cd030b10bca911a0f8f10d9c096be7919ad003";

test.each([
  {
    name: "sender",
    viewPrivateKey: KNOWN,
    publicKeyHex: KNOWN_OUTPUT,
    encrypted:
      "46597e555ff2700a08d66334a78b43f43c02a270bd580225a05f4f1bb4ca56017ab622dcdb26555c7340344a0a0499f6ee48a77a1fe9525496cd87f70d154ca2a436",
    payload:
      "0100477458144e8cf4f6d54b6cc4ddf68bb20000000000000000000000000000000000000000000000000000000000000000228aef692188b3cefc94b5198bdbbca2",
  },
  {
    name: "sender with payment request id",
    viewPrivateKey: KNOWN,
    publicKeyHex: KNOWN_OUTPUT,
    encrypted:
      "46587e555ff2700a08d66334a78b43f43c02a270bd580225a11d4f1bb4ca56017ab622dcdb26555c7340344a0a0499f6ee48ea1335e6a8c4ba4424cfe8ccc523dd1e",
    payload:
      "0101477458144e8cf4f6d54b6cc4ddf68bb200000000000001420000000000000000000000000000000000000000000000006fe3c566db189f475fac50c0025ac58a",
  },
  {
    name: "sender with payment intent id",
    viewPrivateKey: bob().viewPrivateKey,
    publicKeyHex: "6603a91186d7a5360199b749406c3a80bad7a9df51bb9aeb31f23378ec8c1d3f",
    encrypted:
      "37cc9d921f966ff63a28f9b8d85c2bd3b94177ebb4b7a71bf2f98370b010aa043cebaed8e26aa1fbcf299103c50bd15ca75df1e25bc84de804a6786187537b4afd40",
    payload:
      "0102ccb5a98f0c0c42f68491e5e0c93624520000000000000191000000000000000000000000000000000000000000000000bf6cc64dc5a8bfb8f6871196f7a084ea",
  },
  {
    name: "destination with payment intent id",
    viewPrivateKey: alice().viewPrivateKey,
    publicKeyHex: TO_ALICE,
    encrypted:
      "8c171336f6fd1a356278c7981139d05efb55a498635fc77eb85e0697d2a9a1c2c5ec13a57bd197f015410519c0644f69576950bd1103e62eadb6e018fa40f4432dd7",
    payload:
      "0204ab7b2b63966ea9a865df8d620f0b5fb0010000000000000100000000000000020000000000000191000000000000000000000000000000000000000000000000",
  },
  {
    name: "destination with payment request id",
    viewPrivateKey: alice().viewPrivateKey,
    publicKeyHex: TO_ALICE,
    encrypted:
      "8c101336f6fd1a356278c7981139d05efb55a498635fc77eb85e0697d2a9a1c2c5ec13a57bd197f015fd0519c0644f69576950bd1103e62eadb6e018fa40f4432dd7",
    payload:
      "0203ab7b2b63966ea9a865df8d620f0b5fb001000000000000010000000000000002000000000000012d000000000000000000000000000000000000000000000000",
  },
])("the published $name memo decrypts, and encrypts again to the same bytes", (known) => {
  const sharedSecret = txOutSharedSecret(known.viewPrivateKey, publicKey(fromHex(known.publicKeyHex)));
  expect(toHex(decryptMemo(fromHex(known.encrypted), sharedSecret))).toBe(known.payload);
  expect(toHex(encryptMemo(fromHex(known.payload), sharedSecret))).toBe(known.encrypted);
});

test("a shared secret of another length than 32 bytes is refused", () => {
  for (const length of [0, 31, 33]) {
    expectCode(() => encryptMemo(new Uint8Array(66), new Secret(new Uint8Array(length))), "invalid-shared-secret");
    expectCode(() => decryptMemo(new Uint8Array(66), new Secret(new Uint8Array(length))), "invalid-shared-secret");
  }
});

test("a missing memo reads as unused", () => {
  expect(decryptMemo(undefined, new Secret(new Uint8Array(32)))).toEqual(new Uint8Array(66));
});

test("decrypting undoes encrypting, with the same secret only", () => {
  fc.assert(
    fc.property(bytesOfLength(66), bytesOfLength(32), (payload, secret) => {
      const encrypted = encryptMemo(payload, new Secret(secret.slice()));
      expect(decryptMemo(encrypted, new Secret(secret.slice()))).toEqual(payload);
      const other = secret.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
      expect(decryptMemo(encrypted, new Secret(other))).not.toEqual(payload);
    }),
    { numRuns: 50 },
  );
});

test("any other length than 66 bytes is refused", () => {
  const secret = new Secret(new Uint8Array(32));
  for (const length of [0, 65, 67]) {
    expectCode(() => encryptMemo(new Uint8Array(length), secret), "invalid-memo");
    expectCode(() => decryptMemo(new Uint8Array(length), secret), "invalid-memo");
  }
});
