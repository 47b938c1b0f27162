// Tests of private keys, key agreement and random scalars and points.
import { inspect } from "node:util";
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyExchange, PrivateKey, publicKey, randomPoint, randomScalar } from "../src/index.ts";
import { bytesOfLength, prepared, privateKeys } from "./arbitraries.ts";

const ORDER = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
const LARGEST = "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

test("public keys are the published ones", () => {
  const spend = new PrivateKey(fromHex("dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008"));
  expect(toHex(spend.publicKey())).toBe("ca5e7ce4f86cf2446b5915c048c82088ffa770545f85ff9196ee200fc26b5209");
});

test("zero is a private key, and its public key is the identity", () => {
  expect(new PrivateKey(new Uint8Array(32)).publicKey()).toEqual(new Uint8Array(32));
});

test("the largest scalar is a private key, the group order is not", () => {
  expect(toHex(new PrivateKey(fromHex(LARGEST)).expose())).toBe(LARGEST);
  expect(() => new PrivateKey(fromHex(ORDER))).toThrow(
    expect.objectContaining({ name: "CryptoError", code: "invalid-private-key" }),
  );
});

test("any bytes are a private key kept as they are, never clamped or reduced, or refused", () => {
  fc.assert(
    fc.property(fc.oneof(bytesOfLength(32), fc.uint8Array({ maxLength: 40 })), (bytes) => {
      try {
        expect(new PrivateKey(bytes).expose()).toBe(bytes);
        expect(kernel().scalars.reduce(bytes)).toEqual(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: "CryptoError", code: "invalid-private-key" });
      }
    }),
  );
});

test("what is no byte string is refused", () => {
  for (const value of [undefined, null, 32, "a".repeat(32), new Array(32).fill(0), new Uint16Array(32)] as unknown[]) {
    // A caller without types passes it.
    expect(() => new PrivateKey(value as Uint8Array)).toThrow(expect.objectContaining({ code: "invalid-private-key" }));
  }
});

test("private keys are secrets", () => {
  const key = new PrivateKey(new Uint8Array(32).fill(1));
  expect(key).toBeInstanceOf(Secret);
  expect(inspect({ key })).toBe("{ key: [secret] }");
  expect(`${key}`).toBe("[secret]");
  key.wipe();
  expect(() => key.publicKey()).toThrow(expect.objectContaining({ code: "secret-wiped" }));
});

test("both sides of a key agreement get the same bytes", () => {
  fc.assert(
    fc.property(privateKeys, privateKeys, (a, b) => {
      expect(keyExchange(a, b.publicKey())).toEqual(keyExchange(b, a.publicKey()));
    }),
    { numRuns: 20 },
  );
});

test("a key agreement is the unhashed shared point", () => {
  const egress = new PrivateKey(new Uint8Array(32).fill(3));
  const user = publicKey(fromHex("78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11"));
  const shared = "d2522883e77dfbc2b4787656ea575ff137dbea40bddf774fbdd999b4665f5a58";
  expect(toHex(keyExchange(egress, user))).toBe(shared);
});

test("random scalars and keys are 64 random bytes modulo the order, and the bytes are wiped", () => {
  fc.assert(
    fc.property(bytesOfLength(64), (uniform) => {
      const buffer = uniform.slice();
      const scalar = randomScalar(() => buffer);
      expect(buffer).toEqual(new Uint8Array(64));
      expect(scalar).toEqual(kernel().scalars.reduceWide(uniform));
      expect(PrivateKey.random(prepared(uniform)).expose()).toEqual(scalar);
    }),
    { numRuns: 20 },
  );
});

test("random points are the one-way map of 64 random bytes", () => {
  fc.assert(
    fc.property(bytesOfLength(64), (uniform) => {
      expect(randomPoint(prepared(uniform))).toEqual(kernel().ristretto.oneWayMap(uniform));
    }),
    { numRuns: 20 },
  );
});
