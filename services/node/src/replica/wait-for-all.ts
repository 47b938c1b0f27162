// Waiting for several things, but not for ever.
import type { Clock } from "../parts.ts";

/** Resolves when all promises are settled, or when the time has come. */
export function waitForAll(promises: readonly Promise<unknown>[], until: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let left = promises.length;
    const timer = clock.setTimer(until, resolve);
    const done = (): void => {
      left--;
      if (left > 0) return;
      timer.cancel();
      resolve();
    };
    if (left === 0) {
      left = 1;
      done();
    }
    for (const promise of promises) promise.then(done, done);
  });
}
