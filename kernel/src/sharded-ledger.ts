// An oblivious ledger past one WebAssembly memory (spec 03 §5.7, "Sharding"): shards in a kernel each, of which every one is asked for
// every index. Which of them had an output is in no address, and in nothing that this file sees but opaque bytes of public length.
import { KernelError } from "./error.ts";
import type { Kernel, LedgerShard, NewOutput, ObliviousLedger } from "./kernel.ts";
import { expectOutput } from "./oblivious-ledger.ts";

/** How much there is room for; both are powers of two. */
export interface ShardedLedgerOptions {
  /** Most outputs, at most 2³⁰. */
  readonly capacity: number;
  /** Of a shard, from 2⁴ to 2²² and at most all of the capacity. */
  readonly shardCapacity: number;
}

/** What it is made with. */
export interface ShardedLedgerParts {
  /** A kernel of its own for each shard, with memory for it. */
  readonly createKernel: () => Kernel;
  /** Uniform secret bytes. */
  readonly random: (length: number) => Uint8Array;
}

const CAPACITY_MAX = 2 ** 30;
const SEED_BYTES = 32;
const encode = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const NIL_TAG = encode("mc_tx_out_merkle_nil");
const NODE_TAG = encode("mc_tx_out_merkle_node");

/**
 * Makes an empty ledger. A shard is made when the ones before it are full; where there is no memory for it, `append` throws
 * {@link KernelError} `ledger-full`, and the ledger is as it was. Throws `invalid-length` for bad capacities.
 */
export function createShardedLedger(options: ShardedLedgerOptions, parts: ShardedLedgerParts): ObliviousLedger {
  return new ShardedLedger(options, parts);
}

class ShardedLedger implements ObliviousLedger {
  readonly capacity: number;
  readonly #shardCapacity: number;
  readonly #parts: ShardedLedgerParts;
  readonly #shards: LedgerShard[] = [];
  /** Adds up what shards say, and hashes what is above them; both are of the first shard's kernel. */
  readonly #kernel: Kernel;
  /** The nil hash, then the roots of the shards and what is above them: see {@link LedgerParts.nodes}. */
  readonly #nodes: Uint8Array[];

  constructor({ capacity, shardCapacity }: ShardedLedgerOptions, parts: ShardedLedgerParts) {
    const shards = capacity / shardCapacity;
    if (!Number.isInteger(Math.log2(shards)) || shards < 1 || capacity > CAPACITY_MAX) {
      throw new KernelError("invalid-length", "The capacity must be a power of two of shards, at most 2^30 outputs.");
    }
    this.capacity = capacity;
    this.#shardCapacity = shardCapacity;
    this.#parts = parts;
    this.#kernel = parts.createKernel();
    this.#addShard(this.#kernel);
    const nil = this.#kernel.hashes.blake2b256(NIL_TAG);
    this.#nodes = Array.from({ length: 2 * shards }, () => nil);
  }

  get numTxOuts(): number {
    return this.#shards.reduce((sum, { numTxOuts }) => sum + numTxOuts, 0);
  }

  get isNearlyFull(): boolean {
    return this.numTxOuts * 100 >= this.capacity * 90;
  }

  root(): Uint8Array {
    const [first] = this.#shards;
    const used = Math.ceil(this.numTxOuts / this.#shardCapacity);
    if (first !== undefined && used < 2) return first.root();
    return this.#node(Math.ceil(Math.log2(used)), 0).slice(); // The tree is over the next power of two of shards.
  }

  append(outputs: readonly NewOutput[]): void {
    const size = this.numTxOuts;
    if (size + outputs.length > this.capacity) {
      throw new KernelError("ledger-full", `The ledger has room for ${this.capacity - size} more outputs.`);
    }
    for (const output of outputs) expectOutput(output); // A shard that is appended to must not be the first to refuse one.
    while (this.#shards.length * this.#shardCapacity < size + outputs.length)
      this.#addShard(this.#parts.createKernel());
    for (let done = 0; done < outputs.length; ) {
      const number = Math.floor((size + done) / this.#shardCapacity);
      const room = (number + 1) * this.#shardCapacity - (size + done);
      const some = outputs.slice(done, done + room);
      this.#shards[number]?.append(some);
      this.#placeRoot(number);
      done += some.length;
    }
  }

  resultBytes(): number {
    return this.results(new Uint8Array(8)).length;
  }

  results(indices: Uint8Array): Uint8Array {
    const parts = this.#shards.map((shard) => shard.parts(indices));
    try {
      return this.#kernel.ledgers.combine({
        indices,
        parts,
        shardCapacity: this.#shardCapacity,
        numTxOuts: this.numTxOuts,
        nodes: joined(this.#nodes),
      });
    } finally {
      for (const part of parts) part.fill(0);
    }
  }

  #addShard(kernel: Kernel): void {
    const first = this.#shards.length * this.#shardCapacity;
    const seed = this.#parts.random(SEED_BYTES);
    try {
      this.#shards.push(kernel.ledgers.createShard({ capacity: this.#shardCapacity, seed, first }));
    } catch (cause) {
      if (first === 0) throw cause;
      throw new KernelError("ledger-full", "There is no memory for another shard.", { cause });
    } finally {
      seed.fill(0);
    }
  }

  /** The root of a shard over all of its capacity, and the nodes above it. */
  #placeRoot(number: number): void {
    const shard = this.#shards[number];
    if (shard === undefined) throw new RangeError("There is no such shard.");
    let hash = shard.root();
    const [nil] = this.#nodes;
    if (nil === undefined) throw new RangeError("There is always the nil hash.");
    for (let width = treeWidth(shard.numTxOuts); width < this.#shardCapacity; width *= 2) hash = this.#above(hash, nil);
    let i = number;
    for (let height = 0; ; height++) {
      this.#nodes[this.#place(height, i)] = hash;
      i >>= 1;
      if (2 ** (height + 1) > this.#roots) return;
      hash = this.#above(this.#node(height, 2 * i), this.#node(height, 2 * i + 1));
    }
  }

  get #roots(): number {
    return this.capacity / this.#shardCapacity;
  }

  /** Where a node is: behind the nil hash and all heights before it. */
  #place(height: number, i: number): number {
    return 1 + 2 * this.#roots - (2 * this.#roots) / 2 ** height + i;
  }

  #node(height: number, i: number): Uint8Array {
    const node = this.#nodes[this.#place(height, i)];
    if (node === undefined) throw new RangeError("There is no such node.");
    return node;
  }

  #above(left: Uint8Array, right: Uint8Array): Uint8Array {
    return this.#kernel.hashes.blake2b256(NODE_TAG, left, right);
  }
}

/** Leaves of a tree over so many outputs, empty ones included. */
const treeWidth = (size: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, size)));

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
