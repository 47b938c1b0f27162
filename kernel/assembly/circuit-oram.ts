// Circuit ORAM (Wang, Chan and Shi, CCS 2015): a memory of blocks which hides from whoever watches its addresses which
// block is used. Each block lies somewhere on a path from the root of a binary tree to a leaf that was drawn at random, or
// in the stash. An access reads one path and the stash, moves the block into the stash with a fresh leaf, and then carries
// blocks down two more paths whose order is fixed in advance (reverse lexicographic, as Gentry et al. 2013). So the only
// thing to see is the leaf that was read, which is random and read this once.
//
// Who keeps the leaf of a block, draws the new one, and reads and writes within blocks is the caller's matter.
//
// Parameters: two blocks a node, half as many leaves as blocks. Every block that a step may move is loaded and, where it
// may change, stored; what moves is a matter of masks, which are worked out beforehand from the metadata alone. Metadata
// lie apart from the blocks, so that working it out touches little memory.
//
// The stash. With all blocks in use, the probability that more than R blocks wait in the stash falls by 1.2 to 1.4 bits with
// each slot: measured over 4 million accesses at 2^14 blocks, and again by `npm run bench -- fog`, which prints the
// histogram. The paper proves such an exponential tail. An access takes one of the 64 slots for itself; 63 at the slower
// rate, with the 4 or so bits that the first two slots add, are 2^-80. A full stash traps, so nothing is lost unseen.
import { choose, equals, isBelow } from "./masks";

/** The id of no block: taking it reads a path for show. */
export const NO_BLOCK: u32 = 0xffffffff;

/** Slots of a stash that overflows with probability below 2^-80. */
export const STASH_SLOTS: u32 = 64;

// An ORAM begins with these words; then the metadata of nodes and of the stash, and the blocks of the stash and of nodes.
/** Levels of the tree: 1 where the root is the only leaf. */
const LEVELS: usize = 0;
const BLOCK_BYTES: usize = 4;
const STASH: usize = 8;
/** How many evictions there were. */
const EVICTIONS: usize = 12;
/** Addresses. Node 1 is the root, nodes 2n and 2n + 1 are below node n, and there is no node 0. */
const NODE_METADATA: usize = 16;
const STASH_METADATA: usize = 20;
const NODE_BLOCKS: usize = 24;
const STASH_BLOCKS: usize = 28;
const HEADER_BYTES: usize = 64;

/** Metadata of a slot: id with its highest bit set, or 0 where the slot is vacant ‖ leaf. */
const SLOT_BYTES: usize = 8;
const LEAF: usize = 4;
/** Metadata of a node: two slots. */
const NODE_BYTES: usize = 16;
const OCCUPIED: u32 = 0x80000000;

/** Blocks move in pieces of so many bytes. */
const PIECE_BYTES: usize = 64;

// Scratch for trees of up to 31 levels and stashes of up to 128 slots.
/** For each level and slot of a path, then for each slot of the stash: −1 where its block is the one, else 0. */
const pathMasks: usize = memory.data(256, 16);
const stashMasks: usize = memory.data(512, 16);
/** Metadata of the block that is carried down. */
const held: usize = memory.data(8, 16);
/** For each level of a path, how its two slots change in an eviction: four masks. */
const moves: usize = memory.data(512, 16);
const MOVE_BYTES: usize = 16;
const LEAVES_0: usize = 0;
const LEAVES_1: usize = 4;
const ENTERS_0: usize = 8;
const ENTERS_1: usize = 12;

// What an eviction finds out of each level before it moves anything. Level 0 is the stash, level 1 the root.
const SCAN_BYTES: usize = 128;
const scans: usize = memory.data(640, 16);
/** The deepest level that one of its blocks may lie in, −1 without blocks. */
const reach = scans;
/** −1 where the block of the second slot reaches deepest. */
const deepestIsSecond = scans + SCAN_BYTES;
/** −1 where a slot is vacant. Never so for the stash. */
const hasVacancy = scans + 2 * SCAN_BYTES;
/** The level above from which a block may come here, −1 if from none. */
const source = scans + 3 * SCAN_BYTES;
/** The level below to which its deepest block goes, −1 if it stays. */
const target = scans + 4 * SCAN_BYTES;

/**
 * Bytes of an ORAM of `blocks` blocks, a power of two, of `blockBytes` bytes, a multiple of 64, with `stash` slots, at most
 * 128. 0xFFFFFFFF where it is too large for any memory.
 */
