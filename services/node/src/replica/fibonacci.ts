// How long to wait before the next attempt: Fibonacci numbers of a unit, with jitter so that many do not come at once.
import type { Random } from "@fogbow/core-bytes";
import { RETRY_MS_MAX } from "../limits.ts";

/** Milliseconds before attempt `failures + 1`, the unit being one second unless given: half of it is certain. */
export function fibonacciDelay(failures: number, random: Random, unitMs = 1_000): number {
  let [a, b] = [1, 1];
  for (let i = 1; i < failures && a * unitMs < RETRY_MS_MAX; i++) [a, b] = [b, a + b];
  const delay = Math.min(a * unitMs, RETRY_MS_MAX);
  return delay / 2 + (delay / 2) * ((random(1)[0] ?? 0) / 255);
}
