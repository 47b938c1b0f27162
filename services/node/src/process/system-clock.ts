// Time as the system has it. Timers follow a clock that nobody sets, so a change of the time of day moves none.
import type { Clock } from "../parts.ts";

const TIMER_MS = 2 ** 31 - 1; // The longest that the system's timers wait.

/** The system's clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  unixSeconds: () => BigInt(Math.floor(Date.now() / 1000)),
  unixMilliseconds: () => BigInt(Date.now()),
  setTimer: (atMs, run) => {
    const delay = Math.min(TIMER_MS, Math.max(0, Math.ceil(atMs - performance.now()))); // Never before its time.
    const timer = setTimeout(run, delay);
    return { cancel: () => clearTimeout(timer) };
  },
};
