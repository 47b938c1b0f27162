// The leaves that accesses of an oblivious map read, which is all that an observer of its memory sees of them: taken down
// by an instrumented kernel while it works. It reports only what touches the trees, so that many thousands take no longer than
// they must.
import { createKernel, type ObliviousMap, type ObliviousMapOptions } from "@fogbow/kernel";
import { disassemble, instrument } from "./instrument.ts";
import { randomBytes } from "./secrets.ts";
import { placeIn, type Tree, treesOfMap } from "./trees.ts";

/**
 * Walks from root to leaf through the metadata of a tree in one access: three ask memory for the path of the block and those of
 * the evictions, the fourth takes the block, and two belong to each eviction.
 */
const WALKS = 8;
const TAKES = 3;

/** A map with 32 leaves for its buckets and 512 for its records. */
const OPTIONS = { keyBytes: 16, valueBytes: 8, capacity: 1_024 } as const;
/** Keys that the map has. */
const KNOWN = 300;
/** Bins of leaves that are counted. */
export const BINS = 32;

/** The leaves of each access, as the bin of 32 equal ones that each lies in. */
export interface LeavesRead {
  readonly records: readonly number[];
  readonly buckets: readonly number[];
}

/** The key of a number. Those below `KNOWN` are in the map. */
function keyOf(i: number): Uint8Array {
  return randomBytes(`a key of the map whose leaves are read ${i}`, OPTIONS.keyBytes);
}

const MAP: ObliviousMapOptions = {
  ...OPTIONS,
  seed: randomBytes("the seed of the map whose leaves are read", 32),
};

/** A kernel's bytes, rewritten so that it reports what touches the trees of the map. */
export interface WatchedTrees {
  readonly wasm: Uint8Array;
  readonly trees: readonly Tree[];
}

/** Finds the places in a kernel that touch the trees, with a lookup, and makes it report those alone. */
export function watchTrees(wasm: Uint8Array): WatchedTrees {
  const module = disassemble(wasm);
  const trees = treesOfMap(MAP); // Of records and of buckets.
  const sites = new Set<number>();
  const map = mapOf(instrument(module).wasm, (site, address) => {
    if (trees.some(({ begin, end }) => address >= begin && address < end)) sites.add(site);
  });
  map.lookup(keyOf(0));
  return { wasm: instrument(module, sites).wasm, trees };
}

/** Makes a map, and takes the leaves down that `use` reads afterwards. */
export function leavesRead({ wasm, trees }: WatchedTrees, use: (map: ObliviousMap) => void): LeavesRead {
  const walkers = trees.map((tree) => new Walker(tree));
  const map = mapOf(wasm, (_, address) => {
    for (const walker of walkers) walker.see(address);
  });
  for (let i = 0; i < KNOWN; i++) map.upsert(keyOf(i), new Uint8Array(OPTIONS.valueBytes));
  for (const walker of walkers) walker.forget();
  use(map);
  const [records = [], buckets = []] = walkers.map((walker) => walker.taken());
  return { records, buckets };
}

/** A map in an instrumented kernel. */
function mapOf(wasm: Uint8Array, see: (site: number, address: number) => void): ObliviousMap {
  const operand = (site = 0, value = 0): number => {
    see(site, value >>> 0);
    return value;
  };
  const imports = { trace: { operand, condition: (_site = 0, value = 0) => value, enter: () => {} } };
  return createKernel({ wasm, imports }).oblivious.createMap(MAP);
}

/** Sees addresses and tells walks through one tree apart. */
class Walker {
  readonly #tree: Tree;
  #walks: number[] = [];
  #isBelowRoot = false;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  see(address: number): void {
    const place = placeIn(this.#tree, address);
    if (place === undefined || !place.isMetadata) return;
    const lowest = this.#tree.levels - 1;
    if (place.level === 0) this.#isBelowRoot = true;
    else if (place.level === lowest && this.#isBelowRoot) {
      this.#walks.push(Math.floor((place.node * BINS) / 2 ** lowest));
      this.#isBelowRoot = false;
    }
  }

  forget(): void {
    this.#walks = [];
    this.#isBelowRoot = false;
  }

  /** Of each access, the leaf of the path from which it took a block. */
  taken(): number[] {
    return this.#walks.filter((_, i) => i % WALKS === TAKES);
  }
}

/** χ² of how often each bin comes, against all alike: with 31 degrees of freedom above 93 once in 10⁷. */
export function chiSquare(bins: readonly number[]): number {
  const expected = bins.length / BINS;
  const counts = Array.from({ length: BINS }, (_, bin) => bins.filter((each) => each === bin).length);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** How far each bin is from the one before, modulo their number: as uniform as the bins, unless the next depends on the last. */
export function steps(bins: readonly number[]): number[] {
  return bins.slice(1).map((bin, i) => (bin - (bins[i] as number) + BINS) % BINS); // One for each but the first.
}

/** The limit of {@link chiSquare}. */
export const CHI_SQUARE_MAX = 93;

/** What can be asked of a map: each a way of choosing the n-th key. */
export const questions: readonly { readonly name: string; readonly key: (i: number) => Uint8Array }[] = [
  { name: "known keys", key: (i) => keyOf(i % KNOWN) },
  { name: "unknown keys", key: (i) => keyOf(KNOWN + i) },
  { name: "one known key again and again", key: () => keyOf(7) },
  { name: "one unknown key again and again", key: () => keyOf(KNOWN + 7) },
];

/** Accesses that are looked at for each question. */
export const ACCESSES = 10_000;

/** The first question whose leaves are not uniform, or depend on those before, and which tree it is. */
export function whatLeavesTell(wasm: Uint8Array): string | undefined {
  const watched = watchTrees(wasm);
  for (const { name, key } of questions) {
    const read = leavesRead(watched, (map) => {
      for (let i = 0; i < ACCESSES; i++) map.lookup(key(i));
    });
    for (const [tree, bins] of Object.entries(read)) {
      if (bins.length !== ACCESSES) return `as many leaves of ${tree} for ${name} as there are not accesses`;
      if (chiSquare(bins) > CHI_SQUARE_MAX) return `leaves of ${tree} for ${name}`;
      if (chiSquare(steps(bins)) > CHI_SQUARE_MAX) return `leaves of ${tree} that follow from the last for ${name}`;
    }
  }
  return undefined;
}