export function oramBytes(blocks: u32, blockBytes: u32, stash: u32): usize {
  const nodes = 2 * u64(leavesOf(blocks));
  const inTree = nodes * 2 * blockBytes + roundUp(usize(nodes) * NODE_BYTES);
  const inStash = u64(stash) * blockBytes + roundUp(usize(stash) * SLOT_BYTES);
  const bytes = HEADER_BYTES + inTree + inStash;
  if (bytes > 0xffffffff) return 0xffffffff;
  return usize(bytes);
}

/** Makes an empty ORAM in zeroed memory at `oram`, aligned 64. */
export function oramInit(oram: usize, blocks: u32, blockBytes: u32, stash: u32): void {
  const leaves = leavesOf(blocks);
  const nodeMetadata = oram + HEADER_BYTES;
  const stashMetadata = nodeMetadata + roundUp(2 * usize(leaves) * NODE_BYTES);
  const stashBlocks = stashMetadata + roundUp(usize(stash) * SLOT_BYTES);
  store<u32>(oram, 32 - clz<u32>(leaves), LEVELS);
  store<u32>(oram, blockBytes, BLOCK_BYTES);
  store<u32>(oram, stash, STASH);
  store<u32>(oram, u32(nodeMetadata), NODE_METADATA);
  store<u32>(oram, u32(stashMetadata), STASH_METADATA);
  store<u32>(oram, u32(stashBlocks), STASH_BLOCKS);
  store<u32>(oram, u32(stashBlocks + usize(stash) * blockBytes), NODE_BLOCKS);
}

/** How many leaves there are: a power of two. */
export function oramLeaves(oram: usize): u32 {
  return 1 << (load<u32>(oram, LEVELS) - 1);
}

/**
 * Reads the path to `leaf` and the stash, moves block `id` from there to `block` and leaves its slot vacant. −1 if it was
 * there; else 0, and `block` is zero. Ids are below 2^31 − 1, or NO_BLOCK.
 */
export function oramTake(oram: usize, leaf: u32, id: u32, block: usize): i32 {
  const levels = load<u32>(oram, LEVELS);
  const blockBytes: usize = load<u32>(oram, BLOCK_BYTES);
  const stash: usize = load<u32>(oram, STASH);
  const wanted = id | OCCUPIED;
  let found = 0;
  for (let level: u32 = 0; level < levels; level++) {
    const slots = nodeMetadata(oram, levels, level, leaf);
    const masks = pathMasks + SLOT_BYTES * level;
    found |= vacate(slots, wanted, masks) | vacate(slots + SLOT_BYTES, wanted, masks + 4);
  }
  const stashMetadata: usize = load<u32>(oram, STASH_METADATA);
  for (let slot: usize = 0; slot < stash; slot++) {
    found |= vacate(stashMetadata + SLOT_BYTES * slot, wanted, stashMasks + 4 * slot);
  }

  const stashBlocks: usize = load<u32>(oram, STASH_BLOCKS);
  for (let at: usize = 0; at < blockBytes; at += PIECE_BYTES) {
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let level: u32 = 0; level < levels; level++) {
      const first = nodeBlocks(oram, levels, level, leaf) + at;
      const second = first + blockBytes;
      const mask0 = v128.load_splat<u32>(pathMasks + SLOT_BYTES * level);
      const mask1 = v128.load_splat<u32>(pathMasks + SLOT_BYTES * level, 4);
      a = v128.or(a, v128.or(v128.and(mask0, v128.load(first)), v128.and(mask1, v128.load(second))));
      b = v128.or(b, v128.or(v128.and(mask0, v128.load(first, 16)), v128.and(mask1, v128.load(second, 16))));
      c = v128.or(c, v128.or(v128.and(mask0, v128.load(first, 32)), v128.and(mask1, v128.load(second, 32))));
      d = v128.or(d, v128.or(v128.and(mask0, v128.load(first, 48)), v128.and(mask1, v128.load(second, 48))));
    }
    let from = stashBlocks + at;
    for (let slot: usize = 0; slot < stash; slot++) {
      const mask = v128.load_splat<u32>(stashMasks + 4 * slot);
      a = v128.or(a, v128.and(mask, v128.load(from)));
      b = v128.or(b, v128.and(mask, v128.load(from, 16)));
      c = v128.or(c, v128.and(mask, v128.load(from, 32)));
      d = v128.or(d, v128.and(mask, v128.load(from, 48)));
      from += blockBytes;
    }
    v128.store(block + at, a);
    v128.store(block + at, b, 16);
    v128.store(block + at, c, 32);
    v128.store(block + at, d, 48);
  }
  memory.fill(pathMasks, 0, SLOT_BYTES * levels);
  memory.fill(stashMasks, 0, 4 * stash);
  return found;
}

