// Sorts more key images than there is room for. The host gives all of them in any order, again and again; each time the smallest
// that are left are kept, sorted and hashed. So the host sees that all are read, some number of times, and nothing of their order.
import { compareKeyImages, SortedKeyImages } from "@fogbow/core-block";
import { SORTED_TOGETHER_MAX } from "../limits.ts";

/** Bytes of a key image. */
const BYTES = 32;
/** Some milliseconds: others wait meanwhile. */
const HASHED_AT_ONCE = 256;

/** The key images of one ledger on their way into order. */
export class KeyImageSorter {
  /** Those that are in order: all of them once a pass ends with nothing left. */
  readonly sorted: SortedKeyImages = new SortedKeyImages();
  readonly #max: number;
  /** Of this pass, as they came; room for twice as many as are kept, and filled up no further than that. */
  #kept = new Uint8Array(BYTES * 1_024);
  #count = 0;
  /** The largest that is in order. */
  #floor: Uint8Array | undefined;
  /** No larger one is of use in this pass: as many as can be kept are smaller. */
  #ceiling: Uint8Array | undefined;

  /** Smallest first. */
  #ordered: Uint8Array[] = [];
  #isLast = false;

  constructor(max: number = SORTED_TOGETHER_MAX) {
    this.#max = max;
  }

  /** Takes some of them, each once a pass. */
  take(keyImages: readonly Uint8Array[]): void {
    for (const image of keyImages) {
      const isDone = this.#floor !== undefined && compareKeyImages(image, this.#floor) <= 0;
      const isLate = this.#ceiling !== undefined && compareKeyImages(image, this.#ceiling) > 0;
      if (isDone || isLate) continue;
      if (this.#count === 2 * this.#max) this.#keepSmallest();
      this.#put(image);
    }
  }

  /** Ends a pass: what is kept is put in order, to be hashed bit by bit. */
  endPass(): void {
    if (this.#count > this.#max) this.#keepSmallest();
    this.#ordered = this.#inOrder();
  }

  /** Hashes some of those that were put in order; says whether there are more of them. Throws BlockError `unordered-key-images`. */
  hashSome(): boolean {
    const some = this.#ordered.splice(0, HASHED_AT_ONCE).map((image) => image.slice());
    this.sorted.addAll(some);
    this.#floor = some.at(-1) ?? this.#floor;
    if (this.#ordered.length > 0) return true;
    this.#isLast = this.#ceiling === undefined;
    this.#ceiling = undefined;
    this.#kept.fill(0);
    this.#count = 0;
    return false;
  }

  /** Whether the last pass left nothing for another one. */
  get isDone(): boolean {
    return this.#isLast;
  }

  #put(image: Uint8Array): void {
    if (this.#kept.length === this.#count * BYTES) {
      const larger = new Uint8Array(Math.min(2 * this.#kept.length, 2 * this.#max * BYTES));
      larger.set(this.#kept);
      this.#kept.fill(0);
      this.#kept = larger;
    }
    this.#kept.set(image, this.#count * BYTES);
    this.#count += 1;
  }

  #keepSmallest(): void {
    const smallest = this.#inOrder().slice(0, this.#max);
    const kept = new Uint8Array(2 * this.#max * BYTES);
    for (const [i, image] of smallest.entries()) kept.set(image, i * BYTES);
    this.#ceiling = smallest.at(-1)?.slice();
    this.#kept.fill(0);
    this.#kept = kept;
    this.#count = smallest.length;
  }

  /** Views of those that are kept, smallest first. */
  #inOrder(): Uint8Array[] {
    const views = Array.from({ length: this.#count }, (_, i) => this.#kept.subarray(i * BYTES, (i + 1) * BYTES));
    return views.sort(compareKeyImages);
  }
}
