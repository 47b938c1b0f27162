// The ledger that an import appends to. It is made when its first block arrives: a wrong source leaves nothing behind.
import { type BlockData, ORIGIN_ROOT_ELEMENT } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { LedgerError, type LmdbLedger, openLedger } from "@fogbow/ledger-db";
import { CommandError } from "../error.ts";
import { storeOrigin } from "./store-origin.ts";

/** A ledger to append to. End with `close`. */
export class ImportTarget {
  readonly #directory: string;
  #ledger: LmdbLedger | undefined;

  /** Opens the ledger if there is one. Throws as `openLedger` does, save for `ledger-not-found`. */
  constructor(directory: string) {
    this.#directory = directory;
    this.#ledger = tryOpenLedger(directory);
  }

  /** Index of the block to append next. */
  get next(): bigint {
    return this.#ledger?.numBlocks() ?? 0n;
  }

  /** Appends a block. Throws as `append` does, and `root-element-mismatch`, `txo-count-mismatch`. */
  append(data: BlockData): void {
    if (equalBytes(data.block.parentId, this.#ledger?.lastBlock()?.id ?? new Uint8Array(32))) {
      this.#assertTree(data); // Else it is of another chain, and the ledger says so below.
    }
    if (this.#ledger === undefined) {
      this.#ledger = storeOrigin(this.#directory, data);
    } else {
      this.#ledger.append(data);
    }
  }

  /** Closes the ledger. */
  async close(): Promise<void> {
    await this.#ledger?.close();
  }

  /** Appending leaves these two to consensus; a file from elsewhere has no consensus behind it. */
  #assertTree({ block, contents }: BlockData): void {
    const root = this.#ledger === undefined || this.next === 0n ? ORIGIN_ROOT_ELEMENT : this.#ledger.root();
    const { range, hash } = block.rootElement;
    if (range.from !== root.range.from || range.to !== root.range.to || !equalBytes(hash, root.hash)) {
      const message = `Block ${block.index}: it names another tree of outputs than the blocks before it make.`;
      throw new CommandError("root-element-mismatch", message);
    }
    const count = (this.#ledger?.numTxOuts() ?? 0n) + BigInt(contents.outputs.length);
    if (block.cumulativeTxoCount !== count) {
      const message = `Block ${block.index}: with it there are ${count} outputs, but it counts ${block.cumulativeTxoCount}.`;
      throw new CommandError("txo-count-mismatch", message);
    }
  }
}

/** The ledger of a directory, open for writing; undefined when there is none. Throws as `openLedger` does otherwise. */
export function tryOpenLedger(directory: string): LmdbLedger | undefined {
  try {
    return openLedger(directory);
  } catch (error) {
    if (error instanceof LedgerError && error.code === "ledger-not-found") {
      return undefined;
    }
    throw error;
  }
}
