// Waiting for a time, for a word, or for the end.

/** Waits so many milliseconds, or until the signal ends it; `onWake` is given what ends it before. */
export function pause(
  ms: number,
  signal: AbortSignal,
  onWake: (wake: () => void) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    onWake(end);
    if (signal.aborted) end();
  });
}
