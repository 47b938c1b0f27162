// A map from keys to values of fixed sizes which hides from whoever watches its addresses what is asked and whether it is
// there: a hit, a miss, an insertion, an overwriting and an increment leave one trace.
//
// Records lie in one Circuit ORAM, a block each: key ‖ value. Another, the index, holds buckets of 16 entries, one bucket
// for four records of the capacity, chosen like the fingerprint in an entry by a keyed pseudorandom function of the key. An
// entry knows its record's block and leaf, so an operation is one access of the index and one of the records. The leaves
// of the buckets are found by scanning all of them, or above 2^13 buckets by an access of a third, small ORAM of 64 leaves
// a block. Each leaf is random from the beginning, also of buckets that were never used, and drawn anew at each access; an
// operation that finds no entry reads a random path of the records for a block that does not exist.
//
// Overflow. With four records expected in a bucket, some of 2^18 get more than 16. So entries that find their bucket full go
// to one list of 64, shared by all and read each time: more than 64 such entries in all come with probability 2^-139 (the
// tail of the compound Poisson sum of what 2^18 buckets have in excess; 2^-93 at 2^23 records, more than one instance has
// room for). Small buckets are cheap: of a large one most is read, moved and written for nothing. The stashes: see
// circuit-oram.ts. Either overflow traps, and nothing is lost unseen.
//
// Two keys with one fingerprint in one bucket are told apart by the whole key in the record's block: a lookup of the one
// never returns the other. Inserting the second traps; among 2^20 keys there is such a pair with probability 2^-41, over a
// secret key that is drawn anew with each map, so that nobody can look for one.
import { oramBytes, oramEvict, oramInit, oramLeaves, oramPut, oramTake, STASH_SLOTS } from "./circuit-oram";
import { choose, isZero } from "./masks";
import { randomFill, randomSeed, randomU32 } from "./random";
import { sipHash128 } from "./siphash";

const RECORDS_A_BUCKET: u32 = 4;
const ENTRIES: u32 = 16;
const LIST_ENTRIES: u32 = 64;

// An entry: 64-bit fingerprint ‖ block of the record with the highest bit set, or 0 if vacant ‖ leaf of the record.
const ENTRY_BYTES: usize = 16;
const OCCUPIED: u32 = 0x80000000;
const BUCKET_BYTES: u32 = 256;

/** Buckets up to which their leaves are scanned. */
const SCANNED_MAX: u32 = 8192;
/** Above: leaves in a block of the ORAM of leaves. */
const LEAVES_A_BLOCK: u32 = 64;
const LEAVES_BLOCK_BYTES: u32 = 256;

// A map begins with these words; then the generator and what the addresses name.
const KEY_BYTES: usize = 0;
const VALUE_BYTES: usize = 4;
const BLOCK_BYTES: usize = 8;
const BUCKETS: usize = 12;
/** How many records there are: the block of the next one. Secret. */
const COUNT: usize = 16;
/** The ORAMs of records, buckets and leaves; the last is 0 where leaves are scanned. */
const RECORDS: usize = 20;
const INDEX: usize = 24;
const LEAVES: usize = 28;
/** Leaves of the buckets, or of the blocks of leaves, and how many. */
const SCANNED: usize = 32;
const SCANNED_COUNT: usize = 36;
/** A block for the record found, and one for the key and value given. */
const BLOCK: usize = 40;
const GIVEN: usize = 44;
/** Key of the pseudorandom function, 16 bytes. */
const PRF_KEY: usize = 48;
/** The list of entries that found their bucket full. */
const LIST: usize = 64;
const RANDOM: usize = LIST + 1024;
const HEADER_BYTES: usize = 2176;

/** Fingerprint, bucket and four unused bytes. */
const hashed: usize = memory.data(16, 16);
/** Of the entry that was found: its last eight bytes, or zeros. */
const foundRecord: usize = memory.data(8, 8);
/** The bucket in use. */
const bucketBlock: usize = memory.data(256, 16);
/** The block of leaves in use. */
const leavesBlock: usize = memory.data(256, 16);

