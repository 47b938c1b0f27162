// A bounded table in memory: when it is full, the entry that was not used for longest makes room.

/** At most `max` values by key. */
export class RecentEntries<Value> {
  readonly #max: number;
  /** In the order of their last use. */
  readonly #values = new Map<string, Value>();

  constructor(max: number) {
    this.#max = max;
  }

  /** How many values there are. */
  get size(): number {
    return this.#values.size;
  }

  /** The value, which counts as a use; undefined when there is none. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.set(key, value);
    }
    return value;
  }

  /** Adds a value or replaces the one with the same key. */
  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#max && oldest !== undefined) {
      this.#values.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
