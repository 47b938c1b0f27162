import { concatBytes, fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { SymmetricState } from "../../src/channel/symmetric-state.ts";

test("the hash begins with the protocol's name, padded with zeros", () => {
  const state = new SymmetricState("Noise_NX_25519_AESGCM_SHA512");
  const padded = concatBytes(utf8("Noise_NX_25519_AESGCM_SHA512"), new Uint8Array(36));
  expect(toHex(state.hash())).toBe(toHex(padded));
});

test("mixing data in gives spec 04's known answer", () => {
  const state = new SymmetricState("Noise_IX_25519_AESGCM_SHA512");
  state.mixHash(utf8("data to be mixed"));
  expect(toHex(state.hash())).toBe(
    "291b305218e3c10f1cf53405c6678c81c0f67a94d9df8406142533639e21b68ee78151ee784783edc69f11b7c4502ad93d40bb5f52233c7e52353a92eb1a28b1",
  );
});

test("without a key, encryption shows the plaintext and hashes it, even when it is empty", () => {
  const state = new SymmetricState("Noise_NX_25519_AESGCM_SHA512");
  const before = toHex(state.hash());
  expect(toHex(state.encryptAndHash(fromHex("00ff")))).toBe("00ff");
  const between = toHex(state.hash());
  expect(between).not.toBe(before);
  expect(state.encryptAndHash(new Uint8Array())).toHaveLength(0);
  expect(toHex(state.hash())).not.toBe(between);
});

test("a shared secret is wiped once it is mixed in", () => {
  const state = new SymmetricState("Noise_NX_25519_AESGCM_SHA512");
  const sharedSecret = new Uint8Array(32).fill(7);
  state.mixKey(sharedSecret);
  expect(sharedSecret.every((byte) => byte === 0)).toBe(true);
  expect(state.encryptAndHash(new Uint8Array(3))).toHaveLength(3 + 16);
});
