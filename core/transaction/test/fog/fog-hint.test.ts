// Tests of Fog hints: known bytes, decoys, and opening that tells nothing.
import { publicAddress } from "@fogbow/core-account";
import { concatBytes, fromHex, toHex } from "@fogbow/core-bytes";
import { openBox, randomPoint, sealBox } from "@fogbow/core-crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTxOut, decoyFogHint, encryptFogHint, openFogHint, openFogHints } from "../../src/index.ts";
import { mutations, points, privateKeys, randoms } from "../arbitraries.ts";
import { fixtureRandom, prepared, privateKey, root0 } from "../fixtures.ts";
import { MOBILE_TX_OUT } from "../output/known-outputs.ts";
import { expectCode } from "../typed-errors.ts";

const ingress = privateKey("01".repeat(32));
const user = publicAddress(root0()).viewPublicKey;
const KNOWN_HINT =
  "be886a0e3fd3fe904387ee53b40f50cf1e4804993ff8c09de14c7a77b5e0eed604cbf6d73cfa04628744bf6939147f8535be14a0ef13e3ab294413177b541f08da0908d051df07d2f6ecb6cb3e57a3e432e80100";
const fallbackSeed = new Uint8Array(64).fill(0x77);
const fallback = randomPoint(prepared(fallbackSeed));

test("the known hint comes out, and opens to the user's key", () => {
  expect(toHex(ingress.publicKey())).toBe("3e440469a098036d89ffb2d77a4542928f2f74c2b5769da7480736ace829dc10");
  const hint = encryptFogHint(ingress.publicKey(), user, prepared(new Uint8Array(32).fill(2)));
  expect(toHex(hint)).toBe(KNOWN_HINT);
  expect(openFogHint(ingress, fromHex(KNOWN_HINT), prepared(fallbackSeed))).toEqual(user);
});

test("the decoy of the published output comes out: point first, then ephemeral key", () => {
  expect(decoyFogHint(fixtureRandom())).toEqual(decodeTxOut(fromHex(MOBILE_TX_OUT)).encryptedFogHint);
  expect(toHex(randomPoint(fixtureRandom()))).toBe("701195ea57f26d9dbb3c6407644ffd62ac421d29bf1a84e5692fbd6b0a93ab58");
});

test("every hint opens for its enclave, and for any other gives the random key", () => {
  fc.assert(
    fc.property(privateKeys, points, randoms, (ingressKey, viewPublicKey, random) => {
      const hint = encryptFogHint(ingressKey.publicKey(), viewPublicKey, random);
      expect(openFogHint(ingressKey, hint, random)).toEqual(viewPublicKey);
      expect(openFogHint(ingress, hint, prepared(fallbackSeed))).toEqual(fallback);
    }),
    { numRuns: 100 },
  );
});

test("a damaged hint gives the random key, wherever the damage is", () => {
  fc.assert(
    fc.property(mutations, (mutation) => {
      const damaged = mutation(fromHex(KNOWN_HINT));
      fc.pre(damaged.length === 84);
      expect(openFogHint(ingress, damaged, prepared(fallbackSeed))).toEqual(fallback);
    }),
    { numRuns: 100 },
  );
});

test("an authentic box without the magic bytes, or without a point, gives the random key", () => {
  const box = (key: Uint8Array, magic: Uint8Array): Uint8Array =>
    sealBox(ingress.publicKey(), concatBytes(key, magic), fixtureRandom());
  const open = (hint: Uint8Array): Uint8Array => openFogHint(ingress, hint, prepared(fallbackSeed));
  expect(open(box(user, Uint8Array.of(42, 42)))).toEqual(user);
  for (const magic of [Uint8Array.of(42, 41), Uint8Array.of(0, 42), Uint8Array.of(0, 0)]) {
    expect(open(box(user, magic))).toEqual(fallback);
  }
  expect(open(box(new Uint8Array(32).fill(0xff), Uint8Array.of(42, 42)))).toEqual(fallback);
});

test("a decoy opened by its own key holds zeros and no magic", () => {
  const nobody = privateKey("09".repeat(32));
  const zeros = sealBox(nobody.publicKey(), new Uint8Array(34), fixtureRandom());
  expect(openBox(nobody, zeros)).toEqual(new Uint8Array(34));
  expect(openFogHint(nobody, zeros, prepared(fallbackSeed))).toEqual(fallback);
});

test("the hints of a block are opened in order, and each draws randomness whether it opens or not", () => {
  const ours = fromHex(KNOWN_HINT);
  const seeds = [1, 2, 3].map((byte) => new Uint8Array(64).fill(byte));
  const keys = openFogHints(ingress, concatBytes(ours, decoyFogHint(fixtureRandom()), ours), prepared(...seeds));
  expect(keys).toEqual(concatBytes(user, randomPoint(prepared(new Uint8Array(64).fill(2))), user));
  expect(openFogHints(ingress, new Uint8Array(0), prepared())).toEqual(new Uint8Array(0));
});

test("hints of another length than 84 bytes are refused", () => {
  for (const length of [0, 83, 85, 168]) {
    expectCode(() => openFogHint(ingress, new Uint8Array(length), fixtureRandom()), "invalid-fog-hint");
  }
  expectCode(() => openFogHints(ingress, new Uint8Array(85), fixtureRandom()), "invalid-fog-hint");
});
