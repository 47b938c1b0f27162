// What the traces of the oblivious map are compared over: keys and values of all sorts, known, unknown, repeated and new, in
// every mixture, with different seeds. Only how many keys there are is the same for all.
import type { ObliviousMap } from "@fogbow/kernel";
import type { SecretRun } from "./compare.ts";
import { byteSecrets, randomBytes } from "./secrets.ts";
import { treesOfMap } from "./trees.ts";

const KEY_BYTES = 16;
const VALUE_BYTES = 24;
/** Four buckets, and a tree of records of six levels. */
const CAPACITY = 64;
/** Keys in the map before, and in the call. */
const KNOWN = 5;
const ASKED = 4;

/** What the keys of the call are: the numbers of known keys, and negative ones for unknown. */
const MIXTURES: readonly { readonly name: string; readonly keys: readonly number[] }[] = [
  { name: "hits", keys: [0, 1, 2, 3] },
  { name: "misses", keys: [-1, -2, -3, -4] },
  { name: "one hit repeated", keys: [2, 2, 2, 2] },
  { name: "one miss repeated", keys: [-1, -1, -1, -1] },
  { name: "hits among misses", keys: [-1, 4, -2, 0] },
  { name: "misses among hits", keys: [3, -1, 1, 1] },
];

/** A call of a method for each mixture and kind of key and value. */
export function mapRuns(call: (map: ObliviousMap, keys: Uint8Array, values: Uint8Array) => unknown): SecretRun[] {
  const trees = treesOfMap({ ...sizes(CAPACITY), seed: new Uint8Array(32) });
  return byteSecrets((KNOWN + ASKED) * (KEY_BYTES + VALUE_BYTES)).flatMap(({ name, bytes }, i) => {
    const mixture = MIXTURES[i % MIXTURES.length] as (typeof MIXTURES)[number]; // The remainder is below the length.
    const known = distinct(bytes.subarray(0, KNOWN * KEY_BYTES));
    const unknown = distinct(bytes.subarray(KNOWN * KEY_BYTES, (KNOWN + ASKED) * KEY_BYTES), KNOWN);
    const values = bytes.subarray((KNOWN + ASKED) * KEY_BYTES);
    const keys = mixture.keys.map((k) => (k < 0 ? keyOf(unknown, -1 - k) : keyOf(known, k)));
    return {
      name: `${mixture.name}, ${name}`,
      trees,
      run: ({ oblivious }) => {
        const map = oblivious.createMap({ ...sizes(CAPACITY), seed: randomBytes(`map ${i}`, 32) });
        map.upsert(known, values.slice(0, KNOWN * VALUE_BYTES));
        call(map, Uint8Array.from(keys.flatMap((key) => [...key])), values.slice(KNOWN * VALUE_BYTES));
        // Whatever the call did, it shows no later either.
        map.lookup(known);
      },
    };
  });
}

/** Maps from all sorts of seeds: one whose leaves are scanned, and one that has an ORAM for them. */
export function initRuns(): SecretRun[] {
  const trees = treesOfMap({ ...sizes(LARGE_CAPACITY), seed: new Uint8Array(32) });
  return byteSecrets(32).map(({ name, bytes }, i) => ({
    name,
    trees,
    run: ({ oblivious }) => {
      const map = oblivious.createMap({ ...sizes(LARGE_CAPACITY), seed: bytes });
      map.increment(randomBytes(`keys of map ${i}`, 2 * KEY_BYTES));
    },
  }));
}

/** More than 2^13 buckets. */
const LARGE_CAPACITY = 2 ** 18;

const sizes = (capacity: number): { keyBytes: number; valueBytes: number; capacity: number } => ({
  keyBytes: KEY_BYTES,
  valueBytes: VALUE_BYTES,
  capacity,
});

const keyOf = (keys: Uint8Array, i: number): Uint8Array => keys.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES);

/** The same keys but for one byte, which numbers them. */
function distinct(keys: Uint8Array, from = 0): Uint8Array {
  const copy = keys.slice();
  for (let i = 0; i < copy.length / KEY_BYTES; i++) copy[i * KEY_BYTES + 7] = from + i;
  return copy;
}
