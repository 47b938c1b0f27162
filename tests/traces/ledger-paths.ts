// Which leaves an oblivious ledger's lookups read: the module reports the one load by which an access looks at the nodes of
// its path, and nothing else, so that tens of thousands of lookups take no longer than they must.
import { createKernel, type Instance } from "@fogbow/kernel";
import { disassemble, instrument } from "./instrument.ts";
import { outputs } from "./ledgers.ts";
import { randomBytes } from "./secrets.ts";
import { placeIn, type Tree, treeOfOram } from "./trees.ts";

/** Where a ledger's header names its ORAMs: the outputs, then the layers. */
const ORAMS = 32;

/** 64 leaves of outputs, 8 of the lower layer, and one of the upper. */
const CAPACITY = 128;
const LAYERS = 2;
/** Outputs, of which the last four are in open blocks. */
export const SIZE = 100;
/** Indices in one request. */
const ASKED = 50;

/** The leaves that lookups have read. */
export interface LeavesRead {
  /** Of the ORAM of the outputs, 0 to 63. */
  readonly outputs: readonly number[];
  /** Of the lower layer, 0 to 7. */
  readonly layer: readonly number[];
}

/** Looks up `count` indices, fifty a request, in a kernel of these bytes. */
export function leavesRead(
  wasm: Uint8Array,
  seedName: string,
  count: number,
  index: (i: number) => number,
): LeavesRead {
  const module = disassemble(wasm);
  // The first event of a lookup at a node of the lowest level is the load that looks at it.
  const events: { site: number; value: number }[] = [];
  const take = (site: number, value: number): unknown => events.push({ site, value });
  const probe = new Probe(instrument(module).wasm, seedName, take);
  events.length = 0;
  probe.lookUp([0]);
  const site = events.find(({ value }) => probe.leafOf(value)?.set === 0)?.site;
  if (site === undefined) throw new Error("No lookup has read a leaf.");
  const hits = events.filter((event) => event.site === site && probe.leafOf(event.value)?.set === 0).length;

  const leaves: [number[], number[]] = [[], []];
  const watched = new Probe(instrument(module, new Set([site])).wasm, seedName, (_, value) => {
    const read = watched.leafOf(value);
    if (read !== undefined) leaves[read.set].push(read.leaf);
  });
  leaves[0].length = 0;
  leaves[1].length = 0;
  for (let first = 0; first < count; first += ASKED) {
    watched.lookUp(Array.from({ length: ASKED }, (_, i) => index(first + i)));
  }
  // A node has two slots, which may be looked at one after the other.
  const [ofOutputs, ofLayer] = leaves.map((all) => all.filter((_, i) => i % hits === 0));
  return { outputs: ofOutputs ?? [], layer: ofLayer ?? [] };
}

/** A ledger in an instrumented kernel. */
class Probe {
  readonly lookUp: (indices: readonly number[]) => void;
  readonly #trees: readonly Tree[];

  constructor(wasm: Uint8Array, seedName: string, report: (site: number, value: number) => unknown) {
    let isReady = false;
    const operand = (site = 0, value = 0): number => {
      if (isReady) report(site, value >>> 0);
      return value;
    };
    const imports = { trace: { operand, condition: (_ = 0, value = 0) => value, enter: () => undefined } };
    let instance: Instance | undefined;
    const kernel = createKernel({ wasm, imports, inspect: (running) => (instance = running) });
    const header = instance?.claim(0) ?? 0;
    const ledger = kernel.ledgers.create({ capacity: CAPACITY, layers: LAYERS, seed: randomBytes(seedName, 32) });
    ledger.append(outputs(0, SIZE));
    const memory = new DataView(instance?.memory.buffer ?? new ArrayBuffer(0));
    const word = (address: number): number => memory.getUint32(address, true);
    this.#trees = [0, 1].map((set) => treeOfOram(word, word(header + ORAMS + 4 * set)));
    this.lookUp = (indices) => ledger.results(new Uint8Array(BigUint64Array.from(indices, BigInt).buffer));
    isReady = true;
  }

  /** Which leaf of the outputs, set 0, or of the lower layer, set 1, lies at an address. */
  leafOf(address: number): { readonly set: 0 | 1; readonly leaf: number } | undefined {
    for (const set of [0, 1] as const) {
      const tree = this.#trees[set];
      const place = tree && placeIn(tree, address);
      if (place?.isMetadata === true && place.level + 1 === tree?.levels) return { set, leaf: place.node };
    }
    return undefined;
  }
}

/**
 * Whether numbers below `cells` are as uniform as they should be: χ² within 6 standard deviations of its mean, which by
 * chance it leaves once in some 10⁷ times.
 */
function isUniform(numbers: readonly number[], cells: number): boolean {
  const counts = new Array<number>(cells).fill(0);
  for (const number of numbers) counts[number] = (counts[number] ?? Number.NaN) + 1;
  const expected = numbers.length / cells;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return Math.abs(chiSquare - (cells - 1)) < 6 * Math.sqrt(2 * (cells - 1));
}

/** Each number below `cells` with the one before it as one number below cells². */
function withPrevious(numbers: readonly number[], cells: number): number[] {
  return numbers.slice(1).map((number, i) => (number % cells) * cells + ((numbers[i] ?? 0) % cells));
}

/** What of the leaves read is not random: the first that is found, or undefined. */
export function bias({ outputs: ofOutputs, layer }: LeavesRead): string | undefined {
  if (!isUniform(ofOutputs, 64)) return "the leaves of the outputs";
  if (!isUniform(layer, 8)) return "the leaves of a layer";
  if (!isUniform(withPrevious(ofOutputs, 8), 64)) return "a leaf of the outputs and the one before";
  return isUniform(withPrevious(layer, 8), 64) ? undefined : "a leaf of a layer and the one before";
}
