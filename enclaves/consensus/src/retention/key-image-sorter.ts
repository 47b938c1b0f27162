// Sorts more key images than there is room for. The host gives all of them in any order, again and again; each time the smallest
// that are left are kept, sorted and hashed. So the host sees that all are read, some number of times, and nothing of their order.
import { compareBytes, SortedKeyImages } from "@fogbow/core-block";
import { SORTED_TOGETHER_MAX } from "../limits.ts";

/** Bytes of a key image. */
const BYTES = 32;
/** Groups by the first two bytes. */
const GROUPS = 65_536;
/** About so many are put in order and hashed at a time: others wait meanwhile. */
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
  /** Those of a pass that has ended, and the first group of them that is not hashed. */
  #grouped: { readonly groups: Groups; next: number } | undefined;
  #isDone = false;

  constructor(max: number = SORTED_TOGETHER_MAX) {
    this.#max = max;
  }

  /** Whether the last pass left nothing for another one. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Takes some of them, each once a pass. */
  take(keyImages: readonly Uint8Array[]): void {
    for (const image of keyImages) {
      const isHashed = this.#floor !== undefined && compareBytes(image, this.#floor) <= 0;
      const isLate = this.#ceiling !== undefined && compareBytes(image, this.#ceiling) > 0;
      if (isHashed || isLate) continue;
      if (this.#count === 2 * this.#max) this.#keepSmallest();
      this.#put(image);
    }
  }

  /** Ends a pass: what is kept is to be hashed bit by bit. */
  endPass(): void {
    if (this.#count > this.#max) this.#keepSmallest();
    this.#grouped = { groups: groupsOf(this.#kept, this.#count), next: 0 };
  }

  /** Hashes some of those of the pass that has ended; says whether there are more. Throws BlockError `unordered-key-images`. */
  hashSome(): boolean {
    const grouped = this.#grouped;
    if (grouped === undefined) return false;
    const some: Uint8Array[] = [];
    while (some.length < HASHED_AT_ONCE && grouped.next < GROUPS) {
      some.push(...inOrder(grouped.groups, grouped.next).map((image) => image.slice()));
      grouped.next += 1;
    }
    this.sorted.addAll(some);
    this.#floor = some.at(-1) ?? this.#floor;
    if (grouped.next < GROUPS) return true;
    this.#isDone = this.#ceiling === undefined;
    this.#ceiling = undefined;
    this.#grouped = undefined;
    this.#kept.fill(0);
    this.#count = 0;
    return false;
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
    const groups = groupsOf(this.#kept, this.#count);
    const last = groups.ends.findIndex((end) => end >= this.#max);
    const before = groups.ends[last - 1] ?? 0;
    const smallest = inOrder(groups, last).slice(0, this.#max - before);
    this.#kept.fill(0);
    this.#kept = new Uint8Array(2 * this.#max * BYTES);
    this.#kept.set(groups.bytes.subarray(0, before * BYTES));
    this.#count = before;
    for (const image of smallest) this.#put(image);
    this.#ceiling = smallest.at(-1)?.slice();
  }
}

/** Key images, those with the same first two bytes together, in the order of these. */
interface Groups {
  readonly bytes: Uint8Array;
  /** How many there are up to each group's end. */
  readonly ends: Uint32Array;
}

function groupsOf(kept: Uint8Array, count: number): Groups {
  const groupOf = (i: number): number => ((kept[i * BYTES] as number) << 8) | (kept[i * BYTES + 1] as number); // Among the kept.
  const ends = new Uint32Array(GROUPS);
  for (let i = 0; i < count; i++) ends[groupOf(i)] = (ends[groupOf(i)] as number) + 1;
  for (let group = 1; group < GROUPS; group++) ends[group] = (ends[group] as number) + (ends[group - 1] as number);
  const room = ends.slice();
  const bytes = new Uint8Array(count * BYTES);
  for (let i = 0; i < count; i++) {
    const place = (room[groupOf(i)] as number) - 1;
    room[groupOf(i)] = place;
    bytes.set(kept.subarray(i * BYTES, (i + 1) * BYTES), place * BYTES);
  }
  return { bytes, ends };
}

/** Views of those of one group, smallest first. */
function inOrder({ bytes, ends }: Groups, group: number): Uint8Array[] {
  const [from, to] = [ends[group - 1] ?? 0, ends[group] ?? 0];
  const views = Array.from({ length: to - from }, (_, i) => bytes.subarray((from + i) * BYTES, (from + i + 1) * BYTES));
  return views.sort(compareBytes);
}
