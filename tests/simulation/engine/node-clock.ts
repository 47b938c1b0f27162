// A machine's clocks: the monotonic one runs a little fast or slow, the wall clock is also wrong and may be set.
import type { SimulatedProcess } from "./process.ts";
import type { Scheduled, Scheduler } from "./scheduler.ts";

/** How wrong a clock is. */
export interface ClockFault {
  /** Parts per million by which it runs fast. */
  readonly driftPpm: number;
  /** By how much the wall clock is ahead, in milliseconds. */
  readonly skewMs: number;
}

const EPOCH_SECONDS = 1_760_000_000;

/** The clocks of one machine; they go on while the program does not run. */
export class MachineClock {
  readonly #scheduler: Scheduler;
  readonly #rate: number;
  #wallOffsetMs: number;

  constructor(scheduler: Scheduler, { driftPpm, skewMs }: ClockFault) {
    this.#scheduler = scheduler;
    this.#rate = 1 + driftPpm / 1e6;
    this.#wallOffsetMs = skewMs;
  }

  /** Monotonic milliseconds. */
  now(): number {
    return Math.floor(this.#scheduler.now * this.#rate);
  }

  unixSeconds(): bigint {
    return BigInt(Math.floor(EPOCH_SECONDS + (this.#scheduler.now + this.#wallOffsetMs) / 1_000));
  }

  /** Somebody sets the wall clock. */
  setWallForward(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** Calls when the monotonic clock shows `atMs`. */
  setTimer(process: SimulatedProcess, atMs: number, run: () => void): Scheduled {
    // A microsecond late, so that rounding never shows an earlier time than was asked for.
    return process.post(atMs / this.#rate + 0.001 - this.#scheduler.now, "timer", run);
  }
}
