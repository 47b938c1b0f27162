// Blocks and their times as services of Fog read them (spec 03 §1.2): the ledger's folder and the watcher's, both written by
// other processes, which may not have begun when a service starts.
import type { Block, BlockData } from "@fogbow/core-block";
import { U64_MAX } from "@fogbow/core-bytes";
import { LedgerError } from "../error.ts";
import type { LedgerReader } from "../ledger.ts";
import { LATE_BLOCK_MS_MAX, TIMESTAMP_POLL_MS } from "../limits.ts";
import type { LmdbLedger } from "../lmdb/lmdb-ledger.ts";
import { openLedger } from "../lmdb/open-ledger.ts";
import type { BlockTimestamp } from "../watcher/block-timestamp.ts";
import { WatcherDb } from "../watcher/watcher-db.ts";
import { FolderChanges } from "./folder-changes.ts";

/** Where blocks and times come from. */
export interface BlockProviderOptions {
  /** The ledger's folder. */
  readonly ledger: string;
  /** The watcher's folder. */
  readonly watcher: string;
}

/** Time, so that tests decide about it. */
export interface BlockProviderParts {
  /** Milliseconds since some moment; never goes back. */
  readonly now?: () => number;
  /** Resolves after so many milliseconds, or rejects when the signal is aborted. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** A block with its time. */
export interface ProvidedBlock {
  readonly data: BlockData;
  readonly timestamp: BlockTimestamp;
}

/** Where an output is, as anybody may know. */
export interface TxOutInfo {
  readonly txOutIndex: bigint;
  readonly blockIndex: bigint;
  readonly timestamp: BlockTimestamp;
}

/** How long to wait for the time of a block. */
export interface PollOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the two folders, and writes nothing. Folders that are not there yet are empty, until they are: every question looks
 * again. What another process appends is seen by the next question after the running turn of the event loop. Questions reject
 * or throw as `openLedger` and `LedgerReader` do.
 */
export class BlockProvider {
  readonly #folders: BlockProviderOptions;
  readonly #now: () => number;
  readonly #sleep: NonNullable<BlockProviderParts["sleep"]>;
  #ledger: LmdbLedger | undefined;
  #watcher: WatcherDb | undefined;
  readonly #changes: FolderChanges;
  #isClosed = false;

  constructor(folders: BlockProviderOptions, { now, sleep }: BlockProviderParts = {}) {
    this.#folders = folders;
    this.#changes = new FolderChanges([folders.ledger, folders.watcher]);
    this.#now = now ?? (() => performance.now());
    this.#sleep = sleep ?? pause;
  }

  /** The ledger itself, for outputs and proofs; undefined while there is none. */
  get ledger(): LedgerReader | undefined {
    this.#assertOpen();
    this.#ledger ??= whenThere(() => openLedger(this.#folders.ledger, { readOnly: true }));
    return this.#ledger;
  }

  /** How many blocks there are; the next block has this index. */
  numBlocks(): bigint {
    return this.ledger?.numBlocks() ?? 0n;
  }

  /** The newest block; undefined while there is none. */
  latestBlock(): Block | undefined {
    return this.ledger?.lastBlock();
  }

  /** A block with its contents, and its time as far as it is known now; undefined while there is no such block. */
  blockData(index: bigint): ProvidedBlock | undefined {
    const data = this.ledger?.blockData(index);
    return data && { data, timestamp: this.timestamp(index) };
  }

  /** When a block was signed, as far as it is known now. Never throws but when closed: a code says what is wrong. */
  timestamp(index: bigint): BlockTimestamp {
    this.#assertOpen();
    try {
      this.#watcher ??= whenThere(() => WatcherDb.open(this.#folders.watcher, { readOnly: true }));
    } catch {
      return { timestamp: U64_MAX, code: "database-error" };
    }
    if (this.#watcher !== undefined) return this.#watcher.blockTimestamp(index);
    return { timestamp: U64_MAX, code: index === 0n || index === U64_MAX ? "out-of-bounds" : "watcher-behind" };
  }

  /**
   * When a block was signed. Waits for a watcher that is behind, that watches nobody who signed the block, or that cannot be
   * read, and gives up after `timeoutMs` with 2^64 − 1 and the last reason: a watcher that is wrongly configured must not
   * stop whoever asks. The reason is worth an alert. Rejects with the signal's reason.
   */
  async pollTimestamp(
    index: bigint,
    { timeoutMs = LATE_BLOCK_MS_MAX, signal }: PollOptions = {},
  ): Promise<BlockTimestamp> {
    const end = this.#now() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const answer = this.timestamp(index);
      if (answer.code === "found" || answer.code === "out-of-bounds" || this.#now() >= end) return answer;
      await this.#sleep(TIMESTAMP_POLL_MS, signal);
    }
  }

  /**
   * Resolves when something may be new: when a folder was written to since the last time, or after so many milliseconds, as the
   * system does not tell of every change; at once when the signal is aborted.
   */
  untilChanged(milliseconds: number, signal: AbortSignal): Promise<void> {
    return this.#changes.next(milliseconds, signal);
  }

  /** Where the output with a public key (32 bytes) is; undefined when there is none. */
  txOutInfoByPublicKey(publicKey: Uint8Array): TxOutInfo | undefined {
    const { ledger } = this;
    const txOutIndex = ledger?.txOutIndexByPublicKey(publicKey);
    if (ledger === undefined || txOutIndex === undefined) return undefined;
    const blockIndex = ledger.blockIndexOfTxOut(txOutIndex);
    if (blockIndex === undefined) throw new LedgerError("corrupt-ledger", `Output ${txOutIndex} is in no block.`);
    return { txOutIndex, blockIndex, timestamp: this.timestamp(blockIndex) };
  }

  /** Lets go of both folders. Closing again does nothing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#changes.close();
    await Promise.all([this.#ledger?.close(), this.#watcher?.close()]);
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new LedgerError("ledger-closed", "The block provider was closed.");
  }
}

/** Undefined while nobody has written to the folder. */
function whenThere<Opened>(open: () => Opened): Opened | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof LedgerError && error.code === "ledger-not-found") return undefined;
    throw error;
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
