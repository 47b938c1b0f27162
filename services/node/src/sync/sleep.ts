// Waiting on a clock that is given.
import { setMaxListeners } from "node:events";
import type { Clock } from "../parts.ts";

/** Waits so many milliseconds, or until the signal ends it. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.setTimer(clock.now() + ms, end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

/** A signal that ends with another one, after so many milliseconds, or when it is told to. */
export function deadline(clock: Clock, ms: number, signal: AbortSignal): AbortController {
  const controller = newAbort();
  const end = (): void => controller.abort(signal.reason);
  const timer = clock.setTimer(clock.now() + ms, end);
  signal.addEventListener("abort", end);
  controller.signal.addEventListener("abort", () => {
    timer.cancel();
    signal.removeEventListener("abort", end);
  });
  if (signal.aborted) end();
  return controller;
}

/** A signal that as many may listen to as there are fetches and peers, without Node's warning of a leak. */
export function newAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
