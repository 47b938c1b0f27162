// Waiting that can be cut short: polling is the rule, a notice the shortcut.

/** Something to wait on. */
export class Wake {
  #wake: (() => void) | undefined;
  #isDue = false;

  /** Ends the wait in progress, or the next one. */
  now(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  /** Resolves after so many milliseconds, when woken, or when the signal ends it. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#isDue && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => end(), milliseconds);
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        this.#wake = end;
        signal.addEventListener("abort", end, { once: true });
      });
      this.#wake = undefined;
    }
    this.#isDue = false;
  }
}
