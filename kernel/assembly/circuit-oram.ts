// Circuit ORAM (Wang, Chan and Shi, CCS 2015): a memory of blocks which hides from whoever watches its addresses which
// block is used. Each block lies somewhere on a path from the root of a binary tree to a leaf that was drawn at random, or
// in the stash. An access reads one path and the stash, takes the block out, puts it back with a fresh leaf, and then carries
// blocks down two more paths whose order is fixed in advance (reverse lexicographic, as Gentry et al. 2013). So the only
// thing to see is the leaf that was read, which is random and read this once.
//
// Who keeps the leaf of a block, draws the new one, and reads and writes within blocks is the caller's matter.
//
// Parameters: two blocks a node, half as many leaves as blocks. Every block that a step may move is loaded and, where it
// may change, stored; what moves is a matter of masks, which are worked out beforehand from the metadata alone.
//
// Nodes lie together that a path goes through together: subtrees of three levels, the lowest with the leaves, each with its
// metadata before its blocks. With blocks of 256 bytes such a subtree is one page, so a path of twenty levels goes to seven
// pages and not to forty, and looking those up costs a large tree as much as reading them.
//
// The stash costs as much as a path does, so an access goes through its blocks twice and not for each step: once to take a
// block, and once to let the block that was put in and those out that both evictions carry. Within the stash the first 64
// bytes of all blocks come first, then the next, so that going through them is going through memory.
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

// An ORAM begins with these words; then metadata and blocks of the stash, and the subtrees.
/** Levels of the tree: 1 where the root is the only leaf. */
const LEVELS: usize = 0;
const BLOCK_BYTES: usize = 4;
const STASH: usize = 8;
/** How many evictions there were. */
const EVICTIONS: usize = 12;
/** Addresses, and the bytes of a subtree. */
const SUBTREES: usize = 16;
const STASH_METADATA: usize = 20;
const SUBTREE_BYTES: usize = 24;
const STASH_BLOCKS: usize = 28;
const HEADER_BYTES: usize = 64;

/**
 * Levels of a subtree. The topmost has one, two or three. Its node 1 is its root, nodes 2n and 2n + 1 are below node n, and in
 * the place of the metadata of node 0 is nothing.
 */
const SUBTREE_LEVELS: u32 = 3;
const SUBTREE_NODES: u32 = 7;
const SUBTREE_METADATA_BYTES: usize = 128;
/** Subtrees are a multiple of it, and the first begins with a page, so that few of them lie in more pages than they must. */
const SUBTREE_ALIGNMENT: u32 = 1024;
const MEMORY_PAGE_BYTES: u32 = 4096;

/** Metadata of a slot: id with its highest bit set, or 0 where the slot is vacant ‖ leaf. */
const SLOT_BYTES: usize = 8;
const LEAF: usize = 4;
/** Metadata of a node: two slots. */
const NODE_BYTES: usize = 16;
const OCCUPIED: u32 = 0x80000000;

/** Blocks move in pieces of so many bytes. */
const PIECE_BYTES: usize = 64;

/** For each level of a path, the addresses of its node's metadata and blocks: of the path taken from and of both evictions. */
const takenPath: usize = memory.data(256, 16);
const firstPath: usize = memory.data(256, 16);
const secondPath: usize = memory.data(256, 16);
const PLACE_BYTES: usize = 8;
const BLOCKS: usize = 4;

// Scratch for trees of up to 25 levels, more than 4 GiB hold, and stashes of up to 128 slots.
/** For each level of a path −1 where its first block is the one, 0, −1 where its second is, 0. */
const pathMasks: usize = memory.data(512, 16);
const MASKS_BYTES: usize = 16;
/** For each slot of the stash: −1 where its block is taken. */
const takenMasks: usize = memory.data(512, 16);
/** −1 where the block that was put enters, and where one leaves it in the first eviction, and in the second. */
const putMasks: usize = memory.data(512, 16);
const firstMasks: usize = memory.data(512, 16);
const secondMasks: usize = memory.data(512, 16);
/** For each level of the path of an eviction, how its two slots change: four masks. */
const firstMoves: usize = memory.data(512, 16);
const secondMoves: usize = memory.data(512, 16);
const MOVE_BYTES: usize = 16;
const LEAVES_0: usize = 0;
const LEAVES_1: usize = 4;
const ENTERS_0: usize = 8;
const ENTERS_1: usize = 12;
/** Pieces of the blocks that the first and the second eviction carry. */
const firstCarried: usize = memory.data(64, 16);
const secondCarried: usize = memory.data(64, 16);

