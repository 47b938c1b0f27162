// The order of keys that transactions must keep (spec 02 §0, §5.3).

/** Negative, zero or positive as byte string `a` comes before, equals or follows `b`. Not constant time. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = (a[i] as number) - (b[i] as number); // Both are longer than i.
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether each item is strictly after the one before it. */
export function isAscending(items: readonly Uint8Array[]): boolean {
  return items.every((item, i) => i === 0 || compareBytes(items[i - 1] as Uint8Array, item) < 0); // There is one before.
}
