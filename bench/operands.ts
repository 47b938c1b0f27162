// Operands for both sides of a measurement, and the check that both make the same of them.

/** Hands out one item after another, round and round. */
export function inTurn<T>(items: readonly T[]): (use: (item: T) => unknown) => void {
  let next = 0;
  return (use) => {
    use(items[next] as T); // `next` is always within.
    next = (next + 1) % items.length;
  };
}

/** A race between different answers means nothing: throws unless both sides of every pair are equal. */
export function agree(results: readonly (readonly [Uint8Array, Uint8Array])[]): void {
  for (const [ours, theirs] of results) {
    if (Buffer.compare(ours, theirs) !== 0)
      throw new Error("The two sides of a measurement disagree, so neither time means anything.");
  }
}