/** What was touched. */
const touched: usize = memory.data(4, 16);

// What an eviction finds out of each level before it moves anything. Level 0 is the stash, level 1 the root.
const SCAN_BYTES: usize = 128;
const scans: usize = memory.data(512, 16);
/** −1 where the block of the second slot reaches deepest. */
const deepestIsSecond = scans;
/** −1 where a slot is vacant. Never so for the stash. */
const hasVacancy = scans + SCAN_BYTES;
/** The level above from which a block may come here, −1 if from none. */
const source = scans + 2 * SCAN_BYTES;
/** The level below to which its deepest block goes, −1 if it stays. */
const target = scans + 3 * SCAN_BYTES;

// How far apart a block's leaf and that of a path are: their exclusive or, so that the least of them reaches deepest; as much
// as no two leaves are where the slot is vacant. For the stash, then the number of the slot in seven bits.
const SLOT_NUMBER_BITS = 7;
const SLOT_NUMBERS: u32 = 127;

/**
 * Bytes of an ORAM of `blocks` blocks, a power of two, of `blockBytes` bytes, a multiple of 64, with `stash` slots, a multiple
 * of four and at most 128. 0xFFFFFFFF where it is too large for any memory.
 */
export function oramBytes(blocks: u32, blockBytes: u32, stash: u32): usize {
  const levels = 32 - clz<u32>(leavesOf(blocks));
  const inTree = u64(subtreesOf(levels)) * subtreeBytes(blockBytes) + MEMORY_PAGE_BYTES;
  const inStash = u64(stash + 1) * blockBytes + stashMetadataBytes(stash);
  const bytes = HEADER_BYTES + inTree + inStash;
  if (bytes > 0xffffffff) return 0xffffffff;
  return usize(bytes);
}

/** Makes an empty ORAM in zeroed memory at `oram`, aligned 64. */
export function oramInit(oram: usize, blocks: u32, blockBytes: u32, stash: u32): void {
  const stashMetadata = oram + HEADER_BYTES;
  const stashBlocks = stashMetadata + stashMetadataBytes(stash);
  const end = stashBlocks + usize(stash + 1) * blockBytes;
  store<u32>(oram, 32 - clz<u32>(leavesOf(blocks)), LEVELS);
  store<u32>(oram, blockBytes, BLOCK_BYTES);
  store<u32>(oram, stash, STASH);
  store<u32>(oram, u32(stashMetadata), STASH_METADATA);
  store<u32>(oram, u32(stashBlocks), STASH_BLOCKS);
  store<u32>(oram, (u32(end) + MEMORY_PAGE_BYTES - 1) & ~(MEMORY_PAGE_BYTES - 1), SUBTREES);
  store<u32>(oram, subtreeBytes(blockBytes), SUBTREE_BYTES);
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
  const count = load<u32>(oram, EVICTIONS);
  locatePath(oram, levels, leaf, takenPath);
  locatePath(oram, levels, reverseBits(count, levels - 1), firstPath);
  locatePath(oram, levels, reverseBits(count + 1, levels - 1), secondPath);
  touchPath(oram, levels, takenPath);
  touchPath(oram, levels, firstPath);
  touchPath(oram, levels, secondPath);
  const found = v128.or(vacatePath(levels, id | OCCUPIED), vacateStash(oram, id | OCCUPIED));
  const blockBytes: usize = load<u32>(oram, BLOCK_BYTES);
  const stash: usize = load<u32>(oram, STASH);
  let slots: usize = load<u32>(oram, STASH_BLOCKS);
  for (let at: usize = 0; at < blockBytes; at += PIECE_BYTES) {
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let level: u32 = 0; level < levels; level++) {
      const first = usize(load<u32>(takenPath + PLACE_BYTES * level, BLOCKS)) + at;
      const second = first + blockBytes;
      const mask0 = v128.load_splat<u32>(pathMasks + MASKS_BYTES * level);
      const mask1 = v128.load_splat<u32>(pathMasks + MASKS_BYTES * level, 8);
      a = v128.or(a, v128.or(v128.and(mask0, v128.load(first)), v128.and(mask1, v128.load(second))));
      b = v128.or(b, v128.or(v128.and(mask0, v128.load(first, 16)), v128.and(mask1, v128.load(second, 16))));
      c = v128.or(c, v128.or(v128.and(mask0, v128.load(first, 32)), v128.and(mask1, v128.load(second, 32))));
      d = v128.or(d, v128.or(v128.and(mask0, v128.load(first, 48)), v128.and(mask1, v128.load(second, 48))));
    }
    for (let slot: usize = 0; slot < stash; slot++) {
      const mask = v128.load_splat<u32>(takenMasks + 4 * slot);
      a = v128.or(a, v128.and(mask, v128.load(slots)));
      b = v128.or(b, v128.and(mask, v128.load(slots, 16)));
      c = v128.or(c, v128.and(mask, v128.load(slots, 32)));
      d = v128.or(d, v128.and(mask, v128.load(slots, 48)));
      slots += PIECE_BYTES;
    }
    slots += PIECE_BYTES; // Behind the stash lies a piece of the block that was put last.
    v128.store(block + at, a);
    v128.store(block + at, b, 16);
    v128.store(block + at, c, 32);
    v128.store(block + at, d, 48);
  }
  memory.fill(takenPath, 0, PLACE_BYTES * levels);
  memory.fill(pathMasks, 0, MASKS_BYTES * levels);
  memory.fill(takenMasks, 0, 4 * stash);
  return anyLane(found);
}

