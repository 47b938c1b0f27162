// What Fog encrypts for a user, and the keys that it is found by (spec 01 §7.1, §8).
import { gcm } from "@noble/ciphers/aes.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { blake512, Point, times } from "./group.ts";
import { toLittleEndian } from "./protobuf.ts";

const FOOTER = 50;

/** Opens a versioned crypto box with a private key. Throws for one that is none, or for somebody else. */
export function openBox(privateKey: bigint, box: Uint8Array): Uint8Array {
  const footer = box.subarray(box.length - FOOTER);
  if (box.length < FOOTER || footer[48] !== 1 || footer[49] !== 0) throw new Error("This is no crypto box.");
  const shared = times(Point.fromBytes(footer.slice(0, 32)), privateKey).toBytes();
  const okm = hkdf(blake2b, shared, utf8ToBytes("dei-salty-box"), utf8ToBytes("aead-key-iv"), 44);
  const sealed = concatBytes(box.subarray(0, box.length - FOOTER), footer.subarray(32, 48));
  return gcm(okm.subarray(0, 32), okm.subarray(32)).decrypt(sealed);
}

/** The secret of a sequence of search keys, from the view private key of the default subaddress. */
export const sequenceSecret = (privateKey: bigint, egressKey: Uint8Array): Uint8Array =>
  times(Point.fromBytes(egressKey), privateKey).toBytes();

/** The n-th search key of a sequence, from 0. */
export const searchKey = (secret: Uint8Array, counter: bigint): Uint8Array =>
  blake512(utf8ToBytes("20201124"), secret, toLittleEndian(counter, 8)).slice(0, 16);
