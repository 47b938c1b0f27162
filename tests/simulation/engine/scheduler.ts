// The virtual clock and everything that will happen, in the order of time, then of being asked for (spec 05 §6.1). Promises
// settle only inside of events: after each one the scheduler lets all that became runnable run, before the next begins.
import { EventHash } from "./event-hash.ts";

/** Something that will happen. */
export interface Scheduled {
  /** It does not happen. Later calls do nothing. */
  cancel(): void;
}

interface Entry extends Scheduled {
  readonly at: number;
  readonly sequence: number;
  readonly label: string;
  run: (() => void) | undefined;
}

/** One thread of events. */
export class Scheduler {
  readonly hash: EventHash = new EventHash();
  readonly #heap: Entry[] = [];
  readonly #outside = new Set<Promise<unknown>>();
  #sequence = 0;
  #now = 0;
  #ran = 0;
  #failure: { readonly error: unknown } | undefined;

  /** Virtual milliseconds since the start. */
  get now(): number {
    return this.#now;
  }

  /** How many events have run. */
  get ran(): number {
    return this.#ran;
  }

  /** Asks for an event after `delay` milliseconds. The label goes into the hash. */
  schedule(delay: number, label: string, run: () => void): Scheduled {
    const entry: Entry = {
      at: this.#now + Math.max(0, delay),
      sequence: this.#sequence++,
      label,
      run,
      cancel: () => {
        entry.run = undefined;
      },
    };
    let i = this.#heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, this.#at(parent))) break;
      this.#heap[i] = this.#at(parent);
      i = parent;
    }
    this.#heap[i] = entry;
    return entry;
  }

  /**
   * Real work that does not end in microtasks, such as checking a certificate on the system's threads: no event begins
   * before it is over, so its duration has no effect.
   */
  awaitOutside<T>(work: Promise<T>): Promise<T> {
    this.#outside.add(work);
    const done = (): void => {
      this.#outside.delete(work);
    };
    work.then(done, done);
    return work;
  }

  /** Ends the run: {@link step} throws this. For checks that fail where code under test would catch the error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Runs the next event and all that it makes runnable; false if there is none. */
  async step(): Promise<boolean> {
    const entry = this.#next();
    if (entry?.run === undefined) return false;
    this.#now = entry.at;
    this.#ran++;
    this.hash.number(entry.at * 1_000);
    this.hash.text(entry.label);
    entry.run();
    await this.settle();
    return true;
  }

  /** Lets everything run that can run without another event. */
  async settle(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#outside.size === 0) break;
      await Promise.allSettled(this.#outside);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** The first event that was not called off, taken out. */
  #next(): Entry | undefined {
    for (;;) {
      const first = this.#heap[0];
      const last = this.#heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (this.#heap.length > 0) this.#sink(last);
      if (first.run !== undefined) return first;
    }
  }

  #sink(entry: Entry): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && before(this.#at(child + 1), this.#at(child))) child++;
      if (!before(this.#at(child), entry)) break;
      this.#heap[i] = this.#at(child);
      i = child;
    }
    this.#heap[i] = entry;
  }

  #at(i: number): Entry {
    return this.#heap[i] as Entry; // Callers stay below the length.
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at !== b.at ? a.at < b.at : a.sequence < b.sequence;
}
