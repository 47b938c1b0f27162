// HMAC (RFC 2104) and HKDF (RFC 5869) over the four hash functions of `hash.ts`. With BLAKE2b it is the ordinary
// construction over the unkeyed function, not BLAKE2b's own keyed mode.
import { blockBytes, digestBytes, hash, hashAbsorb, hashBegin, hashFinish } from "./hash";

/** The key, zero-padded to a block, and with ipad or opad in it. */
const keyBlock = memory.data(128, 16);
const innerDigest = memory.data(64, 16);
const pseudorandomKey = memory.data(64, 16);
/** HKDF's T(i). */
const outputBlock = memory.data(64, 16);
const counterByte = memory.data(1);

/** out = HMAC(key, data), a digest. */
export function hmac(kind: i32, out: usize, key: usize, keyLength: i32, data: usize, length: i32): void {
  hmacBegin(kind, key, keyLength);
  hashAbsorb(kind, data, length);
  hmacFinish(kind, out);
}

/** out = `outLength` bytes of HKDF, at most 255 digests. An empty salt equals HashLen zero bytes, as HMAC pads it. */
export function hkdf(
  kind: i32,
  out: usize,
  outLength: i32,
  salt: usize,
  saltLength: i32,
  ikm: usize,
  ikmLength: i32,
  info: usize,
  infoLength: i32,
): void {
  const digest = digestBytes(kind);
  hmac(kind, pseudorandomKey, salt, saltLength, ikm, ikmLength);
  for (let counter = 1, made = 0; made < outLength; counter++, made += digest) {
    hmacBegin(kind, pseudorandomKey, digest);
    if (counter > 1) hashAbsorb(kind, outputBlock, digest);
    hashAbsorb(kind, info, infoLength);
    store<u8>(counterByte, counter);
    hashAbsorb(kind, counterByte, 1);
    hmacFinish(kind, outputBlock);
    const left = outLength - made;
    memory.copy(out + <usize>made, outputBlock, <usize>(left < digest ? left : digest));
  }
  memory.fill(pseudorandomKey, 0, 64);
  memory.fill(outputBlock, 0, 64);
  store<u8>(counterByte, 0);
}

/** Begins the inner hash. A key longer than a block is hashed first. */
function hmacBegin(kind: i32, key: usize, keyLength: i32): void {
  if (keyLength > blockBytes(kind)) hash(kind, keyBlock, key, keyLength);
  else memory.copy(keyBlock, key, <usize>keyLength);
  exclusiveOrKey(0x3636363636363636);
  hashBegin(kind);
  hashAbsorb(kind, keyBlock, blockBytes(kind));
}

/** Ends the inner hash, computes the outer one and forgets the key. */
function hmacFinish(kind: i32, out: usize): void {
  hashFinish(kind, innerDigest);
  exclusiveOrKey(0x3636363636363636 ^ 0x5c5c5c5c5c5c5c5c);
  hashBegin(kind);
  hashAbsorb(kind, keyBlock, blockBytes(kind));
  hashAbsorb(kind, innerDigest, digestBytes(kind));
  hashFinish(kind, out);
  memory.fill(keyBlock, 0, 128);
  memory.fill(innerDigest, 0, 64);
}

function exclusiveOrKey(pad: u64): void {
  for (let i: usize = 0; i < 128; i += 8) {
    store<u64>(keyBlock + i, load<u64>(keyBlock + i) ^ pad);
  }
}
