// Which block held which transaction, for those who watch: of the latest ones only, and never on a disk.
import type { Value } from "@fogbow/core-scp";
import { EXTERNALIZED_REMEMBERED_MAX } from "../limits.ts";
import { Lru } from "./lru.ts";

/** What is said of a block that was forgotten: the first, which holds no transactions. */
const FORGOTTEN = 0n;

/** Remembers the latest transactions of blocks that this node formed. */
export class ExternalizedTxs {
  readonly #blocks = new Lru<Value, bigint>(EXTERNALIZED_REMEMBERED_MAX);
  readonly #blocksMax: bigint | undefined;
  /** Those whose block is known, the oldest first; nothing where all blocks are. */
  #recent: { readonly value: Value; readonly blockIndex: bigint }[] = [];

  /** With a bound it forgets which block it was so many blocks later, and knows only that there was one. */
  constructor(blocksMax?: bigint) {
    this.#blocksMax = blocksMax;
  }

  add(value: Value, blockIndex: bigint): void {
    this.#blocks.set(value, blockIndex);
    const blocksMax = this.#blocksMax;
    if (blocksMax === undefined) return;
    this.#recent.push({ value, blockIndex });
    const kept = this.#recent.findIndex((each) => each.blockIndex + blocksMax > blockIndex);
    for (const old of this.#recent.splice(0, kept)) {
      if (this.#blocks.has(old.value)) this.#blocks.set(old.value, FORGOTTEN);
    }
  }

  /** The block that held a transaction, 0 if that was forgotten; undefined for one that is not known to be in any. */
  blockOf(value: Value): bigint | undefined {
    return this.#blocks.get(value);
  }
}
