// The oblivious map as what it is meant to be taken for, an ordinary map; and the generator on @noble/ciphers.
import { type Generator, KernelError, type Oblivious, type ObliviousMap } from "@fogbow/kernel";
import { chacha20orig } from "@noble/ciphers/chacha.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const KEY_BYTES = 32;
const BATCH = 48;
const BATCH_BYTES = 1_024;

/** Structures that hide nothing. */
export const modelOblivious: Oblivious = {
  createMap: ({ keyBytes, valueBytes, capacity }) => createMap(keyBytes, valueBytes, capacity),

  createGenerator(seed) {
    const generator = new Uint8Array(BATCH + BATCH_BYTES);
    generator.set(seed);
    setUsed(generator, BATCH_BYTES);
    return generator;
  },

  draw(generator, length) {
    return Uint8Array.from({ length }, () => {
      if (used(generator) === BATCH_BYTES) refill(generator);
      const at = BATCH + used(generator);
      const byte = generator[at] as number; // Within the batch.
      generator[at] = 0;
      setUsed(generator, used(generator) + 1);
      return byte;
    });
  },
};

const view = (generator: Generator): DataView => new DataView(generator.buffer, generator.byteOffset);
const used = (generator: Generator): number => view(generator).getUint32(KEY_BYTES, true);
const setUsed = (generator: Generator, count: number): void => view(generator).setUint32(KEY_BYTES, count, true);

/** Keystream for the key, of which the first bytes become the key. */
function refill(generator: Generator): void {
  const batch = chacha20orig(generator.slice(0, KEY_BYTES), new Uint8Array(8), new Uint8Array(BATCH_BYTES));
  generator.set(batch.subarray(0, KEY_BYTES));
  generator.set(batch.fill(0, 0, KEY_BYTES), BATCH);
  setUsed(generator, KEY_BYTES);
}

function createMap(keyBytes: number, valueBytes: number, capacity: number): ObliviousMap {
  const values = new Map<string, Uint8Array>();
  let size = 0;

  const split = (bytes: Uint8Array, each: number): Uint8Array[] => {
    if (bytes.length % each !== 0) throw new KernelError("invalid-length", `Expected a multiple of ${each} bytes.`);
    return Array.from({ length: bytes.length / each }, (_, i) => bytes.slice(i * each, (i + 1) * each));
  };
  const count = (more: number): void => {
    if (size + more > capacity) throw new KernelError("map-full", "No more upserts.");
    size += more;
  };
  const stored = (key: Uint8Array): Uint8Array => values.get(bytesToHex(key)) ?? new Uint8Array(valueBytes);
  const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

  return {
    keyBytes,
    valueBytes,
    capacity,
    bytes: 0,
    get size() {
      return size;
    },

    upsert(keys, given) {
      const each = split(keys, keyBytes);
      const some = split(given, valueBytes);
      if (some.length !== each.length) throw new KernelError("invalid-length", "One value for each key.");
      count(each.length);
      each.forEach((key, i) => {
        values.set(bytesToHex(key), some[i] as Uint8Array); // As many as keys.
      });
    },

    lookup(keys) {
      const each = split(keys, keyBytes);
      return {
        found: Uint8Array.from(each, (key) => Number(values.has(bytesToHex(key)))),
        values: join(each.map(stored)),
      };
    },

    increment(keys) {
      const each = split(keys, keyBytes);
      count(each.length);
      const old = each.map((key) => {
        const value = stored(key);
        const next = value.slice();
        const number = new DataView(next.buffer);
        number.setBigUint64(0, number.getBigUint64(0, true) + 1n, true);
        values.set(bytesToHex(key), next);
        return value;
      });
      return join(old);
    },
  };
}
