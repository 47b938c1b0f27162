// The Merkle tree of the ledger's outputs over a store of its nodes (spec 02 §7). The tree is full: it has as many
// leaves as the next power of two, and every subtree without an output has the same nil hash, at any height.
import {
  type LeafRange,
  leafHash,
  nilHash,
  nodeHash,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "@fogbow/core-transaction";
import { BlockError } from "./error.ts";

/** Where the hashes of nodes are kept, by the leaves below them. */
export interface TreeStore {
  /** The hash of the node over a range, 32 bytes; undefined when it was never put. */
  get(range: LeafRange): Uint8Array | undefined;
  /** Remembers the hash of the node over a range, or replaces it. */
  put(range: LeafRange, hash: Uint8Array): void;
}

/**
 * Appends outputs, given by their hashes (32 bytes each), to a tree of `size` leaves. Visits every changed node once:
 * about two nodes an output, and one more for each doubling of the tree. Throws `missing-tree-node`.
 */
export function appendToTree(store: TreeStore, size: bigint, txOutHashes: readonly Uint8Array[]): void {
  if (txOutHashes.length === 0) {
    return;
  }
  const newSize = size + BigInt(txOutHashes.length);
  let level: Level = { width: 1n, first: size, hashes: txOutHashes.map(leafHash) };
  putLevel(store, level);
  const whole = treeWidth(newSize);
  while (level.width < whole) {
    level = levelAbove(store, level);
    putLevel(store, level);
  }
}

/** The root of a tree of `size` leaves. Throws `missing-tree-node`. */
export function treeRoot(store: TreeStore, size: bigint): TxOutMembershipElement {
  return element(store, { from: 0n, to: treeWidth(size) - 1n }, size);
}

/**
 * Proves that the leaf `index` is in a tree of `size` leaves: the leaf, then the other half of every larger subtree
 * around it. Throws `leaf-out-of-bounds`, `missing-tree-node`.
 */
export function proveLeaf(store: TreeStore, size: bigint, index: bigint): TxOutMembershipProof {
  if (index < 0n || index >= size) {
    throw new BlockError("leaf-out-of-bounds", `The ledger has ${size} outputs.`);
  }
  const elements = [element(store, { from: index, to: index }, size)];
  const whole = treeWidth(size);
  for (let width = 1n; width < whole; width *= 2n) {
    const from = ((index / width) ^ 1n) * width;
    elements.push(element(store, { from, to: from + width - 1n }, size));
  }
  return { index, highestIndex: size - 1n, elements };
}

/** How many leaves, empty ones included, a tree with `size` outputs has: the next power of two, at least 1. */
export function treeWidth(size: bigint): bigint {
  return size <= 1n ? 1n : 1n << BigInt((size - 1n).toString(2).length);
}

/** Neighbouring nodes of one height. */
interface Level {
  /** Leaves below each node. */
  readonly width: bigint;
  /** The first node's position among all nodes of this height. */
  readonly first: bigint;
  readonly hashes: readonly Uint8Array[];
}

/** The nodes above those of a level. What is left of the level did not change; what is right of it is empty. */
function levelAbove(store: TreeStore, { width, first, hashes }: Level): Level {
  const nil = nilHash();
  const children = first % 2n === 0n ? [...hashes] : [stored(store, rangeOf(first - 1n, width)), ...hashes];
  const above: Uint8Array[] = [];
  for (let i = 0; i < children.length; i += 2) {
    above.push(nodeHash(children[i] as Uint8Array, children[i + 1] ?? nil)); // `i` is below the length.
  }
  return { width: width * 2n, first: first / 2n, hashes: above };
}

function putLevel(store: TreeStore, { width, first, hashes }: Level): void {
  hashes.forEach((hash, i) => {
    store.put(rangeOf(first + BigInt(i), width), hash);
  });
}

function rangeOf(position: bigint, width: bigint): LeafRange {
  return { from: position * width, to: (position + 1n) * width - 1n };
}

function element(store: TreeStore, range: LeafRange, size: bigint): TxOutMembershipElement {
  return { range, hash: range.from >= size ? nilHash() : stored(store, range) };
}

function stored(store: TreeStore, range: LeafRange): Uint8Array {
  const hash = store.get(range);
  if (hash === undefined) {
    throw new BlockError("missing-tree-node", `The tree has no node over the outputs ${range.from} to ${range.to}.`);
  }
  return hash;
}
