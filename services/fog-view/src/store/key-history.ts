// Under which egress keys the blocks of an ingress key were read. A database that was restored from a backup has other ones for
// blocks that were scanned again, or none.

/** Blocks in a row under one egress key. */
interface Stretch {
  /** In hex. */
  readonly egressKey: string;
  readonly first: bigint;
  last: bigint;
}

/** What was read of one ingress key, in turn. */
export class KeyHistory {
  readonly #stretches: Stretch[] = [];

  /** Notes a block, which comes after all before. */
  add(block: bigint, egressKey: string): void {
    const newest = this.#stretches.at(-1);
    if (newest?.egressKey === egressKey) newest.last = block;
    else this.#stretches.push({ egressKey, first: block, last: block });
  }

  /**
   * The first block that the database does not have as it was read, with which all after it are lost too; undefined when it has
   * all. `egressKeyOf` tells what it has, in hex.
   */
  async firstLost(egressKeyOf: (block: bigint) => Promise<string | undefined>): Promise<bigint | undefined> {
    let lost: bigint | undefined;
    for (const { first, last, egressKey } of this.#stretches.toReversed()) {
      if ((await egressKeyOf(last)) === egressKey) break;
      lost = await firstWhere(first, last, async (block) => (await egressKeyOf(block)) !== egressKey);
      if (lost > first) break;
    }
    return lost;
  }

  /** Forgets a block and all after it. */
  forgetFrom(block: bigint): void {
    while ((this.#stretches.at(-1)?.first ?? -1n) >= block) this.#stretches.pop();
    const newest = this.#stretches.at(-1);
    if (newest !== undefined && newest.last >= block) newest.last = block - 1n;
  }
}

/** The first block of a range for which something holds, and for all after it; it does for the last. */
async function firstWhere(first: bigint, last: bigint, holds: (block: bigint) => Promise<boolean>): Promise<bigint> {
  let [low, high] = [first, last];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (await holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}
