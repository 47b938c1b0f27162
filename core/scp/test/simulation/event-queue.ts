// Events in the order of virtual time, then of their creation: a binary heap.

interface Event {
  readonly at: number;
  readonly sequence: number;
  readonly run: () => void;
}

/** The virtual clock and everything that will happen. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #sequence = 0;
  now = 0;
  ran = 0;

  schedule(delay: number, run: () => void): void {
    const event = { at: this.now + Math.max(0, delay), sequence: this.#sequence++, run };
    let i = this.#heap.push(event) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(event, this.#at(parent))) break;
      this.#heap[i] = this.#at(parent);
      i = parent;
    }
    this.#heap[i] = event;
  }

  /** Runs the next event; false if there is none. */
  next(): boolean {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return false;
    if (this.#heap.length > 0) this.#sink(last);
    this.now = first.at;
    this.ran++;
    first.run();
    return true;
  }

  #sink(event: Event): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && before(this.#at(child + 1), this.#at(child))) child++;
      if (!before(this.#at(child), event)) break;
      this.#heap[i] = this.#at(child);
      i = child;
    }
    this.#heap[i] = event;
  }

  #at(i: number): Event {
    return this.#heap[i] as Event; // Callers stay below the length.
  }
}

function before(a: Event, b: Event): boolean {
  return a.at !== b.at ? a.at < b.at : a.sequence < b.sequence;
}
