// What the traces of Fog View's answers are compared over: records that are there, missing and of all lengths, keys that cannot be,
// and shards that answer in every way. How many keys there are, and how long they are, is the same for all.
import { kernel } from "@fogbow/kernel";
import type { SecretRun } from "./compare.ts";
import { byteSecrets, randomBytes } from "./secrets.ts";
import { treesOfMap } from "./trees.ts";

const KEY_BYTES = 16;
const CAPACITY = 64;
const KNOWN = 4;
/** Of the last key asked for: it is of no use. */
const SHORT_KEY_BYTES = 7;
const SHARDS = 3;

/** What the first three keys are: the numbers of known records, −1 for an unknown key, −2 for one of zeros. */
const MIXTURES: readonly (readonly number[])[] = [
  [0, 1, 2],
  [-1, -1, -1],
  [-2, -2, -2],
  [-1, 3, -2],
  [3, -1, 3],
  [-2, 0, -1],
];

/** Codes of three shards for three keys. */
const CODES: readonly (readonly number[])[] = [
  [1, 2, 2, 1, 2, 2, 1, 2, 2],
  [2, 2, 2, 2, 2, 2, 2, 2, 2],
  [2, 1, 2, 2, 2, 1, 3, 3, 3],
  [4, 5, 1, 5, 4, 2, 2, 3, 1],
  [1, 1, 1, 1, 1, 1, 1, 1, 1],
  [0, 9, 255, 2, 1, 3, 1, 3, 4],
];

/** Records added and looked up. */
export function viewRuns(): SecretRun[] {
  const trees = treesOfMap({ keyBytes: KEY_BYTES, valueBytes: 240, capacity: CAPACITY, seed: new Uint8Array(32) });
  return byteSecrets((KNOWN + 1) * KEY_BYTES + SHORT_KEY_BYTES + 239).map(({ name, bytes }, i) => {
    const mixture = MIXTURES[i % MIXTURES.length] as readonly number[]; // The remainder is below the length.
    const key = (n: number): Uint8Array => {
      const copy = bytes.slice(n * KEY_BYTES, (n + 1) * KEY_BYTES);
      copy[3] = n + 1; // Distinct, and never zero.
      return copy;
    };
    const records = Array.from({ length: KNOWN }, (_, n) => ({
      searchKey: key(n),
      payload: bytes.slice(-239).subarray(0, (i * 61 + n * 97) % 240),
    }));
    const asked = mixture.map((n) => (n === -2 ? new Uint8Array(KEY_BYTES) : key(n === -1 ? KNOWN : n)));
    return {
      name: `${mixture.join(", ")}, ${name}`,
      trees,
      run: ({ view }) => {
        const held = view.createRecords({ capacity: CAPACITY, seed: randomBytes(`records ${i}`, 32) });
        held.add(records);
        held.results([...asked, bytes.slice((KNOWN + 1) * KEY_BYTES, (KNOWN + 1) * KEY_BYTES + SHORT_KEY_BYTES)]);
      },
    };
  });
}

/** Three shards' results made into one, under the client's keys and under others. */
export function collateRuns(): SecretRun[] {
  const held = kernel().view.createRecords({ capacity: 1, seed: new Uint8Array(32) });
  return byteSecrets(3 * KEY_BYTES + 255).map(({ name, bytes }, i) => {
    const codes = CODES[i % CODES.length] as readonly number[]; // The remainder is below the length.
    const keys = [0, 1, 2].map((n) => bytes.slice(n * KEY_BYTES, (n + 1) * KEY_BYTES));
    const shards = Array.from({ length: SHARDS }, (_, shard) => {
      const results = held.results(keys);
      const fields = new DataView(results.buffer, results.byteOffset);
      for (let n = 0; n < keys.length; n++) {
        const tail = n * 289 + 5 + KEY_BYTES;
        fields.setUint32(tail + 1, codes[shard * 3 + n] ?? 0, true);
        results.set(bytes.subarray(-255), tail + 8);
        fields.setUint32(tail + 264, (i * 31 + shard * 101 + n * 47) % 240, true);
        if ((i + shard + n) % 5 === 4) results.fill(0xaa, tail - KEY_BYTES, tail); // Another key's.
      }
      return results;
    });
    return { name: `${codes.join(", ")}, ${name}`, run: ({ view }) => view.collate(keys, shards, 237) };
  });
}