/**
 * Puts `block` with its id and its leaf into the stash where the mask is −1. Where it is 0, the same work puts nothing. An
 * eviction follows before anything else is taken or put. A full stash traps, and the instance must not be used any more.
 */
export function oramPut(oram: usize, id: u32, leaf: u32, block: usize, mask: i32): void {
  const stash: usize = load<u32>(oram, STASH);
  const ids = stashIds(oram);
  const leaves = stashLeaves(oram);
  const vacant = firstVacant(ids, stash);
  if (mask & (vacant >> 31)) unreachable();
  const place = i32x4.splat(vacant | ~mask); // −1 is no number.
  const newId = i32x4.splat(id | OCCUPIED);
  const newLeaf = i32x4.splat(leaf);
  const four = i32x4.splat(4);
  let numbers = i32x4(0, 1, 2, 3);
  for (let at: usize = 0; at < 4 * stash; at += 16) {
    const enters = i32x4.eq(numbers, place);
    v128.store(ids + at, v128.bitselect(newId, v128.load(ids + at), enters));
    v128.store(leaves + at, v128.bitselect(newLeaf, v128.load(leaves + at), enters));
    v128.store(putMasks + at, enters);
    numbers = i32x4.add(numbers, four);
  }

  const blockBytes: usize = load<u32>(oram, BLOCK_BYTES);
  let to = usize(load<u32>(oram, STASH_BLOCKS)) + PIECE_BYTES * stash;
  for (let at: usize = 0; at < blockBytes; at += PIECE_BYTES) {
    v128.store(to, v128.load(block + at));
    v128.store(to, v128.load(block + at, 16), 16);
    v128.store(to, v128.load(block + at, 32), 32);
    v128.store(to, v128.load(block + at, 48), 48);
    to += PIECE_BYTES * (stash + 1);
  }
}

/** The two evictions that end each access, on the next two paths. */
export function oramEvict(oram: usize): void {
  const levels = load<u32>(oram, LEVELS);
  const stash: usize = load<u32>(oram, STASH);
  const count = load<u32>(oram, EVICTIONS);
  store<u32>(oram, count + 2, EVICTIONS);
  const first = reverseBits(count, levels - 1);
  const second = reverseBits(count + 1, levels - 1);
  locatePath(oram, levels, first, firstPath);
  locatePath(oram, levels, second, secondPath);
  decideEviction(oram, levels, first, firstPath, firstMasks, firstMoves);
  decideEviction(oram, levels, second, secondPath, secondMasks, secondMoves);

  const blockBytes: usize = load<u32>(oram, BLOCK_BYTES);
  let slots: usize = load<u32>(oram, STASH_BLOCKS);
  for (let at: usize = 0; at < blockBytes; at += PIECE_BYTES) {
    movePieceInStash(slots, stash);
    carryPiece(blockBytes, levels, firstPath, firstMoves, firstCarried, at);
    carryPiece(blockBytes, levels, secondPath, secondMoves, secondCarried, at);
    slots += PIECE_BYTES * (stash + 1);
  }
  memory.fill(firstPath, 0, PLACE_BYTES * levels);
  memory.fill(secondPath, 0, PLACE_BYTES * levels);
  memory.fill(putMasks, 0, 4 * stash);
  memory.fill(firstMasks, 0, 4 * stash);
  memory.fill(secondMasks, 0, 4 * stash);
  memory.fill(firstMoves, 0, MOVE_BYTES * levels);
  memory.fill(secondMoves, 0, MOVE_BYTES * levels);
  memory.fill(firstCarried, 0, PIECE_BYTES);
  memory.fill(secondCarried, 0, PIECE_BYTES);
}

