// Loads the ledger's blocks into the router's enclave, which checks that each continues what it has (spec 03 §5.7).
import type { BlockProvider, ProvidedBlock } from "@fogbow/ledger-db";
import type { Log } from "@fogbow/server";
import type { LedgerDoor } from "../enclave/ledger-door.ts";
import { pause } from "../pause.ts";

/** When to load. */
export interface LoadOutputsOptions {
  /** Milliseconds between two looks for the next block. */
  readonly pollMs: number;
  /** Milliseconds that the time of a block is waited for. */
  readonly watcherTimeoutMs: number;
}

/** What loading uses. */
export interface LoadOutputsParts {
  readonly blocks: Pick<BlockProvider, "blockData" | "numBlocks" | "pollTimestamp" | "untilChanged">;
  readonly door: Pick<LedgerDoor, "applyBlock">;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const RETRY_MS = 1_000;

/** The loading of a router's outputs. */
export class OutputLoader {
  readonly #options: LoadOutputsOptions;
  readonly #parts: LoadOutputsParts;
  #next = 0n;
  #txoCount = 0n;
  #isLoaded = false;
  #isFull = false;
  #isAlarmed = false;

  constructor(options: LoadOutputsOptions, parts: LoadOutputsParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** The next block to load. */
  get next(): bigint {
    return this.#next;
  }

  /** How many outputs the enclave has. */
  get txoCount(): bigint {
    return this.#txoCount;
  }

  /** Whether it has once been where the ledger was, or has no room for more. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Loads until the signal ends it, or there is no room for the next block. */
  async run(): Promise<void> {
    const { signal, log } = this.#parts;
    while (!signal.aborted && !this.#isFull) {
      let block: ProvidedBlock | undefined;
      try {
        block = this.#parts.blocks.blockData(this.#next);
      } catch (error) {
        if (signal.aborted) return;
        log.error("a block cannot be read", { blockIndex: this.#next, error });
        await pause(RETRY_MS, signal);
        continue;
      }
      if (block !== undefined) {
        await this.#apply(block);
      } else {
        this.#isLoaded = true;
        await this.#parts.blocks.untilChanged(this.#options.pollMs, signal);
      }
    }
  }

  async #apply({ data }: ProvidedBlock): Promise<void> {
    const { blocks, door, log, signal } = this.#parts;
    const { watcherTimeoutMs: timeoutMs } = this.#options;
    try {
      const { timestamp } = await blocks.pollTimestamp(this.#next, { timeoutMs, signal });
      const { numBlocks, globalTxoCount, isNearlyFull, isFull } = await door.applyBlock(data, timestamp);
      this.#next = numBlocks;
      this.#txoCount = globalTxoCount;
      if (isFull) {
        log.error("the enclave has no room for more outputs: it serves what it has, and must be given more", {
          numBlocks,
          globalTxoCount,
        });
        this.#isFull = true;
        this.#isLoaded = true;
      } else if (isNearlyFull && !this.#isAlarmed) {
        log.warn("the enclave is at 90 % of its capacity of outputs", { numBlocks, globalTxoCount });
        this.#isAlarmed = true;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.error("the enclave does not take a block", { blockIndex: this.#next, error });
      await pause(RETRY_MS, signal);
    }
  }
}
