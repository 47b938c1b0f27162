// Faults that were injected: each has a number, so that one run can be repeated without some of them (spec 05 §6.5).
import type { EventHash } from "./event-hash.ts";
import type { SeededRandom } from "./random.ts";

/** Decides which faults happen, and counts them. */
export class Faults {
  readonly #masked: ReadonlySet<number>;
  readonly #hash: EventHash;
  readonly #counts = new Map<string, number>();
  #last = 0;
  #stopped = false;

  constructor(hash: EventHash, masked: Iterable<number> = []) {
    this.#hash = hash;
    this.#masked = new Set(masked);
  }

  /** Whether a fault happens now. Draws in any case, so that a masked fault moves no other draw of its stream. */
  happens(kind: string, probability: number, random: SeededRandom): boolean {
    if (probability <= 0) return false;
    const drawn = random.chance(probability);
    return drawn && !this.#stopped && this.count(kind);
  }

  /** Counts a fault that is sure to happen; false if it is masked. */
  count(kind: string): boolean {
    this.#last++;
    if (this.#masked.has(this.#last)) return false;
    this.#hash.text(kind);
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    return true;
  }

  /** From now on nothing goes wrong by chance. */
  stop(): void {
    this.#stopped = true;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** How many faults there were, the masked ones included: their numbers go from 1 to this. */
  get total(): number {
    return this.#last;
  }

  /** Faults by kind. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
