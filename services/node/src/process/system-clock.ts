// Time as the system has it. Timers follow a clock that nobody sets, so a change of the time of day moves none.
import type { Clock } from "../parts.ts";

const TIMER_MS = 2 ** 31 - 1; // The longest that the system's timers wait.

/** The system's clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  unixSeconds: () => BigInt(Math.floor(Date.now() / 1000)),
  unixMilliseconds: () => BigInt(Date.now()),
  setTimer: (atMs, run) => {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = atMs - performance.now();
      timer = setTimeout(() => (performance.now() < atMs ? wait() : run()), Math.min(TIMER_MS, Math.max(0, left)));
    };
    wait(); // The system's timers may come a little before their time, and wait no longer than they can.
    return { cancel: () => clearTimeout(timer) };
  },
};
