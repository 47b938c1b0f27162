// Which block held which transaction, for those who watch: of the latest ones only, and never on a disk.
import type { Value } from "@fogbow/core-scp";
import { EXTERNALIZED_REMEMBERED_MAX } from "../limits.ts";
import { Lru } from "./lru.ts";

/** Remembers the latest transactions of blocks that this node formed. */
export class ExternalizedTxs {
  readonly #blocks = new Lru<Value, bigint>(EXTERNALIZED_REMEMBERED_MAX);

  add(value: Value, blockIndex: bigint): void {
    this.#blocks.set(value, blockIndex);
  }

  blockOf(value: Value): bigint | undefined {
    return this.#blocks.get(value);
  }
}
