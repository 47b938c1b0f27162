// Where the trees of a Circuit ORAM lie. Which path an access reads is drawn at random, so two traces of one secret would
// differ, too: the recorder takes down a node's level in its place. That the leaves are drawn uniformly, and none twice, is
// tests/traces/leaves.test.ts.
import { createKernel, type FogIngestOptions, type Kernel, type ObliviousMapOptions } from "@fogbow/kernel";

/** A binary tree in memory, in subtrees one after another (`kernel/assembly/circuit-oram.ts`). */
export interface Tree {
  readonly begin: number;
  readonly end: number;
  readonly levels: number;
  readonly subtreeBytes: number;
  /** Of the blocks of a node. */
  readonly nodeBytes: number;
}

/** What lies at an address of a tree. */
export interface Place {
  /** 0 for the root. */
  readonly level: number;
  /** Of the nodes of that level from left to right, from 0 on. */
  readonly node: number;
  /** Whether it belongs to the node's metadata, or else to its blocks, and how far behind their beginning. */
  readonly isMetadata: boolean;
  readonly offset: number;
}

/** Words of a map's header that name its ORAMs of records, of buckets, and, if it has one, of leaves. */
const ORAMS = [20, 24, 28];
/** Words of an ORAM's header. */
const LEVELS = 0;
const BLOCK_BYTES = 4;
const SUBTREES = 16;
const SUBTREE_BYTES = 24;
// What a subtree has: the levels, but for that of the root, and metadata, of 16 bytes a node, before the blocks.
const SUBTREE_LEVELS = 3;
const SUBTREE_METADATA_BYTES = 128;
const NODE_METADATA_BYTES = 16;

/** The trees of the first structure of a kernel, by the address of its beginning. */
export function treesOfMap(options: ObliviousMapOptions): readonly Tree[] {
  return inFirstStructure(
    ({ oblivious }) => oblivious.createMap(options),
    (word, map) => ORAMS.flatMap((at) => treesOfOrams(word, word(map + at))),
  );
}

/** The trees of ingest's map of counters, when ingest's secrets are the first structure of a kernel. */
export function treesOfIngest(options: FogIngestOptions): readonly Tree[] {
  return inFirstStructure(
    ({ fog }) => fog.createIngest(options),
    (word, ingest) => ORAMS.flatMap((at) => treesOfOrams(word, word(ingest + MAP_OF_INGEST + at))),
  );
}

/** Where the map begins in ingest's secrets. */
const MAP_OF_INGEST = 1152;

/** Of an ORAM, if there is one. */
function treesOfOrams(word: (address: number) => number, oram: number): Tree[] {
  return oram === 0 ? [] : [treeOfOram(word, oram)];
}

/** Makes a structure in a fresh kernel and reads its words. */
function inFirstStructure<T>(
  make: (kernel: Kernel) => unknown,
  read: (word: (address: number) => number, structure: number) => T,
): T {
  let address = 0;
  let memory = (): Uint8Array => new Uint8Array(0);
  const kernel = createKernel({
    inspect: (instance) => {
      address = instance.claim(0);
      memory = () => instance.memory;
    },
  });
  make(kernel);
  const view = new DataView(memory().buffer);
  return read((at) => view.getUint32(at, true), address);
}

/** The tree of an ORAM. */
export function treeOfOram(word: (address: number) => number, oram: number): Tree {
  const levels = word(oram + LEVELS);
  const subtreeBytes = word(oram + SUBTREE_BYTES);
  const begin = word(oram + SUBTREES);
  const subtrees = [...rootLevels(levels)].reduce((sum, level) => sum + 2 ** level, 0);
  return {
    begin,
    end: begin + subtrees * subtreeBytes,
    levels,
    subtreeBytes,
    nodeBytes: 2 * word(oram + BLOCK_BYTES),
  };
}

/** What lies at an address, if it is in the tree. */
export function placeIn({ begin, end, levels, subtreeBytes, nodeBytes }: Tree, address: number): Place | undefined {
  if (address < begin || address >= end) return undefined;
  let subtree = Math.floor((address - begin) / subtreeBytes);
  let root = 0;
  for (const level of rootLevels(levels)) {
    root = level;
    if (subtree < 2 ** level) break;
    subtree -= 2 ** level;
  }
  const within = (address - begin) % subtreeBytes;
  const isMetadata = within < SUBTREE_METADATA_BYTES;
  const behind = isMetadata ? within : within - SUBTREE_METADATA_BYTES;
  const bytes = isMetadata ? NODE_METADATA_BYTES : nodeBytes;
  const number = Math.floor(behind / bytes) + (isMetadata ? 0 : 1);
  const below = 31 - Math.clz32(number);
  const node = subtree * 2 ** below + number - 2 ** below;
  return { level: root + below, node, isMetadata, offset: behind % bytes };
}

/** The levels at which subtrees begin. */
function* rootLevels(levels: number): Generator<number> {
  yield 0;
  for (let level = ((levels - 1) % SUBTREE_LEVELS) + 1; level < levels; level += SUBTREE_LEVELS) yield level;
}

/** If an address lies in a tree, one that is the same for all nodes of its level. */
export function withoutPath(trees: readonly Tree[], address: number): number {
  for (const tree of trees) {
    const place = placeIn(tree, address);
    if (place === undefined) continue;
    const { level, isMetadata, offset } = place;
    return (
      tree.begin + level * (NODE_METADATA_BYTES + tree.nodeBytes) + (isMetadata ? 0 : NODE_METADATA_BYTES) + offset
    );
  }
  return address;
}