/** Bytes of a map of `capacity` records. 0xFFFFFFFF where it is too large for any memory. */
export function mapBytes(keyBytes: u32, valueBytes: u32, capacity: u32): usize {
  const records = recordsFor(capacity);
  const buckets = bucketsFor(records);
  const blockBytes = blockBytesFor(keyBytes, valueBytes);
  const small = buckets > SCANNED_MAX;
  const blocksOfLeaves = buckets / LEAVES_A_BLOCK;
  const bytes =
    u64(HEADER_BYTES) +
    u64(oramBytes(records, blockBytes, STASH_SLOTS)) +
    u64(oramBytes(buckets, BUCKET_BYTES, STASH_SLOTS)) +
    (small ? u64(oramBytes(blocksOfLeaves, LEAVES_BLOCK_BYTES, STASH_SLOTS)) : 0) +
    u64(scannedBytes(small ? blocksOfLeaves : buckets)) +
    2 * u64(blockBytes) +
    4 * 64;
  return bytes < 0xffffffff ? usize(bytes) : 0xffffffff;
}

/** Makes an empty map in zeroed memory at `map`, aligned 64, from 32 uniform bytes. */
export function mapInit(map: usize, keyBytes: u32, valueBytes: u32, capacity: u32, seed: usize): void {
  const records = recordsFor(capacity);
  const buckets = bucketsFor(records);
  const blockBytes = blockBytesFor(keyBytes, valueBytes);
  const isScanned = buckets <= SCANNED_MAX;
  const scannedCount = isScanned ? buckets : buckets / LEAVES_A_BLOCK;
  const block = map + HEADER_BYTES;
  const given = block + blockBytes;
  const scanned = given + blockBytes;
  const recordsOram = scanned + scannedBytes(scannedCount);
  const index = roundUp(recordsOram + oramBytes(records, blockBytes, STASH_SLOTS));
  const leaves = roundUp(index + oramBytes(buckets, BUCKET_BYTES, STASH_SLOTS));
  store<u32>(map, keyBytes, KEY_BYTES);
  store<u32>(map, valueBytes, VALUE_BYTES);
  store<u32>(map, blockBytes, BLOCK_BYTES);
  store<u32>(map, buckets, BUCKETS);
  store<u32>(map, u32(recordsOram), RECORDS);
  store<u32>(map, u32(index), INDEX);
  store<u32>(map, u32(scanned), SCANNED);
  store<u32>(map, scannedCount, SCANNED_COUNT);
  store<u32>(map, u32(block), BLOCK);
  store<u32>(map, u32(given), GIVEN);
  oramInit(recordsOram, records, blockBytes, STASH_SLOTS);
  oramInit(index, buckets, BUCKET_BYTES, STASH_SLOTS);
  randomSeed(map + RANDOM, seed);
  randomFill(map + RANDOM, map + PRF_KEY, 16);
  if (isScanned) {
    drawLeaves(map, scanned, buckets, oramLeaves(index));
    return;
  }
  store<u32>(map, u32(leaves), LEAVES);
  oramInit(leaves, scannedCount, LEAVES_BLOCK_BYTES, STASH_SLOTS);
  drawLeaves(map, scanned, scannedCount, oramLeaves(leaves));
  for (let i: u32 = 0; i < scannedCount; i++) {
    drawLeaves(map, leavesBlock, LEAVES_A_BLOCK, oramLeaves(index));
    oramPut(leaves, i, load<u32>(scanned + 4 * i), leavesBlock, -1);
    oramEvict(leaves);
  }
  memory.fill(leavesBlock, 0, LEAVES_BLOCK_BYTES);
}

/** Copies the value of a key to `value`, zeros if there is none. The mask says whether there is one. */
export function mapLookup(map: usize, key: usize, value: usize): i32 {
  return access(map, key, value, value, 0, 0);
}

