// What is pushed on one side and iterated over on the other.

/** An iterable of what is pushed until it is ended; for one reader. */
export class PushQueue<Item> implements AsyncIterable<Item> {
  readonly #items: Item[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;
  #failure: unknown;

  push(item: Item): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** What was pushed before is still read; then the reader is at the end, or gets the failure if there is one. */
  end(failure?: unknown): void {
    this.#isEnded = true;
    this.#failure ??= failure;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#failure !== undefined) throw this.#failure;
      else if (this.#isEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
