// Tests of KexRng's messages, on the published sequence of spec 01 §10.9.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { KexRng, kexRngPublicKey, PrivateKey, publicKey } from "@fogbow/core-crypto";
import { expect, test } from "vitest";
import { decodeKexRngPublicKey, decodeStoredRng, encodeKexRngPublicKey, encodeStoredRng } from "../../src/index.ts";
import { expectTotal, expectTypedError } from "../typed-errors.ts";

const EGRESS_KEY = "3417ece792a4d8416b6ee445ef9420d1b6e4db370d38ab04872fcbb0fed96f6f";
const SECRET = "d2522883e77dfbc2b4787656ea575ff137dbea40bddf774fbdd999b4665f5a58";
const SECOND_KEY = "081fe615348194e81a8c85faecf92581";

const rng = (): KexRng => {
  const viewPrivateKey = new PrivateKey(
    fromHex("be9f9e93e6533c3b2503867200f032f31e3c4e0f17961ff6c001754cf1639408"), // c₀ of root-0, spec 01 §10.3.
  );
  const fresh = KexRng.fromKeyExchange(viewPrivateKey, { publicKey: publicKey(fromHex(EGRESS_KEY)), version: 0 });
  fresh.advance();
  return fresh;
};
const storedHex = `0a20${SECRET}1210${SECOND_KEY}1801`;

test("a published egress key is 34 bytes and comes back", () => {
  const published = kexRngPublicKey(fromHex(EGRESS_KEY), 0);
  expect(toHex(encodeKexRngPublicKey(published))).toBe(`0a20${EGRESS_KEY}`);
  expect(decodeKexRngPublicKey(encodeKexRngPublicKey(published))).toEqual(published);
});

test("a key of an unknown version or of no point is refused by name", () => {
  expectTypedError(() => decodeKexRngPublicKey(fromHex(`0a20${EGRESS_KEY}1064`)), "unknown-kex-rng-version");
  expectTypedError(() => decodeKexRngPublicKey(fromHex(`0a20${"ff".repeat(32)}`)), "invalid-public-key");
  expectTypedError(() => decodeKexRngPublicKey(new Uint8Array()), "invalid-public-key");
});

test("a sequence goes on where it was stored, after a round trip through bytes", () => {
  const stored = encodeStoredRng(rng().toStored());
  expect(toHex(stored.expose())).toBe(storedHex);
  const again = KexRng.fromStored(decodeStoredRng(stored.expose()));
  expect(again.counter).toBe(1n);
  expect(toHex(again.peek())).toBe(SECOND_KEY);
});

test("a stored sequence with a secret or buffer of another length is refused", () => {
  expectTypedError(() => decodeStoredRng(fromHex(`0a1f${SECRET.slice(2)}1210${SECOND_KEY}`)), "wrong-length");
  expectTypedError(() => decodeStoredRng(fromHex(`0a20${SECRET}120f${SECOND_KEY.slice(2)}`)), "wrong-length");
});

test("altered bytes of either message give a value or a typed error", () => {
  expectTotal(fromHex(storedHex), decodeStoredRng, (stored) => encodeStoredRng(stored).expose());
  expectTotal(fromHex(`0a20${EGRESS_KEY}`), decodeKexRngPublicKey, encodeKexRngPublicKey);
});