/** Gives a key this value, whether it had one or not. Must not be called more often than the capacity says. */
export function mapUpsert(map: usize, key: usize, value: usize): void {
  access(map, key, value, load<u32>(map, GIVEN), -1, 0);
}

/**
 * Adds one to the number, the first eight bytes of the value, of a key, and gives a key without value the number 1. Copies
 * the value before, or zeros, to `old`. Counts against the capacity as an upsert does.
 */
export function mapIncrement(map: usize, key: usize, old: usize): void {
  access(map, key, old, old, 0, -1);
}

/** `n` lookups: each value to `values`, and to `found` a byte, 1 if the key has one. */
export function mapLookupAll(map: usize, keys: usize, values: usize, found: usize, n: u32): void {
  const keyBytes: usize = load<u32>(map, KEY_BYTES);
  const valueBytes: usize = load<u32>(map, VALUE_BYTES);
  for (let i: usize = 0; i < n; i++)
    store<u8>(found + i, mapLookup(map, keys + i * keyBytes, values + i * valueBytes) & 1);
}

/** `n` upserts, one after another: of two values for one key the later stays. */
export function mapUpsertAll(map: usize, keys: usize, values: usize, n: u32): void {
  const keyBytes: usize = load<u32>(map, KEY_BYTES);
  const valueBytes: usize = load<u32>(map, VALUE_BYTES);
  for (let i: usize = 0; i < n; i++) mapUpsert(map, keys + i * keyBytes, values + i * valueBytes);
}

/** `n` increments, one after another, each value before it to `old`. */
export function mapIncrementAll(map: usize, keys: usize, old: usize, n: u32): void {
  const keyBytes: usize = load<u32>(map, KEY_BYTES);
  const valueBytes: usize = load<u32>(map, VALUE_BYTES);
  for (let i: usize = 0; i < n; i++) mapIncrement(map, keys + i * keyBytes, old + i * valueBytes);
}

/**
 * Every operation. Reads the value given from `value` and copies the one found, or zeros, to `result`. Only where these lie,
 * which is public, tells operations apart.
 */
function access(map: usize, key: usize, value: usize, result: usize, writes: i32, adds: i32): i32 {
  const keyBytes: usize = load<u32>(map, KEY_BYTES);
  const valueBytes: usize = load<u32>(map, VALUE_BYTES);
  const blockBytes: usize = load<u32>(map, BLOCK_BYTES);
  const block: usize = load<u32>(map, BLOCK);
  const given: usize = load<u32>(map, GIVEN);
  const records: usize = load<u32>(map, RECORDS);
  const inserts = writes | adds;
  memory.copy(given, key, keyBytes);
  memory.copy(given + keyBytes, value, valueBytes);

  const newLeaf = randomLeaf(map, records);
  const otherLeaf = randomLeaf(map, records);
  const count = load<u32>(map, COUNT);
  exchangeEntry(map, given, count, newLeaf, inserts);
  const record = load<u32>(foundRecord);
  const isKnown = i32(record) >> 31;
  const id = record & ~OCCUPIED;

  oramTake(records, choose(isKnown, load<u32>(foundRecord, 4), otherLeaf), id | ~isKnown, block); // NO_BLOCK if there is none.
  const isThere = isKnown & equalBytes(block, given, keyBytes);
  if (inserts & isKnown & ~isThere) unreachable(); // Another key with the same fingerprint.
  exchangeValue(block + keyBytes, given + keyBytes, blockBytes - keyBytes, writes, isThere);
  exchangeValue(block, given, keyBytes, inserts, isThere);
  store<u64>(block + keyBytes, load<u64>(block + keyBytes) + (adds & 1));
  oramPut(records, choose(isKnown, id, count), newLeaf, block, isKnown | inserts);
  oramEvict(records);
  store<u32>(map, count - (inserts & ~isKnown), COUNT);
  memory.copy(result, given + keyBytes, valueBytes);

  store<u64>(foundRecord, 0);
  memory.fill(block, 0, blockBytes);
  memory.fill(given, 0, blockBytes);
  return isThere;
}

