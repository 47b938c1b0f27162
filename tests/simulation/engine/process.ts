// One run of a program on a simulated machine: from its start to its crash. All that it waits for is an event of the
// scheduler; when it is killed, nothing of it happens any more, whatever promises it still holds.
import type { Scheduled, Scheduler } from "./scheduler.ts";

/** Thrown where a program stands when its machine stops. Nobody is left to catch it. */
export class ProcessKilled extends Error {
  constructor() {
    super("The process was killed.");
  }
}

/** A running program. */
export class SimulatedProcess {
  readonly #scheduler: Scheduler;
  readonly #name: string;
  #alive = true;
  #frozen = false;
  /** What would have happened while the process was frozen. */
  readonly #held: (() => void)[] = [];

  constructor(name: string, scheduler: Scheduler) {
    this.#name = name;
    this.#scheduler = scheduler;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  get isFrozen(): boolean {
    return this.#frozen;
  }

  /** Runs something in the process after `delay` milliseconds, unless it is dead by then. */
  post(delay: number, label: string, run: () => void): Scheduled {
    let isCancelled = false;
    const runUnlessCancelled = (): void => {
      if (!isCancelled && this.#alive) run();
    };
    const event = this.#scheduler.schedule(delay, `${this.#name} ${label}`, () => {
      if (this.#frozen) this.#held.push(runUnlessCancelled);
      else runUnlessCancelled();
    });
    return {
      cancel: () => {
        isCancelled = true;
        event.cancel();
      },
    };
  }

  /** What `work` gives, `delay` milliseconds from now; the work is done then. Never settles once the process is dead. */
  complete<T>(delay: number, label: string, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.post(delay, label, () => {
        try {
          resolve(work());
        } catch (error) {
          if (!(error instanceof ProcessKilled)) reject(error);
        }
      });
    });
  }

  /** Stops for good. */
  kill(): void {
    this.#alive = false;
    this.#held.length = 0;
  }

  /** Stops, as if the system gave it no time; its clock goes on. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Goes on: all that came meanwhile happens now, in its order. */
  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    for (const run of this.#held.splice(0)) this.#scheduler.schedule(0, `${this.#name} thaw`, run);
  }
}
