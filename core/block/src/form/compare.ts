// How the parts of transactions are compared when a block puts them in order (spec 02 §0, §6.4). Everything is public, so
// nothing here is constant time.

/** Negative, zero or positive as `a` comes before, equals or follows `b`. */
export type Compare<Item> = (a: Item, b: Item) => number;

/** Byte by byte; a string comes before those that it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = (a[i] as number) - (b[i] as number); // Both are longer than i.
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** By size. */
export function compareIntegers(a: bigint | number, b: bigint | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Item by item; a list comes before those that it begins. */
export function compareLists<Item>(a: readonly Item[], b: readonly Item[], compare: Compare<Item>): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = compare(a[i] as Item, b[i] as Item); // Both are longer than i.
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The first comparison that tells two things apart; those after it are not made. */
export function inOrder(...comparisons: readonly (() => number)[]): number {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference !== 0) return difference;
  }
  return 0;
}