/**
 * Finds the entry of a key in its bucket or the list, copies its record and leaf to `foundRecord` and gives it the new leaf. Without
 * one, copies zeros, and if it is to be inserted, adds an entry for record `count`.
 */
function exchangeEntry(map: usize, key: usize, count: u32, newLeaf: u32, inserts: i32): void {
  const index: usize = load<u32>(map, INDEX);
  sipHash128(hashed, map + PRF_KEY, key, load<i32>(map, KEY_BYTES));
  const fingerprint = load<u64>(hashed);
  const bucket = load<u32>(hashed, 8) & (load<u32>(map, BUCKETS) - 1);
  v128.store(hashed, i32x4.splat(0));
  const bucketLeaf = randomLeaf(map, index);
  oramTake(index, exchangeLeaf(map, bucket, bucketLeaf), bucket, bucketBlock);
  // The bucket first, so that an entry of another bucket in the list cannot be taken for the one in this.
  let waiting = findEntry(bucketBlock, ENTRIES, fingerprint, newLeaf, -1);
  waiting = findEntry(map + LIST, LIST_ENTRIES, fingerprint, newLeaf, waiting) & inserts;
  waiting = addEntry(bucketBlock, ENTRIES, fingerprint, count, newLeaf, waiting);
  if (addEntry(map + LIST, LIST_ENTRIES, fingerprint, count, newLeaf, waiting)) unreachable(); // The list is full.
  oramPut(index, bucket, bucketLeaf, bucketBlock, -1);
  oramEvict(index);
  memory.fill(bucketBlock, 0, BUCKET_BYTES);
}

/** Looks through entries for a fingerprint where the mask says so. The mask comes back as it was, or 0 if one was found. */
function findEntry(entries: usize, count: u32, fingerprint: u64, newLeaf: u32, mask: i32): i32 {
  const wanted = i64x2.splat(fingerprint);
  const leaf = i32x4.splat(newLeaf);
  const isLeaf = i32x4(0, 0, 0, -1);
  let waiting = i32x4.splat(mask);
  let found = i32x4.splat(0);
  const end = entries + ENTRY_BYTES * count;
  for (let entry = entries; entry < end; entry += ENTRY_BYTES) {
    const old = v128.load(entry);
    const isSame = i64x2.eq(old, wanted);
    const isOccupied = i32x4.shr_s(v128.shuffle<i32>(old, old, 2, 2, 2, 2), 31);
    const isIt = v128.and(v128.and(waiting, v128.shuffle<i64>(isSame, isSame, 0, 0)), isOccupied);
    waiting = v128.andnot(waiting, isIt);
    found = v128.or(found, v128.and(old, isIt));
    v128.store(entry, v128.bitselect(leaf, old, v128.and(isIt, isLeaf)));
  }
  store<u64>(foundRecord, load<u64>(foundRecord) | i64x2.extract_lane(found, 1));
  return i32x4.extract_lane(waiting, 0);
}

/** Fills the first vacant entry where the mask says so. The mask comes back as it was, or 0 if there was a vacant one. */
function addEntry(entries: usize, count: u32, fingerprint: u64, record: u32, leaf: u32, mask: i32): i32 {
  const added = i64x2.replace_lane(i64x2.splat(fingerprint), 1, (u64(leaf) << 32) | (record | OCCUPIED));
  let waiting = i32x4.splat(mask);
  const end = entries + ENTRY_BYTES * count;
  for (let entry = entries; entry < end; entry += ENTRY_BYTES) {
    const old = v128.load(entry);
    const isOccupied = i32x4.shr_s(v128.shuffle<i32>(old, old, 2, 2, 2, 2), 31);
    const isIt = v128.andnot(waiting, isOccupied);
    waiting = v128.and(waiting, isOccupied);
    v128.store(entry, v128.bitselect(added, old, isIt));
  }
  return i32x4.extract_lane(waiting, 0);
}

