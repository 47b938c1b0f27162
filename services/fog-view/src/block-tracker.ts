// Which blocks a shard has completely (spec 03 §4.6): progress is kept for each ingress key, since one that is late holds
// back all blocks that it answers for.
import type { IngressKeyRecord } from "@fogbow/recovery-db";

/** Blocks from `start` up to, and without, `end`. */
export interface Blocks {
  readonly start: bigint;
  readonly end: bigint;
}

/** The end of a range that has none. */
export const NO_END: bigint = 2n ** 64n - 1n;

/** How far a shard is. */
export interface Progress {
  /** Every block below this one is complete. Never goes back. */
  readonly processedCount: bigint;
  /** One more than the newest block that was processed for any key. */
  readonly knownCount: bigint;
  /** The ingress key, in hex, whose next block is missing; none where nothing more is known. */
  readonly waitsFor: string | undefined;
}

/** The blocks for which records must come under an ingress key before a block can be complete. */
export function responsibilityOf({ status, lastScannedBlock }: IngressKeyRecord): Blocks {
  const { startBlock: start, pubkeyExpiry, lost, retired } = status;
  if (lost) return { start, end: lastScannedBlock === undefined ? start : lastScannedBlock + 1n };
  return { start, end: retired ? pubkeyExpiry : NO_END };
}

/** Counts blocks for each ingress key. Keys are named in hex. */
export class BlockTracker {
  readonly #lastProcessed = new Map<string, bigint>();
  /** For each key that went back, the block that it was at. */
  readonly #owed = new Map<string, bigint>();
  #processedCount = 0n;
  #knownCount = 0n;

  /** The next block to process for a key; none once its responsibility has ended. */
  nextBlock(key: string, record: IngressKeyRecord): bigint | undefined {
    const { start, end } = responsibilityOf(record);
    const last = this.#lastProcessed.get(key);
    const next = last === undefined ? start : last + 1n;
    return next >= start && next < end ? next : undefined;
  }

  /** Notes that blocks were processed for a key, one or more. Throws unless they go on from the last, or are the key's first. */
  processed(key: string, first: bigint, last: bigint = first): void {
    const before = this.#lastProcessed.get(key);
    if (before !== undefined && first !== before + 1n) {
      throw new Error(`Block ${first} of an ingress key was processed after block ${before}.`);
    }
    this.#lastProcessed.set(key, last);
    if (last + 1n > this.#knownCount) this.#knownCount = last + 1n;
  }

  /**
   * Notes that a key's blocks from `next` on, or all of them, must be processed again. Heights stay where they are; until it is
   * done, not all is there that they promise.
   */
  wentBack(key: string, next: bigint | undefined): void {
    const last = this.#lastProcessed.get(key);
    if (last === undefined) return;
    const owed = this.#owed.get(key);
    this.#owed.set(key, owed === undefined || owed < last ? last : owed);
    if (next === undefined) this.#lastProcessed.delete(key);
    else this.#lastProcessed.set(key, next - 1n);
  }

  /** Whether all that went back is there again, as far as somebody still answers for it. A key that nobody knows is missing. */
  isWhole(records: ReadonlyMap<string, IngressKeyRecord>): boolean {
    for (const [key, owed] of this.#owed) {
      const record = records.get(key);
      if (record === undefined) return false;
      const { start, end } = responsibilityOf(record);
      const last = owed < end ? owed : end - 1n;
      if (last >= start && !this.#has(key, last)) return false;
      this.#owed.delete(key);
    }
    return true;
  }

  /** How far a shard of these blocks is, by what is known of the keys. */
  progress(records: ReadonlyMap<string, IngressKeyRecord>, shard: Blocks): Progress {
    const keys = [...records].map(([key, record]) => ({ key, range: responsibilityOf(record) }));
    const ours = keys.filter(({ range }) => overlaps(range, shard));
    let waitsFor: string | undefined;
    while (this.#processedCount < this.#knownCount && waitsFor === undefined) {
      const block = this.#processedCount;
      waitsFor = ours.find(({ key, range }) => isIn(block, range) && !this.#has(key, block))?.key;
      if (waitsFor === undefined) this.#processedCount = this.#complete(block, ours);
    }
    return { processedCount: this.#processedCount, knownCount: this.#knownCount, waitsFor };
  }

  #has(key: string, block: bigint): boolean {
    const last = this.#lastProcessed.get(key);
    return last !== undefined && last >= block;
  }

  /** The count after all blocks from this one on for which nothing changes: a ledger is long, and keys are few. */
  #complete(block: bigint, keys: readonly { readonly key: string; readonly range: Blocks }[]): bigint {
    const changes = keys.flatMap(({ key, range }) => {
      if (block < range.start) return [range.start];
      return block < range.end ? [range.end, (this.#lastProcessed.get(key) ?? block) + 1n] : [];
    });
    return changes.reduce((least, change) => (change < least ? change : least), this.#knownCount);
  }
}

function overlaps(a: Blocks, b: Blocks): boolean {
  return a.start < a.end && a.start < b.end && b.start < a.end;
}

function isIn(block: bigint, { start, end }: Blocks): boolean {
  return block >= start && block < end;
}
