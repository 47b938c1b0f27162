// A bounded table of things that hold keys: the one that was not used for longest makes room (spec 04 §4.3).

/** Something whose keys are overwritten when it is closed. */
export interface Closeable {
  close(): void;
}

/** At most `max` values by name. A value that leaves the table is closed. */
export class ClosingTable<Value extends Closeable> {
  readonly #max: number;
  /** In the order of their last use. */
  readonly #values = new Map<string, Value>();

  constructor({ max }: { readonly max: number }) {
    this.#max = max;
  }

  /** How many values there are. */
  get size(): number {
    return this.#values.size;
  }

  /** The value, which counts as a use, or undefined. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, value);
    }
    return value;
  }

  /** Adds a value, in place of one with the same key. When the table is full the value unused for longest is closed. */
  set(key: string, value: Value): void {
    if (this.#values.get(key) === value) {
      this.get(key);
      return;
    }
    this.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#max && oldest !== undefined) this.delete(oldest);
  }

  /** Takes a value out without closing it: it is the caller's now. */
  take(key: string): Value | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  /** Closes a value, if there is one. */
  delete(key: string): void {
    this.take(key)?.close();
  }

  /** Closes all values. */
  close(): void {
    for (const key of [...this.#values.keys()]) this.delete(key);
  }
}
