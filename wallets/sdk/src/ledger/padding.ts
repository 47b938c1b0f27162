// Sizes of requests that tell nothing but a class (spec 03 §5.7, §8.3).
import type { Random } from "@fogbow/core-bytes";
import { readLe64 } from "@fogbow/core-bytes";

/** The smallest class that holds `count`, from `least` on by `factor`. */
export function classOf(count: number, least: number, factor: number): number {
  let size = least;
  while (size < count) size *= factor;
  return size;
}

/** A uniform integer from 0 up to, and without, `below`. */
export function uniform(below: bigint, random: Random): bigint {
  const bound = 2n ** 64n - (2n ** 64n % below);
  for (;;) {
    const drawn = readLe64(random(8), 0);
    if (drawn < bound) return drawn % below;
  }
}

/** The numbers from 0 up to `count` in a random order (Fisher and Yates). */
export function randomOrder(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Number(uniform(BigInt(i + 1), random));
    [order[i], order[j]] = [order[j] as number, order[i] as number]; // Both are within.
  }
  return order;
}
