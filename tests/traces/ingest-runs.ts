// What the traces of ingest's step are compared over: outputs for known users, new ones, one user again and again, and nobody, with
// hints of every kind, under ingress keys and egress keys of all sorts. Only how many outputs there are, and how long their records
// are, is the same for all.
import { type Kernel, KernelError } from "@fogbow/kernel";
import type { SecretRun } from "./compare.ts";
import { hintsOfEveryKind } from "./hints.ts";
import { byteSecrets, randomBytes, type Secret, scalarSecrets } from "./secrets.ts";
import { treesOfIngest } from "./trees.ts";

/** Four buckets of counters. */
const CAPACITY = 64;
/** Lengths of the records, which are public. */
const LENGTHS = [187, 187, 179, 111, 187];

/** A call before, so that some users are known, and the call itself. */
export function ingestRuns(): SecretRun[] {
  const trees = treesOfIngest({ capacity: CAPACITY, seed: new Uint8Array(32) });
  return scalarSecrets().map(({ name, bytes: ingressKey }, i) => {
    const kinds = hintsOfEveryKind(ingressKey, i);
    const [valid, stranger] = [kinds[0] as Secret, kinds[1] as Secret]; // The first two kinds.
    const before = i % 2 === 0 ? [stranger, stranger] : [stranger, valid];
    const mixtures = [
      [valid, valid, valid, valid, valid],
      [0, 4, 8, 12, 16].map((k) => kinds[(i + k) % kinds.length] as Secret),
      [stranger, stranger, valid, stranger, valid],
      [0, 5, 2, 7, 3].map((k) => kinds[(i + k) % kinds.length] as Secret),
    ];
    const chosen = mixtures[i % mixtures.length] as Secret[];
    const records = LENGTHS.map((length, k) => randomBytes(`record ${i} ${k}`, length));
    return {
      name: `key ${name}, hints ${chosen.map((hint) => hint.name).join(", ")}`,
      trees,
      run: ({ fog }: Kernel) => {
        const ingest = fog.createIngest({ capacity: CAPACITY, seed: randomBytes(`ingest ${i}`, 32) });
        const take = (hints: readonly Secret[]): void => {
          try {
            ingest.process(ingressKey, join(hints), records.slice(0, hints.length));
          } catch (error) {
            // A key that is not canonical is refused when the work is done.
            if (!(error instanceof KernelError) || error.code !== "invalid-scalar") throw error;
          }
        };
        take(before);
        take(chosen);
      },
    };
  });
}

/** Beginnings from all sorts of seeds, and beginning again. */
export function ingestBeginRuns(): SecretRun[] {
  const trees = treesOfIngest({ capacity: CAPACITY, seed: new Uint8Array(32) });
  return byteSecrets(64).map(({ name, bytes }) => ({
    name,
    trees,
    run: ({ fog }) => {
      const ingest = fog.createIngest({ capacity: CAPACITY, seed: bytes.slice(0, 32) });
      ingest.renew(bytes.slice(32));
    },
  }));
}

function join(hints: readonly Secret[]): Uint8Array {
  return Uint8Array.from(hints.flatMap(({ bytes }) => [...bytes]));
}
