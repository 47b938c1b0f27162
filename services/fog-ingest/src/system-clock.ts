// Time as the system has it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./parts.ts";

/** The system's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await sleep(milliseconds, undefined, { signal });
    } catch {
      signal.throwIfAborted(); // With its own reason.
    }
  },
};
