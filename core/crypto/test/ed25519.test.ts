// Tests of Ed25519: RFC 8032's answers, and signatures that lenient verifiers accept and strict ones must not.
import { concatBytes, fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Ed25519PrivateKey, ed25519Sign, ed25519Verify, isEd25519PublicKey } from "../src/index.ts";
import { bytesOfLength, mutations } from "./arbitraries.ts";

const { Point } = ed25519;
type EdwardsPoint = typeof Point.BASE;
const ORDER = Point.Fn.ORDER;

// RFC 8032 §7.1, tests 1, 2 and 3.
const PUBLISHED = [
  {
    privateKey: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    privateKey: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    privateKey: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
] as const;

const privateKeys = bytesOfLength(32);
const keyOf = (bytes: Uint8Array): Ed25519PrivateKey => new Ed25519PrivateKey(bytes.slice());

test("the published keys and signatures are reproduced and verify", () => {
  for (const published of PUBLISHED) {
    const privateKey = keyOf(fromHex(published.privateKey));
    const message = fromHex(published.message);
    expect(toHex(privateKey.publicKey())).toBe(published.publicKey);
    expect(toHex(ed25519Sign(privateKey, message))).toBe(published.signature);
    expect(ed25519Verify(fromHex(published.publicKey), message, fromHex(published.signature))).toBe(true);
  }
});

test("any signature verifies, but not for another key or message, nor after any change", () => {
  const anything = fc.record({ key: privateKeys, message: fc.uint8Array({ maxLength: 200 }) });
  fc.assert(
    fc.property(anything, anything, mutations, ({ key, message }, other, mutate) => {
      const signature = ed25519Sign(keyOf(key), message);
      const publicKey = keyOf(key).publicKey();
      expect(ed25519Verify(publicKey, message, signature)).toBe(true);
      expect(ed25519Verify(publicKey, concatBytes(message, Uint8Array.of(0)), signature)).toBe(false);
      expect(ed25519Verify(publicKey, message, mutate(signature))).toBe(false);
      expect(ed25519Verify(mutate(publicKey), message, signature)).toBe(false);
      const sameKey = toHex(key) === toHex(other.key);
      expect(ed25519Verify(keyOf(other.key).publicKey(), message, signature)).toBe(sameKey);
    }),
    { numRuns: 30 },
  );
});

test("a key that is seen often verifies what it signed and nothing else, whatever keys come in between", () => {
  const often = keyOf(new Uint8Array(32).fill(1));
  for (let i = 0; i < 80; i++) {
    const message = utf8(`${i}`);
    const other = keyOf(new Uint8Array(32).fill(100 + i));
    const signature = ed25519Sign(often, message);
    expect(ed25519Verify(often.publicKey(), message, signature)).toBe(true);
    expect(ed25519Verify(often.publicKey(), utf8(`${i + 1}`), signature)).toBe(false);
    expect(ed25519Verify(other.publicKey(), message, signature)).toBe(false);
    expect(ed25519Verify(other.publicKey(), message, ed25519Sign(other, message))).toBe(true);
  }
});

test("a signature with any of its bytes changed does not verify", () => {
  const { publicKey, message, signature } = PUBLISHED[2];
  fromHex(signature).forEach((_, at) => {
    const changed = fromHex(signature).map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte));
    expect(ed25519Verify(fromHex(publicKey), fromHex(message), changed)).toBe(false);
  });
});

test("malformed keys and signatures are simply false", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 70 }), (publicKey, signature) => {
      expect(ed25519Verify(publicKey, utf8("message"), signature)).toBe(false);
    }),
  );
});

test("a public key is any encoding of any point, as the public reference library reads it", () => {
  for (const { publicKey } of PUBLISHED) expect(isEd25519PublicKey(fromHex(publicKey))).toBe(true);
  for (const point of smallOrderPoints()) {
    for (const encoding of encodingsOf(point)) expect(isEd25519PublicKey(encoding)).toBe(true);
  }
  const noPoint = "9200de88fe17fa15ee15890e6fc05006bfb71d76d2d032ca2602e3fdeb9e698f"; // Nothing has this y.
  for (const bytes of [fromHex(noPoint), new Uint8Array(31), new Uint8Array(33)]) {
    expect(isEd25519PublicKey(bytes)).toBe(false);
  }
});

