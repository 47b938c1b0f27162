// A plain counter map for egress keys. Its memory accesses tell which user an output is for, so it is for where nobody
// watches: tests, tools, and as the model that the enclaves' oblivious map is compared with.
import { equalBytes, readLe32, wipeBytes } from "@fogbow/core-bytes";
import type { CounterMap } from "./egress-key.ts";
import { CryptoError } from "./error.ts";

interface Entry {
  readonly name: Uint8Array;
  counter: bigint;
}

/** Counters by 32-byte name, at most `capacity` of them. Names are secret: they stay bytes that can be wiped. */
export class KexRngCounters implements CounterMap {
  readonly #capacity: number;
  readonly #buckets = new Map<number, Entry[]>();
  #size = 0;

  constructor(options: { readonly capacity: number }) {
    this.#capacity = options.capacity;
  }

  /** The counter's value, 0 at first, which then grows by one modulo 2^64. Throws `kex-rng-counters-full`. */
  next(name: Uint8Array): bigint {
    const entry = this.#find(name);
    const value = entry.counter;
    entry.counter = BigInt.asUintN(64, value + 1n);
    return value;
  }

  /** Wipes all names and forgets all counters. */
  wipe(): void {
    for (const bucket of this.#buckets.values()) {
      wipeBytes(...bucket.map((entry) => entry.name));
    }
    this.#buckets.clear();
    this.#size = 0;
  }

  /** The entry of that name, made if there is none. Names are shared secrets, so their first bytes spread well. */
  #find(name: Uint8Array): Entry {
    const hash = readLe32(name);
    const bucket = this.#buckets.get(hash) ?? [];
    const known = bucket.find((entry) => equalBytes(entry.name, name));
    if (known !== undefined) {
      return known;
    }
    if (this.#size >= this.#capacity) {
      throw new CryptoError("kex-rng-counters-full", `There is room for ${this.#capacity} users only.`);
    }
    const entry = { name: new Uint8Array(name), counter: 0n };
    bucket.push(entry);
    this.#buckets.set(hash, bucket);
    this.#size++;
    return entry;
  }
}