/**
 * Puts `block` with its id and its leaf into the stash where the mask is −1. Where it is 0, the same work puts nothing. A
 * full stash traps, and the instance must not be used any more.
 */
export function oramPut(oram: usize, id: u32, leaf: u32, block: usize, mask: i32): void {
  const blockBytes: usize = load<u32>(oram, BLOCK_BYTES);
  const stash: usize = load<u32>(oram, STASH);
  const stashMetadata: usize = load<u32>(oram, STASH_METADATA);
  let waiting = mask;
  for (let slot: usize = 0; slot < stash; slot++) {
    const metadata = stashMetadata + SLOT_BYTES * slot;
    const enters = waiting & ~(load<i32>(metadata) >> 31);
    waiting &= ~enters;
    store<u32>(metadata, choose(enters, id | OCCUPIED, load<u32>(metadata)));
    store<u32>(metadata, choose(enters, leaf, load<u32>(metadata, LEAF)), LEAF);
    store<i32>(stashMasks + 4 * slot, enters);
  }
  if (waiting) unreachable();

  const stashBlocks: usize = load<u32>(oram, STASH_BLOCKS);
  for (let at: usize = 0; at < blockBytes; at += PIECE_BYTES) {
    const a = v128.load(block + at);
    const b = v128.load(block + at, 16);
    const c = v128.load(block + at, 32);
    const d = v128.load(block + at, 48);
    let to = stashBlocks + at;
    for (let slot: usize = 0; slot < stash; slot++) {
      const enters = v128.load_splat<u32>(stashMasks + 4 * slot);
      v128.store(to, v128.bitselect(a, v128.load(to), enters));
      v128.store(to, v128.bitselect(b, v128.load(to, 16), enters), 16);
      v128.store(to, v128.bitselect(c, v128.load(to, 32), enters), 32);
      v128.store(to, v128.bitselect(d, v128.load(to, 48), enters), 48);
      to += blockBytes;
    }
  }
  memory.fill(stashMasks, 0, 4 * stash);
}

/** The two evictions that end an access, on the next two paths. */
export function oramEvict(oram: usize): void {
  evictNext(oram);
  evictNext(oram);
}

function evictNext(oram: usize): void {
  const levels = load<u32>(oram, LEVELS);
  const count = load<u32>(oram, EVICTIONS);
  store<u32>(oram, count + 1, EVICTIONS);
  const leaf = reverseBits(count, levels - 1);
  measureReach(oram, levels, leaf);
  prepareSources(levels);
  prepareTargets(levels);
  decideStashMove(oram, levels, leaf);
  decideNodeMoves(oram, levels, leaf);
  moveBlocks(oram, levels, leaf);
  memory.fill(stashMasks, 0, 4 * load<u32>(oram, STASH));
  memory.fill(moves, 0, MOVE_BYTES * levels);
  memory.fill(scans, 0, 5 * SCAN_BYTES);
  store<u64>(held, 0);
}

/** For the stash and each level of the path: how far down its blocks may go, and whether there is room. */
function measureReach(oram: usize, levels: u32, leaf: u32): void {
  const stashMetadata: usize = load<u32>(oram, STASH_METADATA);
  const end = stashMetadata + SLOT_BYTES * load<u32>(oram, STASH);
  let deepest = -1;
  for (let slot = stashMetadata; slot < end; slot += SLOT_BYTES) {
    const depth = reachOf(slot, levels, leaf);
    deepest = choose(isBelow(deepest, depth), depth, deepest);
  }
  store<i32>(reach, deepest);
  for (let level: u32 = 0; level < levels; level++) {
    const slots = nodeMetadata(oram, levels, level, leaf);
    const first = reachOf(slots, levels, leaf);
    const second = reachOf(slots + SLOT_BYTES, levels, leaf);
    const isSecond = isBelow(first, second);
    const at = 4 * (level + 1);
    store<i32>(reach + at, choose(isSecond, second, first));
    store<i32>(deepestIsSecond + at, isSecond);
    store<i32>(hasVacancy + at, ~((load<i32>(slots) & load<i32>(slots, SLOT_BYTES)) >> 31));
  }
}

