import { randomBytes } from "node:crypto";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, ed25519Sign, ed25519Verify } from "@fogbow/core-crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { nativeEd25519Verify } from "../src/index.ts";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Both must say the same. Returns what they say. */
function verdict(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const said = nativeEd25519Verify(key, message, signature);
  expect({ said, key: toHex(key), signature: toHex(signature) }).toEqual({
    said: ed25519Verify(key, message, signature),
    key: toHex(key),
    signature: toHex(signature),
  });
  return said;
}

function le32(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, "0")).reverse();
}

test("valid signatures are valid, and with any bit changed they are not", () => {
  for (let i = 0; i < 20; i++) {
    const key = new Ed25519PrivateKey(randomBytes(32));
    const message = randomBytes(i * 7);
    const publicKey = key.publicKey();
    const signature = ed25519Sign(key, message);
    expect(verdict(publicKey, message, signature)).toBe(true);
    for (let j = 0; j < 8; j++) {
      const at = (i * 13 + j * 29) % 64;
      const changed = signature.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (j % 8));
      expect(verdict(publicKey, message, changed)).toBe(false);
      const otherKey = publicKey.slice();
      otherKey[at % 32] = (otherKey[at % 32] ?? 0) ^ (1 << (j % 8));
      expect(verdict(otherKey, message, signature)).toBe(false);
    }
    const s = signature.subarray(32);
    const beyond = BigInt(`0x${toHex(s.slice().reverse())}`) + ORDER;
    expect(verdict(publicKey, message, Uint8Array.from([...signature.subarray(0, 32), ...le32(beyond)]))).toBe(false);
    expect(verdict(publicKey, Uint8Array.from([...message, 0]), signature)).toBe(false);
  }
});

test("keys and R of small order, and encodings that are not canonical, are refused", () => {
  const { Point } = ed25519;
  const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
  const encodings: Uint8Array[] = [];
  for (let i = 0n; i < 8n; i++) encodings.push((i === 0n ? Point.ZERO : torsion.multiplyUnsafe(i)).toBytes());
  for (let y = 0n; y < 19n; y++) encodings.push(le32(2n ** 255n - 19n + y)); // Not canonical.
  const signs = encodings.map((encoded) => encoded.with(31, (encoded[31] ?? 0) ^ 0x80));
  const key = new Ed25519PrivateKey(new Uint8Array(32).fill(7));
  for (const encoded of [...encodings, ...signs]) {
    for (const s of [0n, 1n, ORDER - 1n]) {
      for (const r of [...encodings, ...signs].slice(0, 12)) {
        const signature = Uint8Array.from([...r, ...le32(s)]);
        for (const message of [new Uint8Array(), Uint8Array.of(1)])
          expect(verdict(encoded, message, signature)).toBe(false);
      }
      expect(verdict(key.publicKey(), new Uint8Array(), Uint8Array.from([...encoded, ...le32(s)]))).toBe(false);
    }
  }
});

test("a component of small order in key or R is judged as the equation stands", () => {
  const { Point } = ed25519;
  const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
  const key = new Ed25519PrivateKey(new Uint8Array(32).fill(9));
  for (let i = 0; i < 40; i++) {
    const message = Uint8Array.of(i);
    const signature = ed25519Sign(key, message);
    const mixed = Point.fromBytes(signature.subarray(0, 32)).add(torsion).toBytes();
    verdict(key.publicKey(), message, Uint8Array.from([...mixed, ...signature.subarray(32)]));
    verdict(Point.fromBytes(key.publicKey()).add(torsion).toBytes(), message, signature);
  }
});

test("bytes of other lengths, and keys that are no points, are refused", () => {
  const key = new Ed25519PrivateKey(new Uint8Array(32).fill(3));
  const signature = ed25519Sign(key, new Uint8Array());
  expect(nativeEd25519Verify(key.publicKey().subarray(1), new Uint8Array(), signature)).toBe(false);
  expect(verdict(key.publicKey(), new Uint8Array(), signature.subarray(1))).toBe(false);
  for (let i = 0; i < 50; i++) verdict(new Uint8Array(randomBytes(32)), new Uint8Array(), signature);
});
