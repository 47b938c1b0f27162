// Trying again, a little later each time.
import { BACKOFF_MS_MAX } from "../limits.ts";
import type { Clock } from "../parts.ts";

const STEP_MS = 1_000;

/** Does something until it succeeds: after 1 s, 2 s, and so on up to 30 s. `onFailure` hears of each failure, and may throw to end it. */
export async function untilDone<Result>(
  run: () => Promise<Result>,
  {
    clock,
    signal,
    onFailure,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly onFailure: (error: unknown) => void },
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      signal.throwIfAborted();
      onFailure(error);
    }
    await clock.sleep(Math.min(tries * STEP_MS, BACKOFF_MS_MAX), signal);
  }
}
