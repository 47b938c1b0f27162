// Bounded memory: what was used longest ago makes room.

/** Remembers at most so many entries. */
export class Lru<Key, Value> {
  readonly #max: number;
  readonly #onEvict: ((key: Key, value: Value) => void) | undefined;
  readonly #entries = new Map<Key, Value>();

  constructor(max: number, onEvict?: (key: Key, value: Value) => void) {
    this.#max = max;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which counts as used. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Whether a key is there; it does not count as used. */
  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const [oldest, evicted] of this.#entries) {
      if (this.#entries.size <= this.#max) break;
      this.#entries.delete(oldest);
      this.#onEvict?.(oldest, evicted);
    }
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
