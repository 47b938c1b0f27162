// Tells those who wait that something has changed; what, they look up themselves, so nothing queues up for slow readers.

/** Wakes up everybody who waits. */
export class Changes {
  #waiting: (() => void)[] = [];
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Something has changed. */
  announce(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Nothing changes any more: whoever waits must look at `isClosed`. */
  close(): void {
    this.#isClosed = true;
    this.announce();
  }

  /** Resolves at the next change, or when the signal is aborted. */
  next(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isClosed || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      const abort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== wake);
        wake();
      };
      this.#waiting.push(wake);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }
}