describe("strict verification refuses", () => {
  const secret = 7n;
  const message = utf8("message");
  const torsion = smallOrderPoints();

  /** A signature by A = secret·B + tA with R = nonce·B + tR, made so that 8·S·B = 8·R + 8·k·A. */
  const forge = (tA: EdwardsPoint, tR: EdwardsPoint): { publicKey: Uint8Array; signature: Uint8Array } => {
    const nonce = 11n;
    const publicKey = Point.BASE.multiply(secret).add(tA).toBytes();
    const r = Point.BASE.multiply(nonce).add(tR).toBytes();
    return {
      publicKey,
      signature: concatBytes(r, numberToBytesLE((nonce + challenge(r, publicKey) * secret) % ORDER, 32)),
    };
  };
  const challenge = (r: Uint8Array, publicKey: Uint8Array): bigint =>
    bytesToNumberLE(kernel().hashes.sha512(r, publicKey, message)) % ORDER;

  test("what holds only after multiplication by the cofactor", () => {
    const honest = forge(Point.ZERO, Point.ZERO);
    expect(ed25519Verify(honest.publicKey, message, honest.signature)).toBe(true);
    let refused = 0;
    for (const t of torsion.slice(1)) {
      const { publicKey, signature } = forge(Point.ZERO, t);
      expect(ed25519.verify(signature, message, publicKey, { zip215: false })).toBe(true); // The cofactored equation.
      expect(ed25519Verify(publicKey, message, signature)).toBe(false);
      refused++;
    }
    expect(refused).toBe(7);
  });

  test("a public key with a part of small order unless the equation holds as it stands", () => {
    for (const t of torsion.slice(1)) {
      const { publicKey, signature } = forge(t, Point.ZERO);
      const k = challenge(signature.subarray(0, 32), publicKey);
      const holds = t.multiplyUnsafe(k).is0();
      // Again and again: keys that come often are multiplied by other means.
      for (let i = 0; i < 8; i++) expect(ed25519Verify(publicKey, message, signature)).toBe(holds);
    }
  });

  test("public keys of small order, canonical or not, which would sign every message", () => {
    for (const t of torsion) {
      for (const publicKey of encodingsOf(t)) {
        for (const r of torsion) {
          const signature = concatBytes(r.toBytes(), new Uint8Array(32)); // S = 0: 0 = R + k·A for some.
          expect(ed25519Verify(publicKey, message, signature)).toBe(false);
        }
        // With R = S·B the equation holds whenever k·A is the identity.
        const signature = concatBytes(Point.BASE.multiply(5n).toBytes(), numberToBytesLE(5n, 32));
        expect(ed25519Verify(publicKey, message, signature)).toBe(false);
      }
    }
  });

  test("R of small order", () => {
    const publicKey = Point.BASE.multiply(secret).toBytes();
    for (const t of torsion) {
      for (const r of encodingsOf(t)) {
        const s = numberToBytesLE((challenge(r, publicKey) * secret) % ORDER, 32); // S·B = k·A, so R = 0 would do.
        expect(ed25519Verify(publicKey, message, concatBytes(r, s))).toBe(false);
      }
    }
  });

  test("S + ℓ in place of S", () => {
    const { publicKey, signature } = PUBLISHED[0];
    const s = bytesToNumberLE(fromHex(signature).subarray(32));
    for (let times = 1n; times <= 8n; times++) {
      const twin = concatBytes(fromHex(signature).subarray(0, 32), numberToBytesLE(s + times * ORDER, 32));
      expect(ed25519Verify(fromHex(publicKey), new Uint8Array(), twin)).toBe(false);
    }
  });

  test("y + p in place of y, in the public key and in R", () => {
    // Such twins exist for y < 19 only; among these, points that are not of small order are keys nobody knows. So the
    // equation is made to hold where it can: a non-canonical R cannot be known to be S·B − k·A either.
    const honest = forge(Point.ZERO, Point.ZERO);
    let points = 0;
    for (let y = 0n; y < 19n; y++) {
      for (const sign of [0n, 1n << 255n]) {
        const canonical = numberToBytesLE(y + sign, 32);
        const twin = numberToBytesLE(y + Point.Fp.ORDER + sign, 32);
        points += isEncoding(canonical) ? 1 : 0;
        expect(ed25519Verify(twin, message, honest.signature)).toBe(false);
        expect(ed25519Verify(honest.publicKey, message, concatBytes(twin, honest.signature.subarray(32)))).toBe(false);
      }
    }
    expect(points).toBeGreaterThan(10);
  });
});

test("a private key of another length than 32 is refused, and one that is shown says nothing", () => {
  for (const length of [0, 31, 33, 64]) {
    expect(() => new Ed25519PrivateKey(new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: "invalid-ed25519-private-key" }),
    );
  }
  const key = Ed25519PrivateKey.random((length) => new Uint8Array(length).fill(9));
  expect(key.expose()).toEqual(new Uint8Array(32).fill(9));
  expect(`${key}`).toBe("[secret]");
});

/** The eight points whose order divides 8, the identity first. */
function smallOrderPoints(): EdwardsPoint[] {
  const generator = Point.fromBytes(fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"));
  const all = [Point.ZERO];
  for (let i = 1; i < 8; i++) all.push((all[i - 1] as EdwardsPoint).add(generator));
  expect(new Set(all.map((point) => toHex(point.toBytes()))).size).toBe(8);
  return all;
}

/** The canonical encoding of a point and, where they exist, the ones with y + p, and with the sign of x = 0 set. */
function encodingsOf(point: EdwardsPoint): Uint8Array[] {
  const canonical = point.toBytes();
  const sign = bytesToNumberLE(canonical) >> 255n;
  const y = bytesToNumberLE(canonical) & ((1n << 255n) - 1n);
  const all = [canonical];
  const ys = y < 19n ? [y, y + Point.Fp.ORDER] : [y];
  for (const one of ys) {
    for (const bit of point.x === 0n ? [0n, 1n] : [sign]) all.push(numberToBytesLE(one + (bit << 255n), 32));
  }
  return all;
}

function isEncoding(bytes: Uint8Array): boolean {
  try {
    Point.fromBytes(bytes, false);
    return true;
  } catch {
    return false;
  }
}