/** The paper's PrepareDeepest: for each level the one above whose block may go deepest, if it may come here. */
function prepareSources(levels: u32): void {
  let goal = load<i32>(reach);
  let from = goal >> 31; // The stash, 0, if it holds a block, else −1.
  store<i32>(source, -1);
  for (let level: u32 = 1; level <= levels; level++) {
    store<i32>(source + 4 * level, from | isBelow(goal, level));
    const own = load<i32>(reach + 4 * level);
    const isDeeper = isBelow(goal, own);
    goal = choose(isDeeper, own, goal);
    from = choose(isDeeper, level, from);
  }
}

/** The paper's PrepareTarget: from the leaf up, which level's deepest block goes to which level below. */
function prepareTargets(levels: u32): void {
  let to = -1;
  let from = -1;
  for (let level: i32 = levels; level >= 0; level--) {
    const isFrom = equals(level, from);
    store<i32>(target + 4 * level, to | ~isFrom);
    to |= isFrom;
    from |= isFrom;
    const above = load<i32>(source + 4 * level);
    const isFree = (to >> 31) & load<i32>(hasVacancy + 4 * level);
    const receives = (isFree | isFrom) & ~(above >> 31);
    from = choose(receives, above, from);
    to = choose(receives, level, to);
  }
}

/** The block that leaves the stash: the first of those that reach deepest, if one is to go. */
function decideStashMove(oram: usize, levels: u32, leaf: u32): void {
  const stashMetadata: usize = load<u32>(oram, STASH_METADATA);
  const stash: usize = load<u32>(oram, STASH);
  const deepest = load<i32>(reach);
  let waiting = ~(load<i32>(target) >> 31);
  let heldId: u32 = 0;
  let heldLeaf: u32 = 0;
  for (let slot: usize = 0; slot < stash; slot++) {
    const metadata = stashMetadata + SLOT_BYTES * slot;
    const leaves = waiting & equals(reachOf(metadata, levels, leaf), deepest);
    waiting &= ~leaves;
    heldId |= load<u32>(metadata) & leaves;
    heldLeaf |= load<u32>(metadata, LEAF) & leaves;
    store<u32>(metadata, load<u32>(metadata) & ~leaves);
    store<i32>(stashMasks + 4 * slot, leaves);
  }
  store<u32>(held, heldId);
  store<u32>(held, heldLeaf, LEAF);
}

/** The paper's EvictOnceFast on the metadata: what leaves and enters each node of the path is kept in `moves`. */
function decideNodeMoves(oram: usize, levels: u32, leaf: u32): void {
  let heldId = load<u32>(held);
  let heldLeaf = load<u32>(held, LEAF);
  let to = load<i32>(target);
  for (let level: u32 = 0; level < levels; level++) {
    const slots = nodeMetadata(oram, levels, level, leaf);
    const at = 4 * (level + 1);
    const next = load<i32>(target + at);
    const enters = equals(to, level + 1);
    const leaves = ~(next >> 31);
    const isSecond = load<i32>(deepestIsSecond + at);
    const leaves0 = leaves & ~isSecond;
    const leaves1 = leaves & isSecond;
    const id0 = load<u32>(slots);
    const id1 = load<u32>(slots, SLOT_BYTES);
    const leaf0 = load<u32>(slots, LEAF);
    const leaf1 = load<u32>(slots, SLOT_BYTES + LEAF);
    const staying0 = id0 & ~leaves0;
    const staying1 = id1 & ~leaves1;
    const enters0 = enters & ~(i32(staying0) >> 31);
    const enters1 = enters & ~enters0;
    store<u32>(slots, choose(enters0, heldId, staying0));
    store<u32>(slots, choose(enters0, heldLeaf, leaf0), LEAF);
    store<u32>(slots, choose(enters1, heldId, staying1), SLOT_BYTES);
    store<u32>(slots, choose(enters1, heldLeaf, leaf1), SLOT_BYTES + LEAF);
    heldId = choose(leaves0, id0, choose(leaves1, id1, heldId));
    heldLeaf = choose(leaves0, leaf0, choose(leaves1, leaf1, heldLeaf));
    to = choose(leaves, next, to | enters);
    const move = moves + MOVE_BYTES * level;
    store<i32>(move, leaves0, LEAVES_0);
    store<i32>(move, leaves1, LEAVES_1);
    store<i32>(move, enters0, ENTERS_0);
    store<i32>(move, enters1, ENTERS_1);
  }
}

