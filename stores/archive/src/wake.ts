// Waiting for a word or for a time, whichever comes first.

/** One waiter. A word that comes while nobody waits is not lost. */
export class Wake {
  #called = false;
  #resume: (() => void) | undefined;

  /** Ends the waiting, or the next one. */
  now(): void {
    this.#called = true;
    this.#resume?.();
  }

  /** Waits for `now`, at most so many milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.#called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#called = false;
    this.#resume = undefined;
  }

  /** Waits so many milliseconds, whoever calls, unless the signal ends it. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    });
  }
}
