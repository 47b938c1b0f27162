// A queue that serves its callers in turn: whoever asks for much waits for himself, not others for him.

/** Items by caller, served round robin. */
export class FairQueue<Item> {
  readonly #max: number;
  /** Callers in the order in which they are served next. */
  readonly #waiting = new Map<string, Item[]>();
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds an item; false when there is no room. */
  add(caller: string, item: Item): boolean {
    if (this.#length >= this.#max) return false;
    const items = this.#waiting.get(caller);
    if (items === undefined) this.#waiting.set(caller, [item]);
    else items.push(item);
    this.#length++;
    return true;
  }

  /** Takes at most so many items, one of each caller in turn. */
  take(max: number): Item[] {
    const taken: Item[] = [];
    while (taken.length < max) {
      const next = this.#waiting.entries().next().value;
      if (next === undefined) break;
      const [caller, items] = next;
      taken.push(items.shift() as Item); // Nobody waits without items.
      this.#length--;
      this.#waiting.delete(caller);
      if (items.length > 0) this.#waiting.set(caller, items);
    }
    return taken;
  }
}
