// Keys and hashes of MobileCoin (spec 01 §0, §2, §5.3): scalars are numbers, points are the library's.
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { littleEndian, toLittleEndian } from "./protobuf.ts";

export const { Point } = ristretto255;
export type Point = InstanceType<typeof Point>;

const ORDER = Point.Fn.ORDER;

/** 64 bytes as a scalar. */
const wide = (uniform: Uint8Array): bigint => littleEndian(uniform) % ORDER;

export const blake512 = (...parts: readonly Uint8Array[]): Uint8Array => blake2b(concatBytes(...parts), { dkLen: 64 });

/** A scalar from a label and what is hashed with it. */
export const hashToScalar = (label: string, ...parts: readonly Uint8Array[]): bigint =>
  wide(blake512(utf8ToBytes(label), ...parts));

/** A point from uniform bytes. */
export function mapToPoint(uniform: Uint8Array): Point {
  const derived = ristretto255_hasher.deriveToCurve?.(uniform);
  if (derived === undefined) throw new Error("The library maps to this group.");
  return derived;
}

/** The point that a one-time key's image stands on, and that values are committed with. */
export const hashToPoint = (encoded: Uint8Array): Point =>
  mapToPoint(blake512(utf8ToBytes("mc_onetime_key_hash_to_point"), encoded));

/** A multiple of a point, also the zeroth, which the library does not make. */
export const times = (point: Point, scalar: bigint): Point => (scalar === 0n ? Point.ZERO : point.multiply(scalar));

/** A commitment to a value of a token. */
export function commitment(value: bigint, tokenId: bigint, blinding: bigint): Uint8Array {
  const base = Point.BASE.toBytes();
  const token = toLittleEndian(tokenId, 8);
  const generator = hashToPoint(base.map((byte, i) => byte ^ (token[i] ?? 0)));
  return times(generator, value).add(times(Point.BASE, blinding)).toBytes();
}

/** Both private keys of an account. */
export interface AccountKeys {
  readonly view: bigint;
  readonly spend: bigint;
}

/** The keys of a recovery phrase's account. The words are not looked up. */
export function accountKeys(mnemonic: string, accountIndex: number): AccountKeys {
  const phrase = mnemonic.trim().split(/\s+/).join(" ").normalize("NFKD");
  const seed = pbkdf2(sha512, utf8ToBytes(phrase), utf8ToBytes("mnemonic"), { c: 2048, dkLen: 64 });
  let node = hmac(sha512, utf8ToBytes("ed25519 seed"), seed);
  for (const index of [44, 866, accountIndex]) {
    const hardened = new Uint8Array(4);
    new DataView(hardened.buffer).setUint32(0, (0x80000000 | index) >>> 0);
    node = hmac(sha512, node.subarray(32), concatBytes(Uint8Array.of(0), node.subarray(0, 32), hardened));
  }
  const key = (kind: string): bigint =>
    wide(hkdf(sha512, node.subarray(0, 32), utf8ToBytes(`mobilecoin-ristretto255-${kind}`), new Uint8Array(), 64));
  return { view: key("view"), spend: key("spend") };
}

/** The spend private key of a subaddress. Its view private key is `view` times that. */
export function subaddressSpend({ view, spend }: AccountKeys, index: bigint): bigint {
  const scalar = hashToScalar("mc_subaddress", toLittleEndian(view, 32), toLittleEndian(index, 32));
  return (scalar + spend) % ORDER;
}

/** The product of two scalars. */
export const multiplied = (a: bigint, b: bigint): bigint => (a * b) % ORDER;

/** The sum of two scalars. */
export const added = (a: bigint, b: bigint): bigint => (a + b) % ORDER;
