// When a crashed enclave is started again, and when it is not.
import { RESTART_MS_MAX, STABLE_MS } from "./limits.ts";

/** Counts crashes; a run that was ready for long enough makes up for those before it. */
export class Restarts {
  readonly #max: number;
  readonly #firstMs: number;
  readonly #now: () => number;
  #crashes = 0;
  /** When the present run became ready; undefined before that. */
  #readyAt: number | undefined;

  /** At most `max` restarts, the first after `firstMs` and each following one after twice as long. `now` in milliseconds. */
  constructor(max: number, firstMs: number, now: () => number = () => performance.now()) {
    this.#max = max;
    this.#firstMs = firstMs;
    this.#now = now;
  }

  /** The present run became ready. */
  ready(): void {
    this.#readyAt = this.#now();
  }

  /** The present run crashed: milliseconds until the next, or undefined when there have been enough. */
  crashed(): number | undefined {
    if (this.#readyAt !== undefined && this.#now() - this.#readyAt >= STABLE_MS) this.#crashes = 0;
    this.#readyAt = undefined;
    if (this.#crashes >= this.#max) return undefined;
    return Math.min(this.#firstMs * 2 ** this.#crashes++, RESTART_MS_MAX);
  }
}