/** The same moves with the blocks. Past its goal what is carried is stale, and enters nowhere. */
function moveBlocks(oram: usize, levels: u32, leaf: u32): void {
  const blockBytes: usize = load<u32>(oram, BLOCK_BYTES);
  const stash: usize = load<u32>(oram, STASH);
  const stashBlocks: usize = load<u32>(oram, STASH_BLOCKS);
  for (let at: usize = 0; at < blockBytes; at += PIECE_BYTES) {
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let from = stashBlocks + at;
    for (let slot: usize = 0; slot < stash; slot++) {
      const leaves = v128.load_splat<u32>(stashMasks + 4 * slot);
      a = v128.or(a, v128.and(leaves, v128.load(from)));
      b = v128.or(b, v128.and(leaves, v128.load(from, 16)));
      c = v128.or(c, v128.and(leaves, v128.load(from, 32)));
      d = v128.or(d, v128.and(leaves, v128.load(from, 48)));
      from += blockBytes;
    }
    for (let level: u32 = 0; level < levels; level++) {
      const first = nodeBlocks(oram, levels, level, leaf) + at;
      const second = first + blockBytes;
      const move = moves + MOVE_BYTES * level;
      const leaves0 = v128.load_splat<u32>(move, LEAVES_0);
      const leaves1 = v128.load_splat<u32>(move, LEAVES_1);
      const enters0 = v128.load_splat<u32>(move, ENTERS_0);
      const enters1 = v128.load_splat<u32>(move, ENTERS_1);
      let x = v128.load(first);
      let y = v128.load(second);
      v128.store(first, v128.bitselect(a, x, enters0));
      v128.store(second, v128.bitselect(a, y, enters1));
      a = v128.bitselect(x, v128.bitselect(y, a, leaves1), leaves0);
      x = v128.load(first, 16);
      y = v128.load(second, 16);
      v128.store(first, v128.bitselect(b, x, enters0), 16);
      v128.store(second, v128.bitselect(b, y, enters1), 16);
      b = v128.bitselect(x, v128.bitselect(y, b, leaves1), leaves0);
      x = v128.load(first, 32);
      y = v128.load(second, 32);
      v128.store(first, v128.bitselect(c, x, enters0), 32);
      v128.store(second, v128.bitselect(c, y, enters1), 32);
      c = v128.bitselect(x, v128.bitselect(y, c, leaves1), leaves0);
      x = v128.load(first, 48);
      y = v128.load(second, 48);
      v128.store(first, v128.bitselect(d, x, enters0), 48);
      v128.store(second, v128.bitselect(d, y, enters1), 48);
      d = v128.bitselect(x, v128.bitselect(y, d, leaves1), leaves0);
    }
  }
}

/** Empties a slot if it holds the wanted block: the mask that says so is stored and returned. */
function vacate(slot: usize, wanted: u32, mask: usize): i32 {
  const id = load<u32>(slot);
  const isWanted = equals(id, wanted);
  store<u32>(slot, id & ~isWanted);
  store<i32>(mask, isWanted);
  return isWanted;
}

/** The deepest level of the path to `leaf`, the root being 1, that the slot's block may lie in; −1 if it is vacant. */
function reachOf(slot: usize, levels: u32, leaf: u32): i32 {
  const unlike = 32 - clz<u32>(load<u32>(slot, LEAF) ^ leaf);
  return i32(levels - unlike) | ~(load<i32>(slot) >> 31);
}

function nodeMetadata(oram: usize, levels: u32, level: u32, leaf: u32): usize {
  return usize(load<u32>(oram, NODE_METADATA)) + NODE_BYTES * nodeOnPath(levels, level, leaf);
}

function nodeBlocks(oram: usize, levels: u32, level: u32, leaf: u32): usize {
  const bytes: usize = 2 * load<u32>(oram, BLOCK_BYTES);
  return usize(load<u32>(oram, NODE_BLOCKS)) + bytes * nodeOnPath(levels, level, leaf);
}

function nodeOnPath(levels: u32, level: u32, leaf: u32): u32 {
  return (leaf | (1 << (levels - 1))) >> (levels - 1 - level);
}

function reverseBits(number: u32, bits: u32): u32 {
  let reversed: u32 = 0;
  for (let i: u32 = 0; i < bits; i++) reversed |= ((number >> i) & 1) << (bits - 1 - i);
  return reversed;
}

function leavesOf(blocks: u32): u32 {
  return blocks > 2 ? blocks >> 1 : 1;
}

function roundUp(bytes: usize): usize {
  return (bytes + 63) & ~63;
}
