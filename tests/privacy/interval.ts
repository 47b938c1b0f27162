// How sure a count of successes makes one of the rate behind it.

/** A rate and where it lies. */
export interface Rate {
  readonly successes: number;
  readonly trials: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Quantile of the normal distribution for 99.9 % on both sides together: one honest run in a thousand misses. */
const Z = 3.2905;

/** The rate with its 99.9 % interval after Wilson (1927), which stays within 0 and 1 and holds at both ends. */
export function rateOf(successes: number, trials: number): Rate {
  const rate = successes / trials;
  const weight = Z ** 2 / trials;
  const centre = (rate + weight / 2) / (1 + weight);
  const half = (Z / (1 + weight)) * Math.sqrt((rate * (1 - rate)) / trials + weight / (4 * trials));
  return { successes, trials, rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
