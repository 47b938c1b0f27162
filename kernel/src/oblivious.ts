// The face of what hides which of its parts it touches: the oblivious map of `assembly/oblivious-map.ts` and the generator
// of `assembly/random.ts`. A map lies below the input/output area for as long as its kernel does.
import { KernelError } from "./error.ts";
import { type Export, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { Oblivious, ObliviousMap, ObliviousMapOptions } from "./kernel.ts";

const SEED_BYTES = 32;
/** Key ‖ bytes used of the batch ‖ zeros ‖ the batch. */
const GENERATOR_BYTES = 1072;
const NUMBER_BYTES = 8;

/** Random bytes from one call. */
const RANDOM_OUTPUT_BYTES_MAX = 65_536;
/** Bytes of a value, so that no sum of sizes reaches the sign bit. */
const VALUE_BYTES_MAX = 65_536;
/** Records of a map: more do not fit in 4 GiB. */
const CAPACITY_MAX = 2 ** 26;
/** Keys in one call of the module, a bound on the memory for arguments and results. */
const KEYS_MAX = 256;

/** The exports of maps. */
export type MapExports = Readonly<Record<ExportName, Export>>;

/** A map with what other faces need to read it in calls of their own. */
export interface HeldMap extends ObliviousMap {
  /** Where it lies. */
  readonly address: number;
  /** Runs one exchange that uses the map. Throws {@link KernelError} `map-broken`, now or ever after, if it traps. */
  readonly run: (work: (io: Instance) => void) => void;
}

type ExportName = `map${"Bytes" | "IncrementAll" | "Init" | "LookupAll" | "UpsertAll"}` | `random${"Fill" | "Seed"}`;

/** Maps and generators on one kernel instance. */
export function createOblivious(instance: Instance): Oblivious {
  // The record is open-ended by type; these are the names of `assembly/index.ts`.
  const exports = instance.exports as Readonly<Record<ExportName, Export>>;
  return {
    createMap: (options) => createMap(instance, exports, options),

    createGenerator(seed) {
      expectLength(seed, SEED_BYTES, "A seed");
      return instance.exchange((io) => {
        const state = io.reserve(GENERATOR_BYTES);
        exports.randomSeed(state, io.put(seed));
        return io.take(state, GENERATOR_BYTES);
      });
    },

    draw(generator, length) {
      expectLength(generator, GENERATOR_BYTES, "A generator");
      const used = new DataView(generator.buffer, generator.byteOffset).getUint32(SEED_BYTES, true);
      if (used > GENERATOR_BYTES - 48 || !isSize(length, 0, RANDOM_OUTPUT_BYTES_MAX)) {
        throw new KernelError("invalid-length", `At most ${RANDOM_OUTPUT_BYTES_MAX} bytes, of a generator.`);
      }
      return instance.exchange((io) => {
        const state = io.put(generator);
        const out = io.reserve(length);
        exports.randomFill(state, out, length);
        generator.set(io.memory.subarray(state, state + GENERATOR_BYTES));
        return io.take(out, length);
      });
    },
  };
}

/** Claims the memory of a map and makes it there. */
export function createMap(
  instance: Instance,
  exports: MapExports,
  { keyBytes, valueBytes, capacity, seed }: ObliviousMapOptions,
): HeldMap {
  if (keyBytes !== 16 && keyBytes !== 32) throw new KernelError("invalid-length", "A key is 16 or 32 bytes.");
  if (!isSize(valueBytes, 1, VALUE_BYTES_MAX)) {
    throw new KernelError("invalid-length", `A value is 1 to ${VALUE_BYTES_MAX} bytes.`);
  }
  if (!isSize(capacity, 1, CAPACITY_MAX)) {
    throw new KernelError("invalid-length", `A map is made for 1 to ${CAPACITY_MAX} records.`);
  }
  expectLength(seed, SEED_BYTES, "The seed");
  const bytes = exports.mapBytes(keyBytes, valueBytes, capacity) >>> 0;
  const map = instance.claim(bytes);
  instance.exchange((io) => exports.mapInit(map, keyBytes, valueBytes, capacity, io.put(seed)));

  let size = 0;
  let isBroken = false;

  /** A trap leaves the map half changed: stash or list overflowed. */
  const run = (work: (io: Instance) => void): void => {
    if (isBroken) throw new KernelError("map-broken", "This map has overflowed and must be made anew.");
    isBroken = true;
    try {
      instance.exchange(work);
      isBroken = false;
    } catch (cause) {
      if (cause instanceof KernelError) {
        isBroken = false; // The arguments did not fit, and nothing has run.
        throw cause;
      }
      throw new KernelError("map-broken", "This map has overflowed and must be made anew.", { cause });
    }
  };

  /** Makes room for `count` more upserts, or refuses them all. */
  const count = (more: number): void => {
    if (size + more > capacity) throw new KernelError("map-full", `This map is for ${capacity} upserts.`);
    size += more;
  };

  return {
    address: map,
    run,
    keyBytes,
    valueBytes,
    capacity,
    bytes,
    get size() {
      return size;
    },

    upsert(keys, values) {
      const n = expectWhole(keys, keyBytes, "The keys");
      expectLength(values, n * valueBytes, "The values");
      count(n);
      for (const { first, last } of parts(n)) {
        run((io) => {
          const some = io.put(keys.subarray(first * keyBytes, last * keyBytes));
          exports.mapUpsertAll(map, some, io.put(values.subarray(first * valueBytes, last * valueBytes)), last - first);
        });
      }
    },

    lookup(keys) {
      const n = expectWhole(keys, keyBytes, "The keys");
      const found = new Uint8Array(n);
      const values = new Uint8Array(n * valueBytes);
      for (const { first, last } of parts(n)) {
        run((io) => {
          const some = io.put(keys.subarray(first * keyBytes, last * keyBytes));
          const [valuesAt, foundAt] = [io.reserve((last - first) * valueBytes), io.reserve(last - first)];
          exports.mapLookupAll(map, some, valuesAt, foundAt, last - first);
          values.set(io.take(valuesAt, (last - first) * valueBytes), first * valueBytes);
          found.set(io.take(foundAt, last - first), first);
        });
      }
      return { found, values };
    },

    increment(keys) {
      const n = expectWhole(keys, keyBytes, "The keys");
      if (valueBytes < NUMBER_BYTES) throw new KernelError("invalid-length", "A number has eight bytes.");
      count(n);
      const old = new Uint8Array(n * valueBytes);
      for (const { first, last } of parts(n)) {
        run((io) => {
          const some = io.put(keys.subarray(first * keyBytes, last * keyBytes));
          const oldAt = io.reserve((last - first) * valueBytes);
          exports.mapIncrementAll(map, some, oldAt, last - first);
          old.set(io.take(oldAt, (last - first) * valueBytes), first * valueBytes);
        });
      }
      return old;
    },
  };
}

/** `n` keys in as many as one call takes. */
export function parts(n: number): { first: number; last: number }[] {
  return Array.from({ length: Math.ceil(n / KEYS_MAX) }, (_, i) => ({
    first: i * KEYS_MAX,
    last: Math.min(n, (i + 1) * KEYS_MAX),
  }));
}

function isSize(size: number, min: number, max: number): boolean {
  return Number.isInteger(size) && size >= min && size <= max;
}