/** Where the nodes of the path to `leaf` are. */
function locatePath(oram: usize, levels: u32, leaf: u32, path: usize): void {
  const nodeBytes: usize = 2 * load<u32>(oram, BLOCK_BYTES);
  const bytes = load<u32>(oram, SUBTREE_BYTES);
  const subtrees: usize = load<u32>(oram, SUBTREES);
  let subtree = subtrees;
  let above: u32 = 0;
  let root: u32 = 0;
  let next = levelsOfTop(levels);
  for (let level: u32 = 0; level < levels; level++) {
    if (level === next) {
      above += 1 << root;
      root = level;
      next += SUBTREE_LEVELS;
      subtree = subtrees + usize((above + (leaf >> (levels - 1 - level))) * bytes);
    }
    const below: u32 = 1 << (level - root);
    const node: usize = below | ((leaf >> (levels - 1 - level)) & (below - 1));
    store<u32>(path + PLACE_BYTES * level, u32(subtree + NODE_BYTES * node));
    store<u32>(path + PLACE_BYTES * level, u32(subtree + SUBTREE_METADATA_BYTES + nodeBytes * (node - 1)), BLOCKS);
  }
}

/**
 * Reads something of each line of a path and makes nothing of it. What follows would wait for one node after another, as it
 * has work to do on each; so memory is asked for all of them at once.
 */
function touchPath(oram: usize, levels: u32, path: usize): void {
  const nodeBytes: usize = 2 * load<u32>(oram, BLOCK_BYTES);
  let any: u32 = 0;
  for (let level: u32 = 0; level < levels; level++) {
    const place = path + PLACE_BYTES * level;
    any |= load<u32>(load<u32>(place));
    const blocks: usize = load<u32>(place, BLOCKS);
    for (let at: usize = 0; at < nodeBytes; at += PIECE_BYTES) any |= load<u32>(blocks + at);
  }
  store<u32>(touched, any);
  store<u32>(touched, 0);
}

/** Empties the slots of a path that hold the wanted block, and keeps masks that say so. Not zero if there was one. */
function vacatePath(levels: u32, wanted: u32): v128 {
  const id = i32x4.splat(wanted);
  const isId = i32x4(-1, 0, -1, 0);
  let found = i32x4.splat(0);
  for (let level: u32 = 0; level < levels; level++) {
    const node: usize = load<u32>(takenPath + PLACE_BYTES * level);
    const slots = v128.load(node);
    const isWanted = v128.and(i32x4.eq(slots, id), isId);
    v128.store(node, v128.andnot(slots, isWanted));
    v128.store(pathMasks + MASKS_BYTES * level, isWanted);
    found = v128.or(found, isWanted);
  }
  return found;
}

/** The same with the stash. */
function vacateStash(oram: usize, wanted: u32): v128 {
  const id = i32x4.splat(wanted);
  const ids = stashIds(oram);
  const end: usize = 4 * usize(load<u32>(oram, STASH));
  let found = i32x4.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const slots = v128.load(ids + at);
    const isWanted = i32x4.eq(slots, id);
    v128.store(ids + at, v128.andnot(slots, isWanted));
    v128.store(takenMasks + at, isWanted);
    found = v128.or(found, isWanted);
  }
  return found;
}

/** Works one eviction out on the metadata: what leaves the stash to `masks`, and how the nodes of the path change to `moves`. */
function decideEviction(oram: usize, levels: u32, leaf: u32, path: usize, masks: usize, moves: usize): void {
  const deepest = deepestInStash(oram, leaf);
  prepareSources(levels, leaf, path, deepest >> SLOT_NUMBER_BITS);
  prepareTargets(levels);
  const isTaken = ~(load<i32>(target) >> 31);
  decideNodeMoves(levels, path, takeOutOfStash(oram, deepest & SLOT_NUMBERS, isTaken, masks), moves);
  memory.fill(scans, 0, 4 * SCAN_BYTES);
}