/** The leaf of a bucket, which becomes `newLeaf`. */
function exchangeLeaf(map: usize, bucket: u32, newLeaf: u32): u32 {
  const scanned: usize = load<u32>(map, SCANNED);
  const count = load<u32>(map, SCANNED_COUNT);
  const leaves: usize = load<u32>(map, LEAVES);
  if (leaves === 0) return exchangeWord(scanned, count, bucket, newLeaf);
  const block = bucket / LEAVES_A_BLOCK;
  const blockLeaf = randomLeaf(map, leaves);
  oramTake(leaves, exchangeWord(scanned, count, block, blockLeaf), block, leavesBlock);
  const leaf = exchangeWord(leavesBlock, LEAVES_A_BLOCK, bucket % LEAVES_A_BLOCK, newLeaf);
  oramPut(leaves, block, blockLeaf, leavesBlock, -1);
  oramEvict(leaves);
  memory.fill(leavesBlock, 0, LEAVES_BLOCK_BYTES);
  return leaf;
}

/** One of `count` words, a multiple of four, which becomes another: all are read and written. */
function exchangeWord(words: usize, count: u32, index: u32, word: u32): u32 {
  const wanted = i32x4.splat(index);
  const given = i32x4.splat(word);
  const four = i32x4.splat(4);
  let number = i32x4(0, 1, 2, 3);
  let found = i32x4.splat(0);
  const end = words + 4 * count;
  for (let at = words; at < end; at += 16) {
    const isIt = i32x4.eq(number, wanted);
    const old = v128.load(at);
    found = v128.or(found, v128.and(old, isIt));
    v128.store(at, v128.bitselect(given, old, isIt));
    number = i32x4.add(number, four);
  }
  return (
    i32x4.extract_lane(found, 0) |
    i32x4.extract_lane(found, 1) |
    i32x4.extract_lane(found, 2) |
    i32x4.extract_lane(found, 3)
  );
}

/** What was given replaces what is stored where it is written, and what was stored, if it is there, what was given. */
function exchangeValue(stored: usize, given: usize, bytes: usize, writes: i32, isThere: i32): void {
  const written = i32x4.splat(writes);
  const shown = i32x4.splat(isThere);
  for (let at: usize = 0; at < bytes; at += 16) {
    const old = v128.load(stored + at);
    v128.store(stored + at, v128.bitselect(v128.load(given + at), old, written));
    v128.store(given + at, v128.and(old, shown));
  }
}

/** −1 if `bytes` bytes, a multiple of 16, are equal, else 0. */
function equalBytes(a: usize, b: usize, bytes: usize): i32 {
  let unlike = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16)
    unlike = v128.or(unlike, v128.xor(v128.load(a + at), v128.load(b + at)));
  return isZero(i64x2.extract_lane(unlike, 0) | i64x2.extract_lane(unlike, 1));
}

/** A fresh random leaf of an ORAM of this map. */
function randomLeaf(map: usize, oram: usize): u32 {
  return randomU32(map + RANDOM) & (oramLeaves(oram) - 1);
}

/** Fills `count` words with leaves, of which there are a power of two. */
function drawLeaves(map: usize, words: usize, count: u32, leaves: u32): void {
  for (let i: usize = 0; i < count; i++) store<u32>(words + 4 * i, randomU32(map + RANDOM) & (leaves - 1));
}

/** Blocks for the records: the next power of two, one bucket of them at least. */
function recordsFor(capacity: u32): u32 {
  const atLeast = capacity > RECORDS_A_BUCKET ? capacity : RECORDS_A_BUCKET;
  return 1 << (32 - clz<u32>(atLeast - 1));
}

function bucketsFor(records: u32): u32 {
  return records / RECORDS_A_BUCKET;
}

function blockBytesFor(keyBytes: u32, valueBytes: u32): u32 {
  return u32(roundUp(keyBytes + valueBytes));
}

function scannedBytes(count: u32): usize {
  return roundUp(4 * usize(count));
}

function roundUp(bytes: usize): usize {
  return (bytes + 63) & ~63;
}
