// A clock that jumps: whenever nothing else is left to do, it is the time of the next timer.
import type { Clock, Timer } from "../../src/index.ts";

/** Time that passes only in `run`. */
export class VirtualClock implements Clock {
  #now = 1_000;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.#now;
  }

  unixSeconds(): bigint {
    return 1_700_000_000n + BigInt(Math.floor(this.#now / 1_000));
  }

  unixMilliseconds(): bigint {
    return 1_700_000_000_000n + BigInt(Math.floor(this.#now));
  }

  setTimer(at: number, run: () => void): Timer {
    const timer = { at, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass until the work is done, and gives its result. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    work.then(done, done);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return work;
      const [first] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (first === undefined) continue; // Something real is being waited for.
      this.#timers.delete(first);
      this.#now = Math.max(this.#now, first.at);
      first.run();
    }
  }
}
