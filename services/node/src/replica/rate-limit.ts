// How often somebody may speak: a bucket that fills steadily and empties with each message (spec 05 §2.8).

/** Lets so many a second through for each caller, and so many at once. */
export class RateLimit<Caller> {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<Caller, { tokens: number; at: number }>();

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Whether a caller may do it now; if so, it has. Callers must be few: nobody is forgotten. */
  allows(caller: Caller, now: number): boolean {
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#burst, at: now };
    this.#buckets.set(caller, bucket);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + ((now - bucket.at) * this.#perSecond) / 1_000);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
