// Repeatable randomness: SplitMix32, one stream for each purpose, so that a choice made in one place moves no other.

/** A stream of random choices that a seed and a purpose determine. */
export class SeededRandom {
  readonly #seed: number;
  #state: number;

  constructor(seed: number, purpose = "") {
    this.#seed = seed;
    let hash = 0x811c_9dc5;
    for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x0100_0193);
    this.#state = Math.imul(seed, 0x9e37_79b9) ^ Math.imul(hash, 0x85eb_ca6b) ^ 0x5851_f42d;
  }

  /** Another stream of the same seed. */
  for(purpose: string): SeededRandom {
    return new SeededRandom(this.#seed, purpose);
  }

  /** 32 random bits, not negative. */
  word(): number {
    this.#state = (this.#state + 0x9e37_79b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  unit(): number {
    return this.word() / 2 ** 32;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.unit() * end);
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T; // Callers pass at least one.
  }

  /** One of the items, each as often as its weight says. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    const total = items.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.unit() * total;
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return (items.at(-1) as readonly [T, number])[0]; // Rounding; callers pass at least one.
  }

  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T]; // Both are inside.
    }
    return result;
  }

  /** A waiting time whose mean is given. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Random bytes, as enclaves and clients ask for them. */
  readonly bytes = (length: number): Uint8Array<ArrayBuffer> => {
    const result = new Uint8Array(length);
    const view = new DataView(result.buffer);
    let i = 0;
    for (; i + 4 <= length; i += 4) view.setUint32(i, this.word(), true);
    for (; i < length; i++) result[i] = this.word();
    return result;
  };
}
