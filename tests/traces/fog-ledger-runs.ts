// What the traces of Fog Ledger's answers are compared over: keys that are known, unknown and repeated, in every mixture, with
// different values and seeds. Only how many keys there are is the same for all.
import type { FogLedgerMap, Kernel } from "@fogbow/kernel";
import type { SecretRun } from "./compare.ts";
import { byteSecrets, randomBytes } from "./secrets.ts";
import { treesOfMap } from "./trees.ts";

const KEY_BYTES = 32;
const RECORD_BYTES = 56;
const CAPACITY = 64;
const KNOWN = 3;
const ASKED = 3;

/** Numbers of known keys, and negative ones for unknown. */
const MIXTURES: readonly (readonly number[])[] = [
  [0, 1, 2],
  [-1, -2, -3],
  [1, 1, 1],
  [-1, 2, -1],
];

/** Answers of a map of one kind. */
export function answerRuns(
  valueBytes: number,
  create: (kernel: Kernel, options: { capacity: number; seed: Uint8Array }) => FogLedgerMap,
): SecretRun[] {
  const trees = treesOfMap({ keyBytes: KEY_BYTES, valueBytes, capacity: CAPACITY, seed: new Uint8Array(32) });
  return byteSecrets((KNOWN + ASKED) * KEY_BYTES + KNOWN * valueBytes).flatMap(({ name, bytes }, i) =>
    MIXTURES.map((mixture) => {
      const keys = numbered(bytes.subarray(0, (KNOWN + ASKED) * KEY_BYTES));
      const values = bytes.slice((KNOWN + ASKED) * KEY_BYTES);
      const asked = mixture.map((k) => keyOf(keys, k < 0 ? KNOWN - 1 - k : k));
      return {
        name: `${mixture}, ${name}`,
        trees,
        run: (kernel) => {
          const map = create(kernel, { capacity: CAPACITY, seed: randomBytes(`fog ledger ${i}`, 32) });
          map.insert(keys.slice(0, KNOWN * KEY_BYTES), values);
          map.answers(Uint8Array.from(asked.flatMap((key) => [...key])));
        },
      };
    }),
  );
}

/** Results from records that are of the key images asked for, in every order and with every code, or of others. */
export function resultRuns(): SecretRun[] {
  return byteSecrets(ASKED * KEY_BYTES + 4 * RECORD_BYTES).flatMap(({ name, bytes }) =>
    [
      [1, 2, 3, 1],
      [2, 2, 2, 2],
      [3, 3, 1, 2],
    ].map((codes, shift) => {
      const keyImages = numbered(bytes.subarray(0, ASKED * KEY_BYTES));
      const records = bytes.slice(ASKED * KEY_BYTES);
      for (const [j, code] of codes.entries()) {
        if (shift < 2) records.set(keyOf(keyImages, (j + shift) % ASKED), j * RECORD_BYTES);
        records.set([code, 0, 0, 0, 0, 0, 0, 0], j * RECORD_BYTES + 48);
      }
      return {
        name: `${codes}, ${name}`,
        run: ({ fogLedger }) => fogLedger.keyImageResults(keyImages, records),
      };
    }),
  );
}

/** Answers of three maps for two keys, of which each is in any of them or in none. */
export function outputCombineRuns(): SecretRun[] {
  return byteSecrets(3 * 2 * 34).flatMap(({ name, bytes }) =>
    ["..", "0.", ".2", "01", "11", "22"].map((places) => ({
      name: `${places}, ${name}`,
      run: ({ fogLedger }) => {
        const answers = [0, 1, 2].map((shard) => {
          const answer = bytes.slice(shard * 68, shard * 68 + 68);
          for (const i of [0, 1]) answer.set([places[i] === `${shard}` ? 2 : 1, 0, 0, 0], 34 * i + 3);
          return answer;
        });
        return fogLedger.combineOutputs(answers);
      },
    })),
  );
}

const keyOf = (keys: Uint8Array, i: number): Uint8Array => keys.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES);

/** The same keys but for one byte, which numbers them. */
function numbered(keys: Uint8Array): Uint8Array {
  const copy = keys.slice();
  for (let i = 0; i < copy.length / KEY_BYTES; i++) copy[i * KEY_BYTES + 7] = i;
  return copy;
}
