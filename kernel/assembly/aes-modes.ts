// AES-256-GCM (NIST SP 800-38D, 12-byte nonce) and AES-256-CTR with a 64-bit counter, one call a message. Lengths are
// public; nothing else steers a branch or an address.
import { aesEncryptEight, aesExpandKey, aesWipe, planesBytes } from "./aes";
import { ghashFinish, ghashStart, ghashUpdate, ghashWipe } from "./ghash";

const blockBytes: i32 = 16;

/** Eight counter blocks, and then the keystream made from them. */
const keystream: usize = memory.data(128, 16);
/** The tag that a message should have. */
const expectedTag: usize = memory.data(16, 16);

/** Encrypts `length` bytes and writes ciphertext ‖ 16-byte tag to `out`, apart from the input. */
export function aesGcmSeal(
  out: usize,
  key: usize,
  nonce: usize,
  aad: usize,
  aadLength: i32,
  plaintext: usize,
  length: i32,
): void {
  startGcm(key, nonce);
  cryptGcm(out, nonce, plaintext, length);
  finishTag(out + length, aad, aadLength, out, length);
  wipe();
}

/**
 * Decrypts `length` bytes of ciphertext with the 16-byte tag at `tag` to `out`, apart from the input. Returns −1 when
 * the tag is right; otherwise returns 0 and `out` holds zeroes, after the very same work.
 */
export function aesGcmOpen(
  out: usize,
  key: usize,
  nonce: usize,
  aad: usize,
  aadLength: i32,
  ciphertext: usize,
  length: i32,
  tag: usize,
): i32 {
  startGcm(key, nonce);
  cryptGcm(out, nonce, ciphertext, length);
  finishTag(expectedTag, aad, aadLength, ciphertext, length);
  const difference = (load<u64>(expectedTag) ^ load<u64>(tag)) | (load<u64>(expectedTag, 8) ^ load<u64>(tag, 8));
  // The highest bit of d | −d is set exactly when d is not zero.
  const opened = i64((difference | (0 - difference)) >> 63) - 1;
  const kept = i8x16.splat(<i8>opened);
  let i = 0;
  for (; i + blockBytes <= length; i += blockBytes) v128.store(out + i, v128.and(v128.load(out + i), kept));
  for (; i < length; i++) store<u8>(out + i, load<u8>(out + i) & <u8>opened);
  wipe();
  return i32(opened);
}

/**
 * XORs `length` bytes with the keystream that begins at the 16-byte block `first`. Its last eight bytes count,
 * big-endian and modulo 2⁶⁴; the first eight never change.
 */
export function aesCtr(out: usize, key: usize, first: usize, data: usize, length: i32): void {
  aesExpandKey(key);
  const fixed = load<u64>(first);
  const counter = bswap<u64>(load<u64>(first, 8));
  for (let done = 0; done < length; done += planesBytes) {
    for (let k = 0; k < planesBytes; k += blockBytes) {
      store<u64>(keystream + k, fixed);
      store<u64>(keystream + k, bswap<u64>(counter + u64((done + k) >> 4)), 8);
    }
    aesEncryptEight(keystream, keystream);
    xorKeystream(out + done, data + done, min(length - done, planesBytes), keystream);
  }
  wipe();
}

/**
 * The first eight blocks of a message in one pass: the zero block, which gives the hash key; the block with counter 1,
 * which masks the tag; and counters 2 to 7, which encrypt the first 96 bytes.
 */
function startGcm(key: usize, nonce: usize): void {
  aesExpandKey(key);
  countGcm(nonce, 0);
  memory.fill(keystream, 0, blockBytes);
  aesEncryptEight(keystream, keystream);
  ghashStart(keystream);
}

/** XORs the message with the keystream; `keystream` keeps the tag's mask in its second block for {@link finishTag}. */
function cryptGcm(out: usize, nonce: usize, data: usize, length: i32): void {
  const first = 6 * blockBytes;
  xorKeystream(out, data, min(length, first), keystream + 2 * blockBytes);
  const tagMask = v128.load(keystream, 16);
  for (let done = first; done < length; done += planesBytes) {
    countGcm(nonce, 2 + (done >> 4));
    aesEncryptEight(keystream, keystream);
    xorKeystream(out + done, data + done, min(length - done, planesBytes), keystream);
  }
  v128.store(keystream, tagMask, 16);
}

/** Eight counter blocks from `counter` on: nonce ‖ 32 bits, big-endian. Memory is too small for the counter to wrap. */
function countGcm(nonce: usize, counter: i32): void {
  for (let k = 0; k < 8; k++) {
    const block = keystream + blockBytes * k;
    store<u64>(block, load<u64>(nonce));
    store<u32>(block, load<u32>(nonce, 8), 8);
    store<u32>(block, bswap<u32>(counter + k), 12);
  }
}

/** The tag over additional data and ciphertext, written to `out`. */
function finishTag(out: usize, aad: usize, aadLength: i32, ciphertext: usize, length: i32): void {
  ghashUpdate(aad, aadLength);
  ghashUpdate(ciphertext, length);
  ghashFinish(out, aadLength, length);
  v128.store(out, v128.xor(v128.load(out), v128.load(keystream, 16)));
}

function xorKeystream(out: usize, data: usize, length: i32, stream: usize): void {
  let i = 0;
  for (; i + blockBytes <= length; i += blockBytes) {
    v128.store(out + i, v128.xor(v128.load(data + i), v128.load(stream + i)));
  }
  for (; i < length; i++) store<u8>(out + i, load<u8>(data + i) ^ load<u8>(stream + i));
}

function wipe(): void {
  aesWipe();
  ghashWipe();
  memory.fill(keystream, 0, planesBytes);
  memory.fill(expectedTag, 0, blockBytes);
}
