// An oblivious ledger that is larger than one memory (spec 03 §5.7, "Sharding"): each shard has the outputs from some index on and
// the tree over them. Every shard is asked for every index, and answers with its part, which is zero where it is not the one
// that has it; the parts are added up, and the levels above the shards come from one scan.
import {
  HASH_BYTES,
  ledgerCapacityLog,
  ledgerScratch,
  ledgerSize,
  OUTPUT_BYTES,
  SCRATCH_OUTPUT,
  SCRATCH_PATH,
  treeHeight,
  wipeLedgerScratch,
} from "./oblivious-ledger-layout";
import { isIndexBelow, lookUp, nilSiblings, pickHash } from "./oblivious-ledger-lookup";
import { ledgerResultBytes, writeResult } from "./oblivious-ledger-result";

/** A part that was added up: the block of the output, then the leaf and the sibling of each height. */
const whole = memory.data(320 + 32 * 32, 16);
const WHOLE_BYTES: usize = 320 + 32 * 32;

/** Bytes of a part: the block of the output, the leaf, and its siblings within the shard. */
export function ledgerPartBytes(capacityLog: u32): i32 {
  return i32(OUTPUT_BYTES + HASH_BYTES * usize(1 + capacityLog));
}

/**
 * Writes the parts of a shard for n indices of 8 bytes to `out`, in their order. The shard's first output has index `first`.
 */
export function ledgerParts(ledger: usize, out: usize, indices: usize, n: i32, first: u32): void {
  const size = ledgerSize(ledger);
  const scratch = ledgerScratch(ledger);
  const pathBytes = HASH_BYTES * usize(1 + ledgerCapacityLog(ledger));
  for (let i = 0; i < n; i++) {
    // Below `first` this is beyond all sizes.
    const index = load<u64>(indices + 8 * usize(i)) - u64(first);
    const exists = isIndexBelow(index, size);
    lookUp(ledger, u32(index), exists);
    copyMasked(out, scratch + SCRATCH_OUTPUT, OUTPUT_BYTES, exists);
    copyMasked(out + OUTPUT_BYTES, scratch + SCRATCH_PATH, pathBytes, exists);
    out += OUTPUT_BYTES + pathBytes;
  }
  wipeLedgerScratch(ledger);
}

/**
 * Writes the results for n indices of a ledger of `size` outputs to `out`, each of `ledgerResultBytes` bytes, from the parts
 * that `shards` shards for 2^shardLog outputs each have given for them, one shard's behind the other's. `nodes` are the nil
 * hash, then the hashes of the shards' roots for a power of two of shards, then those above each pair, and so on.
 */
export function ledgerCombine(
  out: usize,
  indices: usize,
  n: i32,
  parts: usize,
  shards: i32,
  shardLog: u32,
  nodes: usize,
  roots: u32,
  size: u32,
): void {
  const partBytes = usize(ledgerPartBytes(shardLog));
  const path = whole + OUTPUT_BYTES;
  for (let i = 0; i < n; i++) {
    const index = load<u64>(indices + 8 * usize(i));
    memory.fill(whole, 0, WHOLE_BYTES);
    let part = parts + partBytes * usize(i);
    for (let shard = 0; shard < shards; shard++) {
      addTo(whole, part, partBytes);
      part += partBytes * usize(n);
    }
    let above = nodes + HASH_BYTES;
    let row = roots;
    for (let height = shardLog; height < treeHeight(size); height++) {
      const count = ((size - 1) >> height) + 1;
      pickHash(path + HASH_BYTES * usize(height + 1), above, count, i32((u32(index) >> height) ^ 1));
      above += HASH_BYTES * usize(row);
      row >>= 1;
    }
    nilSiblings(nodes, size, u32(index), path);
    writeResult(out, size, index, isIndexBelow(index, size), path, whole);
    out += usize(ledgerResultBytes(size));
  }
  memory.fill(whole, 0, WHOLE_BYTES);
}

/** out = from, or zero where the mask is; whole vectors. */
function copyMasked(out: usize, from: usize, bytes: usize, mask: i32): void {
  const here = i32x4.splat(mask);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, v128.and(v128.load(from + i), here));
}

/** sum |= part; whole vectors. */
function addTo(sum: usize, part: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(sum + i, v128.or(v128.load(sum + i), v128.load(part + i)));
  }
}
