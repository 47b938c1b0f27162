// One output and the way from it to the root, out of an oblivious ledger (spec 03 §5.7). Whatever the index: one scan of
// the top, one access to each layer and one to the outputs. Where the wanted subtree is the open one, or there is no such
// output, the access is a dummy on a random path; every open block is read and written in any case.
import { NO_BLOCK, oramEvict, oramLeaves, oramPut, oramTake } from "./circuit-oram";
import { atLeast, choose, equals } from "./masks";
import {
  CHILDREN,
  HALVES,
  HASH_BYTES,
  ledgerCapacityLog,
  ledgerLayers,
  ledgerOram,
  ledgerRandom,
  ledgerScratch,
  ledgerSize,
  nilHash,
  openBlock,
  POSITIONS,
  QUARTERS,
  SCRATCH_BLOCK,
  SCRATCH_OUTPUT,
  SCRATCH_PATH,
  SCRATCH_RANDOM,
  TREE_BYTES,
  topHashes,
  topPositions,
  topSlots,
  treeHeight,
  wipeLedgerScratch,
} from "./oblivious-ledger-layout";
import { ledgerResultBytes, writeResult } from "./oblivious-ledger-result";
import { randomFill } from "./random";

/** An index that no entry of a table has. */
const NO_ENTRY: i32 = -1;

/**
 * Writes the results for n indices of 8 bytes to `out`, each of `ledgerResultBytes` bytes, in their order.
 */
export function ledgerResults(ledger: usize, out: usize, indices: usize, n: i32): void {
  const size = ledgerSize(ledger);
  const scratch = ledgerScratch(ledger);
  for (let i = 0; i < n; i++) {
    const index = load<u64>(indices + 8 * usize(i));
    const exists = isIndexBelow(index, size);
    lookUp(ledger, u32(index), exists);
    const result = out + usize(ledgerResultBytes(size)) * usize(i);
    writeResult(result, size, index, exists, scratch + SCRATCH_PATH, scratch + SCRATCH_OUTPUT);
  }
  wipeLedgerScratch(ledger);
}

/** −1 if a 64-bit index is below a size of at most 2^31. */
export function isIndexBelow(index: u64, size: u32): i32 {
  const high = i32(index >> 31);
  const higher = i32(index >> 32);
  return equals(high | higher, 0) & ~atLeast(i32(index & 0x7fffffff), i32(size));
}

/** Fills the scratch: the path of hashes, leaf first, and the block of the output. Where `exists` is 0 it means nothing. */
export function lookUp(ledger: usize, index: u32, exists: i32): void {
  const layers = ledgerLayers(ledger);
  const scratch = ledgerScratch(ledger);
  // For each set the position that a block gets and the path of a dummy.
  randomFill(ledgerRandom(ledger), scratch + SCRATCH_RANDOM, 8 * usize(layers + 1));
  let position = lookUpTop(ledger, index, exists);
  for (let k: u32 = layers; k > 0; k--) position = lookUpLayer(ledger, k - 1, index, exists, position);

  const outputs = ledgerOram(ledger, 0);
  const path = choose(exists, position, dummyPath(ledger, 0));
  const id = choose(exists, i32(index), i32(NO_BLOCK));
  const output = scratch + SCRATCH_OUTPUT;
  oramTake(outputs, u32(path), u32(id), output);
  oramPut(outputs, u32(id), u32(freshPosition(ledger, 0)), output, exists);
  oramEvict(outputs);
  nilBeyond(ledger, index);
}

/** The sibling hashes at the top's heights. Returns the position of the highest layer's block and replaces it. */
function lookUpTop(ledger: usize, index: u32, exists: i32): i32 {
  const layers = ledgerLayers(ledger);
  const below = layers * 3;
  const size = ledgerSize(ledger);
  const path = ledgerScratch(ledger) + SCRATCH_PATH + HASH_BYTES;
  for (let height = below; height < treeHeight(size); height++) {
    const nodes = ((size - 1) >> height) + 1;
    const sibling = i32((index >> height) ^ 1);
    pickHash(path + HASH_BYTES * usize(height), topHashes(ledger, height - below), nodes, sibling);
  }
  const entry = choose(exists, i32(index >> below), NO_ENTRY);
  const slots = topSlots(ledgerCapacityLog(ledger), layers);
  return replacePosition(topPositions(ledger), slots, entry, freshPosition(ledger, layers));
}

/** The siblings at the three heights of layer k. Returns the position of the child on the way and replaces it. */
function lookUpLayer(ledger: usize, k: u32, index: u32, exists: i32, position: i32): i32 {
  const oram = ledgerOram(ledger, k + 1);
  const block = ledgerScratch(ledger) + SCRATCH_BLOCK;
  const open = openBlock(ledger, k);
  const number = i32(index >> (3 * k + 3));
  const isOpen = exists & equals(number, i32(ledgerSize(ledger) >> (3 * k + 3)));
  const isStored = exists & ~isOpen;

  const path = choose(isStored, position, dummyPath(ledger, k + 1));
  const id = choose(isStored, number, i32(NO_BLOCK));
  oramTake(oram, u32(path), u32(id), block);
  addWhere(block, open, isOpen);
  pickSiblings(ledger, k, block, index);
  const child = i32(index >> (3 * k)) & 7;
  const fresh = freshPosition(ledger, k);
  const childPosition = replacePosition(block + POSITIONS, 8, choose(exists, child, NO_ENTRY), fresh);
  oramPut(oram, u32(id), u32(freshPosition(ledger, k + 1)), block, isStored);
  oramEvict(oram);
  copyWhere(open, block, isOpen);
  return childPosition;
}

