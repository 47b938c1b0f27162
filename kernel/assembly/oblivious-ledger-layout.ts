// Where the parts of an oblivious ledger lie (spec 03 §5.7). Everything here is public: sizes and places depend on the
// capacity and on how many outputs there are, never on what was asked for.
import { oramBytes, oramInit, STASH_SLOTS } from "./circuit-oram";
import { BLAKE2B_256, hashAbsorb, hashBegin, hashFinish } from "./hash";
import { RANDOM_BYTES, randomSeed } from "./random";

/** A block of the outputs: 1 byte 287 − length, the TxOut, zeros. */
export const OUTPUT_BYTES: usize = 320;
/** The longest TxOut of any era. */
export const TX_OUT_BYTES_MAX: usize = 287;

/** A tree block: the 14 hashes below the root of a subtree with 8 children, from the root's halves down, and positions. */
export const TREE_BYTES: usize = 512;
/** The hashes of its two halves, of its four quarters and of its children. */
export const HALVES: usize = 0;
export const QUARTERS: usize = 64;
export const CHILDREN: usize = 192;
/** Where the children are in their ORAM: eight u32. */
export const POSITIONS: usize = 448;

/** Bytes of a hash. */
export const HASH_BYTES: usize = 32;

// Fields of the header.
const CAPACITY_LOG: usize = 0;
const LAYERS: usize = 4;
const SIZE: usize = 8;
const OPEN: usize = 12;
const TOP_POSITIONS: usize = 16;
const TOP_HASHES: usize = 20;
const RANDOM: usize = 24;
const SCRATCH: usize = 28;
/** The ORAM of the outputs, then that of each layer, at most seven. */
const ORAMS: usize = 32;
const NIL: usize = 64;
const HEADER_BYTES: usize = 128;

// Scratch of a lookup: a tree block, a block of the outputs, random numbers.
export const SCRATCH_BLOCK: usize = 0;
export const SCRATCH_OUTPUT: usize = 512;
export const SCRATCH_RANDOM: usize = 832;
/** The leaf, then the sibling of each height. */
export const SCRATCH_PATH: usize = 896;
const SCRATCH_BYTES: usize = SCRATCH_PATH + 32 * HASH_BYTES;

/** "mc_tx_out_merkle_nil" */
const nilTag: usize = memory.data<u8>([
  0x6d, 0x63, 0x5f, 0x74, 0x78, 0x5f, 0x6f, 0x75, 0x74, 0x5f, 0x6d, 0x65, 0x72, 0x6b, 0x6c, 0x65, 0x5f, 0x6e, 0x69,
  0x6c,
]);
const NIL_TAG_BYTES: i32 = 20;

/** Bytes of a ledger for 2^capacityLog outputs with `layers` layers of the tree in ORAMs: 1 to 7, 3·layers < capacityLog. */
export function ledgerBytes(capacityLog: u32, layers: u32): usize {
  let bytes = HEADER_BYTES + openBytes(layers) + topPositionBytes(capacityLog, layers);
  bytes += topHashBytes(capacityLog, layers) + aligned(RANDOM_BYTES) + aligned(SCRATCH_BYTES);
  for (let set: u32 = 0; set <= layers; set++) bytes += setBytes(capacityLog, set);
  return bytes;
}

/** Makes an empty ledger in zeroed memory, aligned to 64. `seed` are 32 secret bytes. */
export function ledgerInit(ledger: usize, capacityLog: u32, layers: u32, seed: usize): void {
  store<u32>(ledger, capacityLog, CAPACITY_LOG);
  store<u32>(ledger, layers, LAYERS);
  let place = ledger + HEADER_BYTES;
  store<u32>(ledger, u32(place), OPEN);
  place += openBytes(layers);
  store<u32>(ledger, u32(place), TOP_POSITIONS);
  place += topPositionBytes(capacityLog, layers);
  store<u32>(ledger, u32(place), TOP_HASHES);
  place += topHashBytes(capacityLog, layers);
  store<u32>(ledger, u32(place), RANDOM);
  place += aligned(RANDOM_BYTES);
  store<u32>(ledger, u32(place), SCRATCH);
  place += aligned(SCRATCH_BYTES);
  for (let set: u32 = 0; set <= layers; set++) {
    store<u32>(ledger + 4 * usize(set), u32(place), ORAMS);
    oramInit(place, setBlocks(capacityLog, set), setBlockBytes(set), STASH_SLOTS);
    place += setBytes(capacityLog, set);
  }
  randomSeed(ledgerRandom(ledger), seed);
  hashBegin(BLAKE2B_256);
  hashAbsorb(BLAKE2B_256, nilTag, NIL_TAG_BYTES);
  hashFinish(BLAKE2B_256, nilHash(ledger));
}

