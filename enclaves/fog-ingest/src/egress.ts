// The egress key with its counters, which the kernel makes and nobody else sees. Every beginning of the counters is that of a
// key as well (requirement T-MAL-3): there is no way to have the one without the other.
import { type Random, wipeBytes } from "@fogbow/core-bytes";
import { KEX_RNG_VERSION, type PrivateKey } from "@fogbow/core-crypto";
import { createKernel, type FogIngest, type Kernel, type SealedOutputs } from "@fogbow/kernel";
import { FogIngestError } from "./error.ts";
import { EGRESS_CAPACITY_MAX } from "./limits.ts";

const CAPACITY_MIN = 16;
const CAPACITY_DEFAULT = 262_144;
const SEED_BYTES = 32;

/** A kernel with room for the map of the largest capacity. */
export function egressKernel(): Kernel {
  return createKernel({ memoryBytesMax: 2 ** 32 });
}

/** What users need to make the same search keys, as `encodeMessage` takes it. */
export interface KexRng {
  readonly pubkey: Uint8Array;
  readonly version: number;
}

/** An egress key, and the next one when it has served as many outputs as its capacity. */
export class Egress {
  readonly #random: Random;
  readonly #makeKernel: () => Kernel;
  readonly capacity: number;
  /** Of which block the key has served outputs last; undefined for a new key. */
  blockIndex: bigint | undefined;
  #ingest: FogIngest;

  /** `capacity` 0 is the default. Throws {@link FogIngestError} `invalid-capacity`. */
  constructor(capacity: number, random: Random, makeKernel: () => Kernel) {
    this.capacity = capacity === 0 ? CAPACITY_DEFAULT : capacity;
    if (
      !Number.isInteger(Math.log2(this.capacity)) ||
      this.capacity < CAPACITY_MIN ||
      this.capacity > EGRESS_CAPACITY_MAX
    ) {
      const message = `The capacity must be a power of two from ${CAPACITY_MIN} to ${EGRESS_CAPACITY_MAX}.`;
      throw new FogIngestError("invalid-capacity", message);
    }
    this.#random = random;
    this.#makeKernel = makeKernel;
    this.#ingest = this.#begin();
  }

  /** The public half of the key. */
  get kexRng(): KexRng {
    return { pubkey: this.#ingest.egressPublicKey, version: KEX_RNG_VERSION };
  }

  /** How many outputs the key can still serve. */
  get remaining(): number {
    return this.capacity - this.#ingest.size;
  }

  /** A new key, and with it new counters. */
  renew(): void {
    this.#withSeed((seed) => this.#ingest.renew(seed));
    this.blockIndex = undefined;
  }

  /**
   * Seals outputs, at most as many as remain. Throws {@link FogIngestError} `ingest-failed` after the map has overflowed; then there is
   * a new key already.
   */
  seal(ingressKey: PrivateKey, hints: Uint8Array, records: readonly Uint8Array[]): SealedOutputs {
    try {
      return this.#ingest.process(ingressKey.expose(), hints, records);
    } catch (cause) {
      this.blockIndex = undefined;
      this.#ingest = this.#begin(); // In another kernel: this one may have stopped half-way.
      throw new FogIngestError("ingest-failed", "The outputs were not sealed. There is a new egress key.", { cause });
    }
  }

  #begin(): FogIngest {
    const { fog } = this.#makeKernel();
    return this.#withSeed((seed) => fog.createIngest({ capacity: this.capacity, seed }));
  }

  #withSeed<T>(use: (seed: Uint8Array) => T): T {
    const seed = this.#random(SEED_BYTES);
    try {
      return use(seed);
    } finally {
      wipeBytes(seed);
    }
  }
}