/** Takes the siblings out of a tree block of layer k, and in layer 0 the leaf itself. */
function pickSiblings(ledger: usize, k: u32, block: usize, index: u32): void {
  const path = ledgerScratch(ledger) + SCRATCH_PATH;
  const child = i32(index >> (3 * k)) & 7;
  if (k === 0) pickHash(path, block + CHILDREN, 8, child);
  const siblings = path + HASH_BYTES * usize(3 * k + 1);
  pickHash(siblings, block + CHILDREN, 8, child ^ 1);
  pickHash(siblings + HASH_BYTES, block + QUARTERS, 4, (child >> 1) ^ 1);
  pickHash(siblings + 2 * HASH_BYTES, block + HALVES, 2, (child >> 2) ^ 1);
}

/** A sibling without outputs is nil. */
function nilBeyond(ledger: usize, index: u32): void {
  nilSiblings(nilHash(ledger), ledgerSize(ledger), index, ledgerScratch(ledger) + SCRATCH_PATH);
}

/** On the path of an index, the siblings without outputs become nil. */
export function nilSiblings(nil: usize, size: u32, index: u32, path: usize): void {
  let hash = path;
  for (let height: u32 = 0; height < treeHeight(size); height++) {
    hash += HASH_BYTES;
    const sibling = i32((index >> height) ^ 1);
    const isNil = i32x4.splat(atLeast(sibling, i32((size - 1) >> height) + 1));
    v128.store(hash, v128.bitselect(v128.load(nil), v128.load(hash), isNil));
    v128.store(hash, v128.bitselect(v128.load(nil, 16), v128.load(hash, 16), isNil), 16);
  }
}

/** out = the hash number `wanted` of `count`, after reading all of them; zero if there is none of that number. */
export function pickHash(out: usize, hashes: usize, count: u32, wanted: i32): void {
  const one = i32x4.splat(1);
  const want = i32x4.splat(wanted);
  let number = i32x4.splat(0);
  let first = i32x4.splat(0);
  let second = i32x4.splat(0);
  for (let i: u32 = 0; i < count; i++) {
    const here = i32x4.eq(number, want);
    first = v128.or(first, v128.and(v128.load(hashes), here));
    second = v128.or(second, v128.and(v128.load(hashes, 16), here));
    number = i32x4.add(number, one);
    hashes += HASH_BYTES;
  }
  v128.store(out, first);
  v128.store(out, second, 16);
}

/** Entry `wanted` of a table of u32, a multiple of four of them, and `fresh` in its place. 0 if there is no such entry. */
function replacePosition(table: usize, count: u32, wanted: i32, fresh: i32): i32 {
  const want = i32x4.splat(wanted);
  const put = i32x4.splat(fresh);
  let numbers = i32x4(0, 1, 2, 3);
  let found = i32x4.splat(0);
  for (let i: u32 = 0; i < count; i += 4) {
    const here = i32x4.eq(numbers, want);
    const entries = v128.load(table);
    found = v128.or(found, v128.and(entries, here));
    v128.store(table, v128.bitselect(put, entries, here));
    numbers = i32x4.add(numbers, i32x4.splat(4));
    table += 16;
  }
  return (
    i32x4.extract_lane(found, 0) |
    i32x4.extract_lane(found, 1) |
    i32x4.extract_lane(found, 2) |
    i32x4.extract_lane(found, 3)
  );
}

/** The position that the block of a set gets in this lookup. */
function freshPosition(ledger: usize, set: u32): i32 {
  return randomLeaf(ledger, set, 0);
}

/** The path that a dummy of a set reads in this lookup. */
function dummyPath(ledger: usize, set: u32): i32 {
  return randomLeaf(ledger, set, 4);
}

function randomLeaf(ledger: usize, set: u32, place: usize): i32 {
  const number = load<i32>(ledgerScratch(ledger) + SCRATCH_RANDOM + 8 * usize(set) + place);
  return number & i32(oramLeaves(ledgerOram(ledger, set)) - 1);
}

/** block |= from where the mask says so. */
function addWhere(block: usize, from: usize, mask: i32): void {
  const here = i32x4.splat(mask);
  for (let i: usize = 0; i < TREE_BYTES; i += 16) {
    v128.store(block + i, v128.or(v128.load(block + i), v128.and(v128.load(from + i), here)));
  }
}

/** place = from where the mask says so; written in any case. */
function copyWhere(place: usize, from: usize, mask: i32): void {
  const here = i32x4.splat(mask);
  for (let i: usize = 0; i < TREE_BYTES; i += 16) {
    v128.store(place + i, v128.bitselect(v128.load(from + i), v128.load(place + i), here));
  }
}
