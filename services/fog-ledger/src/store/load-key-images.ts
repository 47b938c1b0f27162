// Loads the key images of a shard's blocks into its enclave, one block after another, for as long as there are blocks
// (spec 03 §5.3).
import type { BlockProvider, ProvidedBlock } from "@fogbow/ledger-db";
import type { Log } from "@fogbow/server";
import type { LedgerDoor } from "../enclave/ledger-door.ts";
import { LAG_BLOCKS_MAX } from "../limits.ts";
import { pause } from "../pause.ts";
import type { BlockRange } from "../sharding-strategy.ts";

/** When and what to load. */
export interface LoadOptions {
  readonly range: BlockRange;
  /** Milliseconds between two looks for the next block. */
  readonly pollMs: number;
  /** Milliseconds that the time of a block is waited for. */
  readonly watcherTimeoutMs: number;
}

/** What loading uses. */
export interface LoadParts {
  readonly blocks: Pick<BlockProvider, "blockData" | "numBlocks" | "pollTimestamp" | "untilChanged" | "latestBlock">;
  readonly door: Pick<LedgerDoor, "addKeyImages">;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const PROVIDER_RETRY_MS = 1_000;
const ADD_RETRY_MS = 5_000;

/** The loading of one shard. */
export class KeyImageLoader {
  readonly #options: LoadOptions;
  readonly #parts: LoadParts;
  #next: bigint;
  #keyImages = 0;

  constructor(options: LoadOptions, parts: LoadParts) {
    this.#options = options;
    this.#parts = parts;
    this.#next = options.range.start;
  }

  /** How many key images are in the enclave. */
  get keyImages(): number {
    return this.#keyImages;
  }

  /** The next block to load: all before it, from the shard's first, are in the enclave. */
  get next(): bigint {
    return this.#next;
  }

  /** Whether it is not far behind. It can be so, and later be no more. */
  get isReady(): boolean {
    const { range } = this.#options;
    const there = this.#numBlocks();
    if (there === undefined) return false;
    return this.#next + LAG_BLOCKS_MAX >= (there < range.end ? there : range.end);
  }

  /** Loads until the signal ends it, or all of the shard is there. */
  async run(): Promise<void> {
    const { range, pollMs } = this.#options;
    const { signal, log } = this.#parts;
    while (!signal.aborted && this.#next < range.end) {
      let block: ProvidedBlock | undefined;
      try {
        block = this.#parts.blocks.blockData(this.#next);
      } catch (error) {
        if (signal.aborted) return;
        log.error("a block cannot be read", { blockIndex: this.#next, error });
        await pause(PROVIDER_RETRY_MS, signal);
        continue;
      }
      if (block === undefined) await this.#parts.blocks.untilChanged(pollMs, signal);
      else await this.#add(block);
    }
  }

  async #add({ data }: ProvidedBlock): Promise<void> {
    const { blocks, door, log, signal } = this.#parts;
    const { watcherTimeoutMs: timeoutMs } = this.#options;
    try {
      const { timestamp, code } = await blocks.pollTimestamp(this.#next, { timeoutMs, signal });
      if (code !== "found" && code !== "out-of-bounds")
        log.warn("the time of a block is unknown", { blockIndex: this.#next, code });
      await door.addKeyImages(data, timestamp);
      this.#keyImages += data.contents.keyImages.length;
      this.#next += 1n;
    } catch (error) {
      if (signal.aborted) return;
      log.error("key images were not taken", { blockIndex: this.#next, error });
      await pause(ADD_RETRY_MS, signal);
    }
  }

  #numBlocks(): bigint | undefined {
    try {
      return this.#parts.blocks.numBlocks();
    } catch {
      return undefined; // `run` says so in the log.
    }
  }
}
