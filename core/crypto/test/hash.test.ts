// Known answers of hashing to scalars and points.
import { concatBytes, fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { BASE_POINT, hashToPoint, hashToScalar } from "../src/index.ts";
import { resultsOf } from "./watch-secrets.ts";

test("the one-time key scalar of a shared secret is the recorded one", () => {
  const sharedSecret = fromHex("a4915d0f1ce7c8ceecf5d4b96657c2495eceeb5f001757f51b7d5a2f3e12ae36");
  expect(toHex(hashToScalar("mc_onetime_key_hash_to_scalar", sharedSecret))).toBe(
    "2be0ca9538a417e64bae68ae0bbb668c3b7d46e6d3b9b3fdb03740a8ef7cb303",
  );
  expect(toHex(hashToScalar("mc_amount_blinding", sharedSecret))).toBe(
    "00d2937ca1abb419e88f80b390a3669200c0a05605207d42e026df4b64e32f0a",
  );
});

test("tag and parts are hashed as one string", () => {
  const whole = hashToScalar("tag", utf8("one"), utf8("two"));
  expect(hashToScalar("tagone", utf8("two"))).toEqual(whole);
  expect(hashToScalar("", concatBytes(utf8("tag"), utf8("onetwo")))).toEqual(whole);
});

test("the hash of the base point is the value generator of MOB", () => {
  expect(toHex(hashToPoint(BASE_POINT))).toBe("806024d8f41f25e280a0ca45fa2fa28c0529f7b0cbaf182dc195fa23cc58c82b");
});

test("the digest behind a scalar is wiped", () => {
  expect(resultsOf("hashes", "blake2b512", () => hashToScalar("tag"))).toEqual([new Uint8Array(64)]);
});
