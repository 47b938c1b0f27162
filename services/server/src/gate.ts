// Bounds how many calls of an RPC are in progress and how many wait for them.

/** A gate that lets some callers in, has some wait in order, and sends the rest away at once. */
export class Gate {
  readonly #concurrencyMax: number;
  readonly #queueMax: number;
  #inside = 0;
  readonly #queue: (() => void)[] = [];

  constructor({ concurrencyMax, queueMax }: { readonly concurrencyMax: number; readonly queueMax: number }) {
    this.#concurrencyMax = concurrencyMax;
    this.#queueMax = queueMax;
  }

  /**
   * Resolves with a function that leaves, or with undefined at once when too many wait already. Rejects with the
   * signal's reason when it is aborted while waiting.
   */
  async enter(signal: AbortSignal): Promise<(() => void) | undefined> {
    signal.throwIfAborted();
    if (this.#inside >= this.#concurrencyMax) {
      if (this.#queue.length >= this.#queueMax) return undefined;
      await this.#turn(signal); // Whoever leaves hands the place over.
    } else {
      this.#inside++;
    }
    let isInside = true;
    return () => {
      if (isInside) this.#leave();
      isInside = false;
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onTurn = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.#queue.splice(this.#queue.indexOf(onTurn), 1);
        reject(signal.reason);
      };
      this.#queue.push(onTurn);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#inside--;
    else next();
  }
}