/** How many outputs there are. */
export function ledgerSize(ledger: usize): u32 {
  return load<u32>(ledger, SIZE);
}

export function setLedgerSize(ledger: usize, size: u32): void {
  store<u32>(ledger, size, SIZE);
}

export function ledgerCapacityLog(ledger: usize): u32 {
  return load<u32>(ledger, CAPACITY_LOG);
}

/** How many layers of the tree lie in ORAMs: K in the specification. */
export function ledgerLayers(ledger: usize): u32 {
  return load<u32>(ledger, LAYERS);
}

/** log2 of the leaves that a tree of that many outputs has, empty ones included. */
export function treeHeight(size: u32): u32 {
  return size > 1 ? 32 - clz<u32>(size - 1) : 0;
}

/** The ORAM of set 0, the outputs, or of set k + 1, layer k. */
export function ledgerOram(ledger: usize, set: u32): usize {
  return load<u32>(ledger + 4 * usize(set), ORAMS);
}

/** The subtree of layer k that is not complete yet. */
export function openBlock(ledger: usize, k: u32): usize {
  return usize(load<u32>(ledger, OPEN)) + TREE_BYTES * usize(k);
}

/** The positions of the blocks of the highest layer: `topSlots` of them. */
export function topPositions(ledger: usize): usize {
  return load<u32>(ledger, TOP_POSITIONS);
}

/** Positions in the top, some of them for no block: whole vectors. */
export function topSlots(capacityLog: u32, layers: u32): u32 {
  const roots: u32 = 1 << (capacityLog - 3 * layers);
  return (roots + 3) & ~3;
}

/** The hashes of the top's nodes of a height, 0 for the roots of the highest layer. */
export function topHashes(ledger: usize, height: u32): usize {
  const roots: usize = 1 << (ledgerCapacityLog(ledger) - 3 * ledgerLayers(ledger));
  // Below a height lie all heights before it: roots + roots / 2 + …
  return usize(load<u32>(ledger, TOP_HASHES)) + HASH_BYTES * (2 * roots - ((2 * roots) >> usize(height)));
}

export function ledgerRandom(ledger: usize): usize {
  return load<u32>(ledger, RANDOM);
}

export function ledgerScratch(ledger: usize): usize {
  return load<u32>(ledger, SCRATCH);
}

/** The hash of a subtree without outputs. */
export function nilHash(ledger: usize): usize {
  return ledger + NIL;
}

/** Forgets what lookups have worked on. */
export function wipeLedgerScratch(ledger: usize): void {
  memory.fill(ledgerScratch(ledger), 0, SCRATCH_BYTES);
}

function setBlocks(capacityLog: u32, set: u32): u32 {
  return 1 << (capacityLog - 3 * set);
}

function setBlockBytes(set: u32): u32 {
  return u32(set === 0 ? OUTPUT_BYTES : TREE_BYTES);
}

function setBytes(capacityLog: u32, set: u32): usize {
  return aligned(oramBytes(setBlocks(capacityLog, set), setBlockBytes(set), STASH_SLOTS));
}

function openBytes(layers: u32): usize {
  return TREE_BYTES * usize(layers);
}

function topPositionBytes(capacityLog: u32, layers: u32): usize {
  return aligned(4 * usize(topSlots(capacityLog, layers)));
}

function topHashBytes(capacityLog: u32, layers: u32): usize {
  return (2 * HASH_BYTES) << usize(capacityLog - 3 * layers);
}

function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}
