// Outputs arriving in an oblivious ledger, and the hashes of their tree (spec 02 §7, spec 03 §5.7). What arrives and where
// it goes is public; the position that a block gets is random and not.
import { oramEvict, oramLeaves, oramPut } from "./circuit-oram";
import { BLAKE2B_256, hashAbsorb, hashBegin, hashFinish } from "./hash";
import {
  CHILDREN,
  HALVES,
  HASH_BYTES,
  ledgerCapacityLog,
  ledgerLayers,
  ledgerOram,
  ledgerRandom,
  ledgerSize,
  nilHash,
  OUTPUT_BYTES,
  openBlock,
  POSITIONS,
  QUARTERS,
  setLedgerSize,
  TREE_BYTES,
  topHashes,
  topPositions,
  treeHeight,
} from "./oblivious-ledger-layout";
import { randomU32 } from "./random";

/** "mc_tx_out_merkle_leaf" */
const leafTag: usize = memory.data<u8>([
  0x6d, 0x63, 0x5f, 0x74, 0x78, 0x5f, 0x6f, 0x75, 0x74, 0x5f, 0x6d, 0x65, 0x72, 0x6b, 0x6c, 0x65, 0x5f, 0x6c, 0x65,
  0x61, 0x66,
]);
/** "mc_tx_out_merkle_node" */
const nodeTag: usize = memory.data<u8>([
  0x6d, 0x63, 0x5f, 0x74, 0x78, 0x5f, 0x6f, 0x75, 0x74, 0x5f, 0x6d, 0x65, 0x72, 0x6b, 0x6c, 0x65, 0x5f, 0x6e, 0x6f,
  0x64, 0x65,
]);
const TAG_BYTES: i32 = 21;

/** A hash on its way up. */
const node = memory.data(32, 16);

/**
 * Appends n outputs: `records` are their blocks of 320 bytes each, `hashes` their hashes of 32 bytes each. There must be
 * room for them. The nodes on the right edge of the tree are hashed once.
 */
export function ledgerAppend(ledger: usize, records: usize, hashes: usize, n: i32): void {
  if (n <= 0) return;
  const before = ledgerSize(ledger);
  for (let i: usize = 0; i < usize(n); i++) appendOutput(ledger, records + OUTPUT_BYTES * i, hashes + HASH_BYTES * i);
  hashOpenBlocks(ledger);
  hashTop(ledger, before);
  memory.fill(node, 0, HASH_BYTES);
}

/** out = the hash of the tree's root, 32 bytes; nil while there are no outputs. */
export function ledgerRoot(ledger: usize, out: usize): void {
  memory.copy(out, rootPlace(ledger), HASH_BYTES);
}

/** Where the hash of the root is: in the top, or the first of its height in the open block of the layer it is in. */
function rootPlace(ledger: usize): usize {
  const size = ledgerSize(ledger);
  if (size === 0) return nilHash(ledger);
  const height = treeHeight(size);
  const layers = ledgerLayers(ledger);
  let layer: u32 = 0;
  let within = height;
  while (within >= 3 && layer < layers) {
    layer++;
    within -= 3;
  }
  if (layer === layers) return topHashes(ledger, within);
  const open = openBlock(ledger, layer);
  if (within === 0) return open + CHILDREN;
  return within === 1 ? open + QUARTERS : open + HALVES;
}

function appendOutput(ledger: usize, record: usize, hash: usize): void {
  const index = ledgerSize(ledger);
  const position = insert(ledger, 0, index, record);
  hashBegin(BLAKE2B_256);
  hashAbsorb(BLAKE2B_256, leafTag, TAG_BYTES);
  hashAbsorb(BLAKE2B_256, hash, i32(HASH_BYTES));
  hashFinish(BLAKE2B_256, node);
  placeChild(openBlock(ledger, 0), index, position);
  setLedgerSize(ledger, index + 1);
  // The last child of a subtree makes it complete, and that may make the one above complete.
  let number = index;
  for (let k: u32 = 0; k < ledgerLayers(ledger) && (number & 7) === 7; k++) {
    number >>= 3;
    completeBlock(ledger, k, number);
  }
}

