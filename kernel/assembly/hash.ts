// One streaming frame for the four hash functions: buffering, padding and digests (RFC 7693 §3.3, FIPS 180-4 §5.1 and
// §6). Which function and how many bytes are public; the bytes are not, and every block does the same work.
import { blake2bBegin, blake2bCompress } from "./blake2b";
import { sha2Wipe, sha256Begin, sha256Compress, sha512Begin, sha512Compress } from "./sha2";

// How the face names a function. The order makes bit 0 tell the long digests and bit 1 the padding of SHA-2.
export const BLAKE2B_256 = 0;
export const BLAKE2B_512 = 1;
export const SHA_256 = 2;
export const SHA_512 = 3;

const state = memory.data(64, 16);
const buffer = memory.data(128, 16);
/** Bytes waiting in the buffer: up to a whole block, since BLAKE2b treats the last block differently. */
let buffered: usize = 0;
/** Bytes of the message that were compressed. */
let compressed: u64 = 0;

/** out = the digest of `length` bytes at `data`. */
export function hash(kind: i32, out: usize, data: usize, length: i32): void {
  hashBegin(kind);
  hashAbsorb(kind, data, length);
  hashFinish(kind, out);
}

/**
 * Folds n siblings of 32 bytes each into the hash at `out`: it becomes BLAKE2b-256(tag ‖ hash ‖ sibling), or of
 * tag ‖ sibling ‖ hash where the byte in `sides` is not zero. The sides are public.
 */
export function hashPath(out: usize, tag: usize, tagLength: i32, siblings: usize, sides: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    const sibling = siblings + 32 * <usize>i;
    const isLeft = load<u8>(sides + <usize>i) !== 0;
    hashBegin(BLAKE2B_256);
    hashAbsorb(BLAKE2B_256, tag, tagLength);
    hashAbsorb(BLAKE2B_256, isLeft ? sibling : out, 32);
    hashAbsorb(BLAKE2B_256, isLeft ? out : sibling, 32);
    hashFinish(BLAKE2B_256, out);
  }
}

/** Bytes in a digest. */
export function digestBytes(kind: i32): i32 {
  return kind & 1 ? 64 : 32;
}

/** Bytes in a block: what HMAC pads its key to. */
export function blockBytes(kind: i32): i32 {
  return kind === SHA_256 ? 64 : 128;
}

/** Begins a message. One message at a time. */
export function hashBegin(kind: i32): void {
  buffered = 0;
  compressed = 0;
  if (kind === SHA_512) sha512Begin(state);
  else if (kind === SHA_256) sha256Begin(state);
  else blake2bBegin(state, digestBytes(kind));
}

/** Takes in the message's next `length` bytes. */
export function hashAbsorb(kind: i32, data: usize, length: i32): void {
  const block = <usize>blockBytes(kind);
  const end = data + <usize>length;
  while (data < end) {
    if (buffered === block) {
      compress(kind, buffer, block, 0);
      buffered = 0;
    }
    // Whole blocks are read in place, all but the last.
    while (buffered === 0 && end - data > block) {
      compress(kind, data, block, 0);
      data += block;
    }
    const room = block - buffered;
    const left = end - data;
    const taken = left < room ? left : room;
    memory.copy(buffer + buffered, data, taken);
    buffered += taken;
    data += taken;
  }
}

/** Ends the message, writes its digest to `out` and forgets everything about it. */
export function hashFinish(kind: i32, out: usize): void {
  if (kind & 2) padSha2(kind);
  else {
    memory.fill(buffer + buffered, 0, 128 - buffered);
    compress(kind, buffer, buffered, -1);
  }

  if (kind === SHA_512) {
    for (let i: usize = 0; i < 64; i += 8) store<u64>(out + i, bswap<u64>(load<u64>(state + i)));
  } else if (kind === SHA_256) {
    for (let i: usize = 0; i < 32; i += 4) store<u32>(out + i, bswap<u32>(load<u32>(state + i)));
  } else {
    memory.copy(out, state, <usize>digestBytes(kind));
  }

  memory.fill(state, 0, 64);
  memory.fill(buffer, 0, 128);
  sha2Wipe();
}

/** A one bit, zeros, and the message's length in bits, big-endian, at the end of a block. */
function padSha2(kind: i32): void {
  const block = <usize>blockBytes(kind);
  const bits = (compressed + buffered) << 3;
  if (buffered === block) {
    compress(kind, buffer, block, 0);
    buffered = 0;
  }
  store<u8>(buffer + buffered, 0x80);
  memory.fill(buffer + buffered + 1, 0, block - buffered - 1);
  // The length takes an eighth of the block.
  if (buffered >= block - (block >> 3)) {
    compress(kind, buffer, block, 0);
    memory.fill(buffer, 0, block);
  }
  store<u64>(buffer + block - 8, bswap<u64>(bits));
  compress(kind, buffer, block, 0);
}

/** Mixes in one block that holds `length` bytes of the message. */
function compress(kind: i32, block: usize, length: usize, last: u64): void {
  compressed += length;
  if (kind === SHA_512) sha512Compress(state, block);
  else if (kind === SHA_256) sha256Compress(state, block);
  else blake2bCompress(state, block, compressed, last);
}
