// What Fog View answers (spec 03 §4.2, §4.4, §4.9), written from fixed templates: every entry has one size and one trace,
// whether its key is known, unknown or unusable, and however long its record is. The sizes of keys are public.
//
// A fixed result: 0x52 ‖ length ‖ key field ‖ code ‖ ciphertext, 255 bytes ‖ payload length.
// An older one:   0x3a ‖ length ‖ key field ‖ code ‖ ciphertext ‖ padding, 255 bytes together.
//
// Lengths that are secret, those of ciphertext and padding in the older form, take two bytes whatever they are.
import { choose, isZero } from "./masks";
import { mapLookup } from "./oblivious-map";

const KEY_BYTES: u32 = 16;
const CIPHERTEXT_BYTES: usize = 255;
/** A record in the map: 239 − length of the ciphertext ‖ ciphertext ‖ zeros. */
const VALUE_BYTES: usize = 240;
const PAYLOAD_BYTES_MAX: u32 = 239;

const FOUND: u32 = 1;
const NOT_FOUND: u32 = 2;
const BAD_SEARCH_KEY: u32 = 3;
const INTERNAL_ERROR: u32 = 4;
const RATE_LIMITED: u32 = 5;

const FIXED_TAG: u8 = 0x52;
const OLDER_TAG: u8 = 0x3a;
/** Tag, length in two bytes, tag of the key, its length. */
const HEAD_BYTES: usize = 5;
// Of a fixed result, behind the key: where code, ciphertext and payload length lie, without their tags.
const CODE: usize = 1;
const CIPHERTEXT: usize = 8;
const PAYLOAD_LENGTH: usize = 264;
const FIXED_TAIL_BYTES: usize = 268;
/** Of an older one: tag and code, two tags with lengths, and the bytes of ciphertext and padding. */
const OLDER_TAIL_BYTES: usize = 266;

/** The key as the map knows it. */
const searchKey: usize = memory.data(16, 16);
/** A record of the map. */
const value: usize = memory.data(240, 16);
/** The ciphertext of an entry, and zeros. */
const ciphertext: usize = memory.data(256, 16);

/** Bytes of the fixed result of a key. */
export function viewFixedBytes(keyBytes: u32): usize {
  return HEAD_BYTES + keyBytes + FIXED_TAIL_BYTES;
}

/** Bytes of both results of a key. */
export function viewBothBytes(keyBytes: u32): usize {
  return viewFixedBytes(keyBytes) + HEAD_BYTES + keyBytes + OLDER_TAIL_BYTES;
}

/**
 * Looks `n` keys up, which lie one after another and have these lengths, at most 127, and writes their fixed results. A key of
 * another length than 16, or of zeros, is bad. `prevailing` is the payload length of what is not found.
 */
export function viewAnswer(out: usize, map: usize, keys: usize, lengths: usize, n: u32, prevailing: u32): void {
  for (let i: usize = 0; i < n; i++) {
    const keyBytes = load<u32>(lengths + 4 * i);
    memory.fill(searchKey, 0, KEY_BYTES);
    memory.copy(searchKey, keys, min(keyBytes, KEY_BYTES));
    const inMap = mapLookup(map, searchKey, value);
    let bad: i32 = -1;
    if (keyBytes === KEY_BYTES) bad = isZeroKey(searchKey);
    const found = inMap & ~bad;
    const code = choose(found, FOUND, choose(bad, BAD_SEARCH_KEY, NOT_FOUND));
    const length = choose(found, PAYLOAD_BYTES_MAX - load<u8>(value), prevailing);
    memory.fill(ciphertext, 0, 256);
    const mask = i32x4.splat(found);
    for (let at: usize = 0; at < VALUE_BYTES; at += 16) {
      v128.store(value + at, v128.and(v128.load(value + at), mask));
    }
    memory.copy(ciphertext, value + 1, PAYLOAD_BYTES_MAX);
    writeFixed(out, keys, keyBytes, code, length);
    keys += keyBytes;
    out += viewFixedBytes(keyBytes);
  }
  wipe();
}

/**
 * Folds the fixed results of `shardCount` shards, each as {@link viewAnswer} wrote them for the same keys, into the client's:
 * `n` older results, then `n` fixed ones. A key that no shard answers is not found.
 */
