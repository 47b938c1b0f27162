// Answers of Fog Ledger (spec 03 §5.3, §5.7) out of oblivious maps, written so that nothing but their number shows: each is
// of one length, every field of it is written, and what was found is put over what stands for nothing by masks.
import { choose, equals, isZero } from "./masks";
import { mapLookup } from "./oblivious-map";

const KEY_BYTES: usize = 32;

// A record, which a store gives its router: key image ‖ spent_at ‖ timestamp ‖ result code ‖ four zeros.
const RECORD_BYTES: usize = 56;
const SPENT_AT: usize = 32;
const TIMESTAMP: usize = 40;
const CODE: usize = 48;

const SPENT: i32 = 1;
const NOT_SPENT: i32 = 2;
const KEY_IMAGE_ERROR: i32 = 3;

// Field 3, `results`, of a CheckKeyImagesResponse with nothing found; the key image begins at 6, numbers at 39, 48 and 62.
const KEY_IMAGE_RESULT_BYTES: usize = 66;
const keyImageResult: usize = memory.data<u8>([
  0x1a, 0x40, 0x0a, 0x22, 0x0a, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x25, 1, 0, 0, 0, 0x2d, 0, 0, 0, 0,
]);

// Field 1, `results`, of a LookupOutputsResponse with nothing found; numbers begin at 3, 8, 17 and 26.
const OUTPUT_RESULT_BYTES: usize = 34;
const outputResult: usize = memory.data<u8>([
  0x0a, 0x20, 0x0d, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0,
  0,
]);
const DOES_NOT_EXIST: i32 = 1;
const EXISTS: i32 = 2;

/** The key as it is in the map: with its first byte inverted, since no map has a key of zeros (spec 03 §13, 15). */
const mapKey: usize = memory.data(32, 16);
const found: usize = memory.data(32, 16);

/** A record of 56 bytes for each of n key images, from a map with values spent_at ‖ timestamp. */
export function keyImageRecords(map: usize, out: usize, keyImages: usize, n: u32): void {
  for (let i: usize = 0; i < n; i++) {
    const keyImage = keyImages + KEY_BYTES * i;
    const record = out + RECORD_BYTES * i;
    const isSpent = lookUp(map, keyImage);
    const nothing = ~u64(i64(isSpent));
    memory.copy(record, keyImage, KEY_BYTES);
    store<u64>(record, load<u64>(found) | nothing, SPENT_AT);
    store<u64>(record, load<u64>(found, 8) | nothing, TIMESTAMP);
    store<u64>(record, u64(choose(isSpent, SPENT, NOT_SPENT)), CODE);
  }
  wipe();
}

/**
 * The n fields `results`, 66 bytes each, of the answer to a client, from m records of all stores, in whatever order. Each
 * record is compared with each key image. Spent counts before a failure, and a failure before not spent.
 */
export function keyImageResults(out: usize, keyImages: usize, n: u32, records: usize, m: u32): void {
  const end = records + RECORD_BYTES * m;
  for (let i: usize = 0; i < n; i++) {
    const keyImage = keyImages + KEY_BYTES * i;
    let spentAt: u64 = 1;
    let timestamp: u64 = u64.MAX_VALUE;
    let code: i32 = NOT_SPENT;
    for (let record = records; record < end; record += RECORD_BYTES) {
      const says = load<i32>(record, CODE);
      const counts = equals(says, SPENT) | (equals(says, KEY_IMAGE_ERROR) & equals(code, NOT_SPENT));
      const takes = counts & isSame(keyImage, record);
      spentAt = choose64(takes, load<u64>(record, SPENT_AT), spentAt);
      timestamp = choose64(takes, load<u64>(record, TIMESTAMP), timestamp);
      code = choose(takes, says, code);
    }
    const result = out + KEY_IMAGE_RESULT_BYTES * i;
    memory.copy(result, keyImageResult, KEY_IMAGE_RESULT_BYTES);
    memory.copy(result + 6, keyImage, KEY_BYTES);
    store<u64>(result, spentAt, 39);
    store<u64>(result, timestamp, 48);
    store<i32>(result, code, 62);
  }
}

/** The n fields `results`, 34 bytes each, from a map with values global index ‖ block index ‖ timestamp. */
export function outputLookupResults(map: usize, out: usize, publicKeys: usize, n: u32): void {
  for (let i: usize = 0; i < n; i++) {
    const result = out + OUTPUT_RESULT_BYTES * i;
    const exists = lookUp(map, publicKeys + KEY_BYTES * i);
    const nothing = ~u64(i64(exists));
    memory.copy(result, outputResult, OUTPUT_RESULT_BYTES);
    store<i32>(result, choose(exists, EXISTS, DOES_NOT_EXIST), 3);
    store<u64>(result, load<u64>(found) | nothing, 8);
    store<u64>(result, load<u64>(found, 8) | nothing, 17);
    store<u64>(result, load<u64>(found, 16) | nothing, 26);
  }
  wipe();
}

/**
 * The n fields `results` of a map in shards, from those that each shard has given, one shard's behind the other's. At most one
 * shard has a key; numbers of all others are all ones.
 */
export function outputLookupCombine(out: usize, n: u32, results: usize, shards: u32): void {
  const shardBytes = OUTPUT_RESULT_BYTES * usize(n);
  for (let i: usize = 0; i < n; i++) {
    let codes: i32 = 0;
    let index: u64 = u64.MAX_VALUE;
    let block: u64 = u64.MAX_VALUE;
    let timestamp: u64 = u64.MAX_VALUE;
    let result = results + OUTPUT_RESULT_BYTES * i;
    for (let shard: u32 = 0; shard < shards; shard++) {
      codes |= load<i32>(result, 3);
      index &= load<u64>(result, 8);
      block &= load<u64>(result, 17);
      timestamp &= load<u64>(result, 26);
      result += shardBytes;
    }
    result = out + OUTPUT_RESULT_BYTES * i;
    memory.copy(result, outputResult, OUTPUT_RESULT_BYTES);
    store<i32>(result, choose(equals(codes & EXISTS, EXISTS), EXISTS, DOES_NOT_EXIST), 3);
    store<u64>(result, index, 8);
    store<u64>(result, block, 17);
    store<u64>(result, timestamp, 26);
  }
}

/** Copies the value of a key to `found`, zeros if there is none. The mask says whether there is one. */
function lookUp(map: usize, key: usize): i32 {
  memory.copy(mapKey, key, KEY_BYTES);
  store<u8>(mapKey, ~load<u8>(mapKey));
  return mapLookup(map, mapKey, found);
}

/** Whether 32 bytes are the same. */
function isSame(a: usize, b: usize): i32 {
  return isZero(
    (load<u64>(a) ^ load<u64>(b)) |
      (load<u64>(a, 8) ^ load<u64>(b, 8)) |
      (load<u64>(a, 16) ^ load<u64>(b, 16)) |
      (load<u64>(a, 24) ^ load<u64>(b, 24)),
  );
}

function choose64(mask: i32, a: u64, b: u64): u64 {
  return b ^ (u64(i64(mask)) & (a ^ b));
}

function wipe(): void {
  memory.fill(mapKey, 0, 32);
  memory.fill(found, 0, 32);
}
