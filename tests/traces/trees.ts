// Where the trees of a Circuit ORAM lie. Which path an access reads is drawn at random, so two traces of one secret would
// differ, too: the recorder takes down a node's level in its place. That the leaves are drawn uniformly, and none twice, is
// tests/traces/leaves.test.ts.
import { createKernel, type FogIngestOptions, type Kernel, type ObliviousMapOptions } from "@fogbow/kernel";

/** A binary tree in memory: node n, from 1 on, lies at `address` + `nodeBytes` · n, and 2n and 2n + 1 are below it. */
export interface Tree {
  readonly address: number;
  readonly nodeBytes: number;
  /** Where node 1 begins, and where the last leaf ends. */
  readonly begin: number;
  readonly end: number;
}

/** Words of a map's header that name its ORAMs of records, of buckets, and, if it has one, of leaves. */
const ORAMS = [20, 24, 28];
/** Words of an ORAM's header. */
const LEVELS = 0;
const BLOCK_BYTES = 4;
const NODE_METADATA = 16;
const NODE_BLOCKS = 24;
const NODE_METADATA_BYTES = 16;

/** The trees of the first structure of a kernel, by the address of its beginning. */
export function treesOfMap(options: ObliviousMapOptions): readonly Tree[] {
  return inFirstStructure(
    ({ oblivious }) => oblivious.createMap(options),
    (word, map) => ORAMS.flatMap((at) => (word(map + at) === 0 ? [] : treesOfOram(word, word(map + at)))),
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
  return oram === 0 ? [] : treesOfOram(word, oram);
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

/** The metadata of an ORAM's nodes, and their blocks. */
function treesOfOram(word: (address: number) => number, oram: number): Tree[] {
  const nodes = 2 ** word(oram + LEVELS);
  return [
    { address: word(oram + NODE_METADATA), nodeBytes: NODE_METADATA_BYTES },
    { address: word(oram + NODE_BLOCKS), nodeBytes: 2 * word(oram + BLOCK_BYTES) },
  ].map(({ address, nodeBytes }) => {
    return { address, nodeBytes, begin: address + nodeBytes, end: address + nodeBytes * nodes };
  });
}

/** The same address in the first node of its level, if it lies in a tree. */
export function withoutPath(trees: readonly Tree[], address: number): number {
  for (const tree of trees) {
    if (address < tree.begin || address >= tree.end) continue;
    const node = Math.floor((address - tree.address) / tree.nodeBytes);
    const first = 2 ** (31 - Math.clz32(node));
    return address - (node - first) * tree.nodeBytes;
  }
  return address;
}
