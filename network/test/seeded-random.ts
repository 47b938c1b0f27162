// Randomness that a test can repeat: SHAKE-256 of a seed, printed by the tests that fail.
import { createHash } from "node:crypto";
import type { Random } from "@fogbow/core-bytes";

/** The seed of this run: `FOGBOW_SEED`, or `1`. */
export const seed: string = process.env.FOGBOW_SEED ?? "1";

/** A generator that gives the same bytes again for the same seed and stream. */
export function seededRandom(stream = "first"): Random {
  let calls = 0;
  return (length) =>
    new Uint8Array(createHash("shake256", { outputLength: length }).update(`${seed}:${stream}:${calls++}`).digest());
}
