// A clock that a test turns: timers fire in their order, and whatever they set off in the same moment comes to its end
// before time goes on.
import type { Clock, Timer } from "../src/index.ts";

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time as a test has it. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Set<Entry>();

  now(): number {
    return this.#now;
  }

  unixSeconds(): bigint {
    return this.unixMilliseconds() / 1_000n;
  }

  unixMilliseconds(): bigint {
    return BigInt(Date.UTC(2026, 10, 30)) + BigInt(Math.floor(this.#now));
  }

  setTimer(atMs: number, run: () => void): Timer {
    const entry: Entry = { at: Math.max(atMs, this.#now), order: this.#order++, run };
    this.#timers.add(entry);
    return { cancel: () => void this.#timers.delete(entry) };
  }

  /** Resolves at a time. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.setTimer(this.#now + ms, resolve));
  }

  /** Lets so many milliseconds pass. */
  async advance(ms: number): Promise<void> {
    await this.until(() => false, ms, false);
  }

  /** Lets time pass until something holds; throws when it still does not after so many milliseconds. */
  async until(holds: () => boolean, withinMs = 60_000, mustHold = true): Promise<void> {
    const end = this.#now + withinMs;
    for (;;) {
      await settled();
      if (holds()) return;
      const next = this.#next();
      if (next === undefined || next.at > end) {
        this.#now = end;
        break;
      }
      this.#timers.delete(next);
      this.#now = next.at;
      next.run();
    }
    if (mustHold) throw new Error(`After ${withinMs} ms it does not hold.`);
  }

  /** Lets time pass until a promise is settled, and gives what it resolves with. */
  async resolve<T>(promise: Promise<T>, withinMs = 60_000): Promise<T> {
    let isSettled = false;
    const note = (): void => {
      isSettled = true;
    };
    promise.then(note, note);
    await this.until(() => isSettled, withinMs);
    return promise;
  }

  #next(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#timers) {
      if (first === undefined || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
        first = entry;
    }
    return first;
  }
}

/** Resolves when everything that is at hand is done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
