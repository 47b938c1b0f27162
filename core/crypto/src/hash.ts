// Hashing to scalars and to points, with the domain tags of MobileCoin.
import { utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { type CompressedPoint, checkedPoint } from "./public-key.ts";

const HASH_TO_POINT_TAG = utf8("mc_onetime_key_hash_to_point");

/** Hs: BLAKE2b-512(tag ‖ parts) modulo ℓ, a scalar of 32 bytes. */
export function hashToScalar(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const digest = kernel().hashes.blake2b512(utf8(tag), ...parts);
  try {
    return kernel().scalars.reduceWide(digest);
  } finally {
    wipeBytes(digest);
  }
}

/** Hp: the one-way map of BLAKE2b-512("mc_onetime_key_hash_to_point" ‖ data). Makes key images and generators. */
export function hashToPoint(data: Uint8Array): CompressedPoint {
  return checkedPoint(kernel().ristretto.oneWayMap(kernel().hashes.blake2b512(HASH_TO_POINT_TAG, data)));
}