/** Of the block in the stash that reaches deepest, how far it is apart from the path to `leaf`, and the number of its slot. */
function deepestInStash(oram: usize, leaf: u32): u32 {
  const ids = stashIds(oram);
  const leaves = stashLeaves(oram);
  const end: usize = 4 * usize(load<u32>(oram, STASH));
  const wanted = i32x4.splat(leaf);
  const four = i32x4.splat(4);
  let numbers = i32x4(0, 1, 2, 3);
  let least = i32x4.splat(-1);
  for (let at: usize = 0; at < end; at += 16) {
    const isVacant = v128.not(i32x4.shr_s(v128.load(ids + at), 31));
    const apart = i32x4.shl(v128.xor(v128.load(leaves + at), wanted), SLOT_NUMBER_BITS);
    least = i32x4.min_u(least, v128.or(v128.or(apart, numbers), isVacant));
    numbers = i32x4.add(numbers, four);
  }
  return leastLane(least);
}

/**
 * Down the path: which slot of each node reaches deepest, whether there is room, and the paper's PrepareDeepest, for each level
 * the one above whose block may go deepest, if it may come here.
 */
function prepareSources(levels: u32, leaf: u32, path: usize, apartInStash: u32): void {
  let goal = reachOf(levels, apartInStash);
  let from = 0;
  store<i32>(source, -1);
  for (let level: u32 = 1; level <= levels; level++) {
    const slots: usize = load<u32>(path + PLACE_BYTES * (level - 1));
    const id0 = load<i32>(slots);
    const id1 = load<i32>(slots, SLOT_BYTES);
    const apart0 = i32((load<u32>(slots, LEAF) ^ leaf) | (u32(~(id0 >> 31)) >> SLOT_NUMBER_BITS));
    const apart1 = i32((load<u32>(slots, SLOT_BYTES + LEAF) ^ leaf) | (u32(~(id1 >> 31)) >> SLOT_NUMBER_BITS));
    const isSecond = isBelow(apart1, apart0);
    store<i32>(deepestIsSecond + 4 * level, isSecond);
    store<i32>(hasVacancy + 4 * level, ~((id0 & id1) >> 31));
    store<i32>(source + 4 * level, from | isBelow(goal, level));
    const own = reachOf(levels, choose(isSecond, apart1, apart0));
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

/** Empties one slot of the stash, if it is taken, and keeps masks that say so. Its id and then its leaf, zeros if it is not. */
function takeOutOfStash(oram: usize, number: i32, isTaken: i32, masks: usize): u64 {
  const ids = stashIds(oram);
  const leaves = stashLeaves(oram);
  const end: usize = 4 * usize(load<u32>(oram, STASH));
  const wanted = i32x4.splat(number | ~isTaken); // −1 is no number.
  const four = i32x4.splat(4);
  let numbers = i32x4(0, 1, 2, 3);
  let id = i32x4.splat(0);
  let leaf = id;
  for (let at: usize = 0; at < end; at += 16) {
    const isIt = i32x4.eq(numbers, wanted);
    const slots = v128.load(ids + at);
    id = v128.or(id, v128.and(slots, isIt));
    leaf = v128.or(leaf, v128.and(v128.load(leaves + at), isIt));
    v128.store(ids + at, v128.andnot(slots, isIt));
    v128.store(masks + at, isIt);
    numbers = i32x4.add(numbers, four);
  }
  return (u64(orOfLanes(leaf)) << 32) | u64(orOfLanes(id));
}

/** The paper's EvictOnceFast on the metadata: what leaves and enters each node of the path. */
function decideNodeMoves(levels: u32, path: usize, held: u64, moves: usize): void {
  let heldId = u32(held);
  let heldLeaf = u32(held >> 32);
  let to = load<i32>(target);
  for (let level: u32 = 0; level < levels; level++) {
    const slots: usize = load<u32>(path + PLACE_BYTES * level);
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

/** The number of the first vacant slot of the stash, −1 if there is none. */
function firstVacant(ids: usize, stash: usize): i32 {
  const four = i32x4.splat(4);
  let numbers = i32x4(0, 1, 2, 3);
  let least = i32x4.splat(-1);
  for (let at: usize = 0; at < 4 * stash; at += 16) {
    least = i32x4.min_u(least, v128.or(numbers, i32x4.shr_s(v128.load(ids + at), 31)));
    numbers = i32x4.add(numbers, four);
  }
  return i32(leastLane(least));
}

/** A piece of all blocks in the stash: the block that was put enters, and those that both evictions carry are copied. */
function movePieceInStash(slots: usize, stash: usize): void {
  const put = slots + PIECE_BYTES * stash;
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (let slot: usize = 0; slot < stash; slot++) {
    const enters = v128.load_splat<u32>(putMasks + 4 * slot);
    const first = v128.load_splat<u32>(firstMasks + 4 * slot);
    const second = v128.load_splat<u32>(secondMasks + 4 * slot);
    let x = v128.bitselect(v128.load(put), v128.load(slots), enters);
    v128.store(slots, x);
    a = v128.or(a, v128.and(x, first));
    e = v128.or(e, v128.and(x, second));
    x = v128.bitselect(v128.load(put, 16), v128.load(slots, 16), enters);
    v128.store(slots, x, 16);
    b = v128.or(b, v128.and(x, first));
    f = v128.or(f, v128.and(x, second));
    x = v128.bitselect(v128.load(put, 32), v128.load(slots, 32), enters);
    v128.store(slots, x, 32);
    c = v128.or(c, v128.and(x, first));
    g = v128.or(g, v128.and(x, second));
    x = v128.bitselect(v128.load(put, 48), v128.load(slots, 48), enters);
    v128.store(slots, x, 48);
    d = v128.or(d, v128.and(x, first));
    h = v128.or(h, v128.and(x, second));
    slots += PIECE_BYTES;
  }
  v128.store(firstCarried, a);
  v128.store(firstCarried, b, 16);
  v128.store(firstCarried, c, 32);
  v128.store(firstCarried, d, 48);
  v128.store(secondCarried, e);
  v128.store(secondCarried, f, 16);
  v128.store(secondCarried, g, 32);
  v128.store(secondCarried, h, 48);
}

/** Carries a piece down a path as the moves say. Past its goal what is carried is stale, and enters nowhere. */
function carryPiece(blockBytes: usize, levels: u32, path: usize, moves: usize, carried: usize, at: usize): void {
  let a = v128.load(carried);
  let b = v128.load(carried, 16);
  let c = v128.load(carried, 32);
  let d = v128.load(carried, 48);
  for (let level: u32 = 0; level < levels; level++) {
    const first = usize(load<u32>(path + PLACE_BYTES * level, BLOCKS)) + at;
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

/** The deepest level, the root being 1, that a block so far apart from a path may lie in; below 1 for a vacant slot. */
function reachOf(levels: u32, apart: u32): i32 {
  return i32(levels) - 32 + i32(clz<u32>(apart));
}

function leastLane(x: v128): u32 {
  const least = i32x4.min_u(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return i32x4.extract_lane(i32x4.min_u(least, v128.shuffle<i32>(least, least, 1, 0, 3, 2)), 0);
}

function orOfLanes(x: v128): u32 {
  return i32x4.extract_lane(x, 0) | i32x4.extract_lane(x, 1) | i32x4.extract_lane(x, 2) | i32x4.extract_lane(x, 3);
}

/** −1 if a lane is, where all others are 0. */
function anyLane(x: v128): i32 {
  return i32(orOfLanes(x));
}

/** The ids of the blocks in the stash, a word for each slot, and their leaves. */
function stashIds(oram: usize): usize {
  return load<u32>(oram, STASH_METADATA);
}

function stashLeaves(oram: usize): usize {
  return stashIds(oram) + 4 * usize(load<u32>(oram, STASH));
}

function stashMetadataBytes(stash: u32): usize {
  return roundUp(SLOT_BYTES * usize(stash));
}

/** Levels of the topmost subtree of a tree. */
function levelsOfTop(levels: u32): u32 {
  let top = levels;
  while (top > SUBTREE_LEVELS) top -= SUBTREE_LEVELS;
  return top;
}

/** How many subtrees there are: one, then one below each node that a subtree ends with, each three levels. */
function subtreesOf(levels: u32): u32 {
  let count: u32 = 1;
  for (let root = levelsOfTop(levels); root < levels; root += SUBTREE_LEVELS) count += 1 << root;
  return count;
}

function subtreeBytes(blockBytes: u32): u32 {
  const bytes = u32(SUBTREE_METADATA_BYTES) + SUBTREE_NODES * 2 * blockBytes;
  return (bytes + SUBTREE_ALIGNMENT - 1) & ~(SUBTREE_ALIGNMENT - 1);
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
