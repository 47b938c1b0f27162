// Where outputs are, by their public keys: an oblivious map for each shard of so many outputs, of which all are asked for each key.
import type { Random } from "@fogbow/core-bytes";
import { type FogLedgerMap, type Kernel, KernelError } from "@fogbow/kernel";

const KEY_BYTES = 32;
const PLACE_BYTES = 24;
const SEED_BYTES = 32;

/** Outputs that there is room for, in all and in one map: powers of two. */
export interface PlacesOptions {
  readonly capacity: number;
  readonly shard: number;
}

/** What the maps are made with: a kernel for each of them. */
export interface PlacesParts {
  readonly createKernel: () => Kernel;
  readonly random: Random;
}

/** The maps, each made once the ones before it are full. */
export class Places {
  readonly capacity: number;
  readonly #shard: number;
  readonly #parts: PlacesParts;
  /** Adds answers up. */
  readonly #kernel: Kernel;
  readonly #maps: FogLedgerMap[] = [];

  constructor({ capacity, shard }: PlacesOptions, parts: PlacesParts) {
    this.capacity = capacity;
    this.#shard = Math.min(capacity, shard);
    this.#parts = parts;
    this.#kernel = parts.createKernel();
    this.#maps.push(this.#createMap(this.#kernel));
  }

  /** Outputs in all maps. */
  get size(): number {
    return this.#maps.reduce((sum, { size }) => sum + size, 0);
  }

  /** Makes room for so many more. Throws KernelError `map-full` without memory for them; then nothing has changed that shows. */
  makeRoom(more: number): void {
    const size = this.size + more;
    if (size > this.capacity) throw new KernelError("map-full", "There is no room for so many outputs.");
    while (this.#maps.length * this.#shard < size) {
      try {
        this.#maps.push(this.#createMap(this.#parts.createKernel()));
      } catch (cause) {
        throw new KernelError("map-full", "There is no memory for another map.", { cause });
      }
    }
  }

  /** Takes outputs: 32 bytes of each key, 24 of each place. Room was made for them. */
  insert(keys: Uint8Array, places: Uint8Array): void {
    const count = keys.length / KEY_BYTES;
    for (let done = 0; done < count; ) {
      const map = this.#maps[Math.floor(this.size / this.#shard)];
      if (map === undefined) throw new RangeError("Room is made before.");
      const end = Math.min(count, done + map.capacity - map.size);
      map.insert(
        keys.subarray(done * KEY_BYTES, end * KEY_BYTES),
        places.subarray(done * PLACE_BYTES, end * PLACE_BYTES),
      );
      done = end;
    }
  }

  /** The fields `results` of a `LookupOutputsResponse` for n keys, 32·n bytes. */
  answers(keys: Uint8Array): Uint8Array {
    const answers = this.#maps.map((map) => map.answers(keys));
    try {
      return this.#kernel.fogLedger.combineOutputs(answers);
    } finally {
      for (const answer of answers) answer.fill(0);
    }
  }

  #createMap(kernel: Kernel): FogLedgerMap {
    return kernel.fogLedger.createOutputs({ capacity: this.#shard, seed: this.#parts.random(SEED_BYTES) });
  }
}