/** Puts the open block of layer k, which has all its children, into the layer as block `number`. */
function completeBlock(ledger: usize, k: u32, number: u32): void {
  const open = openBlock(ledger, k);
  hashBlock(ledger, open, 8, node);
  const position = insert(ledger, k + 1, number, open);
  memory.fill(open, 0, TREE_BYTES);
  if (k + 1 < ledgerLayers(ledger)) placeChild(openBlock(ledger, k + 1), number, position);
  else {
    placeInTop(ledger, number);
    store<u32>(topPositions(ledger) + 4 * usize(number), position);
  }
}

/** Puts a new block into an ORAM at a random position, which it returns. */
function insert(ledger: usize, set: u32, id: u32, block: usize): u32 {
  const oram = ledgerOram(ledger, set);
  const position = randomU32(ledgerRandom(ledger)) & (oramLeaves(oram) - 1);
  oramPut(oram, id, position, block, -1);
  oramEvict(oram);
  return position;
}

/** Remembers `node` as the hash of a child in an open block, and where the child is. */
function placeChild(open: usize, number: u32, position: u32): void {
  const slot = usize(number & 7);
  memory.copy(open + CHILDREN + HASH_BYTES * slot, node, HASH_BYTES);
  store<u32>(open + POSITIONS + 4 * slot, position);
}

/** Remembers `node` as the hash of a block of the highest layer. */
function placeInTop(ledger: usize, number: u32): void {
  memory.copy(topHashes(ledger, 0) + HASH_BYTES * usize(number), node, HASH_BYTES);
}

/** Hashes what the open blocks hold so far, each into the one above. */
function hashOpenBlocks(ledger: usize): void {
  const last = ledgerSize(ledger) - 1;
  for (let k: u32 = 0; k < ledgerLayers(ledger); k++) {
    const lastChild = last >> (3 * k);
    const number = lastChild >> 3;
    // A subtree that became complete with the last output has left an empty open block.
    if ((last + 1) >> (3 * k + 3) > number) continue;
    hashBlock(ledger, openBlock(ledger, k), (lastChild & 7) + 1, node);
    // An open block has no position yet.
    if (k + 1 < ledgerLayers(ledger)) placeChild(openBlock(ledger, k + 1), number, 0);
    else placeInTop(ledger, number);
  }
}

/** Fills a tree block in above its first `children` children; out = the hash of the subtree's root. */
function hashBlock(ledger: usize, block: usize, children: u32, out: usize): void {
  hashLevel(ledger, block + CHILDREN, block + QUARTERS, 0, children - 1);
  hashLevel(ledger, block + QUARTERS, block + HALVES, 0, (children - 1) >> 1);
  hashLevel(ledger, block + HALVES, out, 0, (children - 1) >> 2);
}

/** Hashes the top above what has changed since there were `before` outputs. */
function hashTop(ledger: usize, before: u32): void {
  const below = ledgerLayers(ledger) * 3;
  let first = before >> below;
  let last = (ledgerSize(ledger) - 1) >> below;
  for (let height: u32 = 0; height < ledgerCapacityLog(ledger) - below; height++) {
    hashLevel(ledger, topHashes(ledger, height), topHashes(ledger, height + 1), first, last);
    first >>= 1;
    last >>= 1;
  }
}

/** The hashes above neighbours of one height, from that above `first` to that above `last`, which is the last there is. */
function hashLevel(ledger: usize, nodes: usize, above: usize, first: u32, last: u32): void {
  for (let parent = first >> 1; parent <= last >> 1; parent++) {
    const left = nodes + 2 * HASH_BYTES * usize(parent);
    hashBegin(BLAKE2B_256);
    hashAbsorb(BLAKE2B_256, nodeTag, TAG_BYTES);
    hashAbsorb(BLAKE2B_256, left, i32(HASH_BYTES));
    hashAbsorb(BLAKE2B_256, parent * 2 < last ? left + HASH_BYTES : nilHash(ledger), i32(HASH_BYTES));
    hashFinish(BLAKE2B_256, above + HASH_BYTES * usize(parent));
  }
}