export function viewCollate(
  out: usize,
  keys: usize,
  lengths: usize,
  n: u32,
  shards: usize,
  shardBytes: usize,
  shardCount: u32,
  prevailing: u32,
): void {
  let older = out;
  let fixed = out;
  for (let i: usize = 0; i < n; i++)
    fixed += viewBothBytes(load<u32>(lengths + 4 * i)) - viewFixedBytes(load<u32>(lengths + 4 * i));
  let at = shards;
  for (let i: usize = 0; i < n; i++) {
    const keyBytes = load<u32>(lengths + 4 * i);
    let code = NOT_FOUND;
    let length = prevailing;
    memory.fill(ciphertext, 0, 256);
    for (let shard: usize = 0; shard < shardCount; shard++) {
      const key = at + shard * shardBytes + HEAD_BYTES;
      const tail = key + keyBytes;
      const shardCode = load<u32>(tail + CODE);
      const takes = equalKeys(keys, key, keyBytes) & overwrites(shardCode, code);
      code = choose(takes, shardCode, code);
      length = choose(takes, load<u32>(tail + PAYLOAD_LENGTH) & 0xff, length);
      const mask = i32x4.splat(takes);
      for (let b: usize = 0; b < 240; b += 16) {
        v128.store(ciphertext + b, v128.bitselect(v128.load(tail + CIPHERTEXT + b), v128.load(ciphertext + b), mask));
      }
    }
    writeOlder(older, keys, keyBytes, code, length);
    writeFixed(fixed, keys, keyBytes, code, length);
    at += viewFixedBytes(keyBytes);
    older += HEAD_BYTES + keyBytes + OLDER_TAIL_BYTES;
    fixed += viewFixedBytes(keyBytes);
    keys += keyBytes;
  }
  wipe();
}

/** Whether a shard's code replaces what the client has so far. What is not found says how long records are. */
function overwrites(shard: u32, client: u32): i32 {
  const unfound = isCode(client, NOT_FOUND);
  const failed = isCode(shard, INTERNAL_ERROR) | isCode(shard, RATE_LIMITED) | isCode(shard, NOT_FOUND);
  return isCode(shard, FOUND) | (isCode(shard, BAD_SEARCH_KEY) & ~isCode(client, FOUND)) | (failed & unfound);
}

function isCode(code: u32, expected: u32): i32 {
  return isZero(code ^ expected);
}

function isZeroKey(key: usize): i32 {
  const both = load<u64>(key) | load<u64>(key, 8);
  return isZero(u32(both) | u32(both >> 32));
}

function equalKeys(a: usize, b: usize, keyBytes: u32): i32 {
  let differ: u32 = 0;
  for (let i: usize = 0; i < keyBytes; i++) differ |= load<u8>(a + i) ^ load<u8>(b + i);
  return isZero(differ);
}

/** Tag, length of the entry, and the key's field. Returns where the rest begins. */
function writeHead(out: usize, tag: u8, tailBytes: usize, key: usize, keyBytes: u32): usize {
  const body = 2 + keyBytes + u32(tailBytes);
  store<u8>(out, tag);
  store<u8>(out, u8(body | 0x80), 1);
  store<u8>(out, u8(body >> 7), 2);
  store<u8>(out, 0x0a, 3);
  store<u8>(out, u8(keyBytes), 4);
  memory.copy(out + HEAD_BYTES, key, keyBytes);
  return out + HEAD_BYTES + keyBytes;
}

function writeFixed(out: usize, key: usize, keyBytes: u32, code: u32, length: u32): void {
  const tail = writeHead(out, FIXED_TAG, FIXED_TAIL_BYTES, key, keyBytes);
  store<u8>(tail, 0x15);
  store<u32>(tail, code, CODE);
  store<u8>(tail, 0x1a, 5);
  store<u8>(tail, 0xff, 6);
  store<u8>(tail, 0x01, 7);
  memory.copy(tail + CIPHERTEXT, ciphertext, CIPHERTEXT_BYTES);
  store<u8>(tail, 0x25, 263);
  store<u32>(tail, length, PAYLOAD_LENGTH);
}

/** Where the padding's tag and length lie is secret, so every byte of both fields is chosen by its place. */
function writeOlder(out: usize, key: usize, keyBytes: u32, code: u32, length: u32): void {
  const tail = writeHead(out, OLDER_TAG, OLDER_TAIL_BYTES, key, keyBytes);
  const padding = u32(CIPHERTEXT_BYTES) - length;
  store<u8>(tail, 0x15);
  store<u32>(tail, code, CODE);
  store<u8>(tail, 0x1a, 5);
  store<u8>(tail, u8(length | 0x80), 6);
  store<u8>(tail, u8(length >> 7), 7);
  for (let place: u32 = 0; place < 258; place++) {
    // −1 up to the length, so that bytes behind it are zero.
    const inside = i32(place - length) >> 31;
    const byte = u32(load<u8>(ciphertext + min(place, 255))) & inside;
    const tag = u32(isZero(place ^ length)) & 0x22;
    const low = u32(isZero(place ^ (length + 1))) & (padding | 0x80);
    const high = u32(isZero(place ^ (length + 2))) & (padding >> 7);
    store<u8>(tail + 8 + place, u8(byte | tag | low | high));
  }
}

function wipe(): void {
  memory.fill(searchKey, 0, KEY_BYTES);
  memory.fill(value, 0, VALUE_BYTES);
  memory.fill(ciphertext, 0, 256);
}
