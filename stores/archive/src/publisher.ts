// Publishes a ledger as archive files while it grows (spec 05 §3.3). Whatever happens in between, a file that readers can
// see is whole, files appear in the order of blocks, and the next start finds out by itself where to go on.
import {
  ARCHIVE_BLOCK_BYTES_MAX,
  archivePath,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  mergedArchivePath,
  mergedSizesCompletedBy,
  parseArchiveBlock,
} from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import type { LedgerReader } from "@fogbow/ledger-db";
import type { ArchiveDestination } from "./archive-files.ts";
import { ArchiveError } from "./error.ts";
import { encodeHead, HEAD_PATH } from "./head.ts";
import { BACKOFF_MS_MAX, MERGED_FILE_BYTES_MAX } from "./limits.ts";
import { nativeEd25519Verify } from "./native-ed25519.ts";
import { Wake } from "./wake.ts";

/** How to publish. */
export interface PublisherOptions {
  /** How often to look at the ledger when nobody says that it has grown, in milliseconds. 1 000 unless given. */
  readonly pollMs?: number;
}

/** What a publisher uses. */
export interface PublisherParts {
  readonly ledger: LedgerReader;
  readonly destination: ArchiveDestination;
  /** Told of every attempt that failed, and after how many milliseconds the next one follows. */
  readonly onFailure?: (error: unknown, retryMs: number) => void;
}

/** Publishes one ledger to one place. */
export class ArchivePublisher {
  readonly #ledger: LedgerReader;
  readonly #destination: ArchiveDestination;
  readonly #onFailure: (error: unknown, retryMs: number) => void;
  readonly #pollMs: number;
  readonly #wake = new Wake();
  readonly #stopped = new AbortController();
  #next = 0n;
  #running: Promise<void> | undefined;

  constructor(
    { pollMs = 1_000 }: PublisherOptions,
    { ledger, destination, onFailure = () => undefined }: PublisherParts,
  ) {
    this.#ledger = ledger;
    this.#destination = destination;
    this.#onFailure = onFailure;
    this.#pollMs = pollMs;
  }

  /** The first block that is not known to be published. */
  get next(): bigint {
    return this.#next;
  }

  /**
   * Publishes until `stop`, trying again whatever fails. Rejects with `archive-differs` when the place holds blocks of
   * another chain: then there is nothing that trying again could mend.
   */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Says that the ledger has grown. */
  notify(): void {
    this.#wake.now();
  }

  /** Ends after the file that is being written. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake.now();
    await this.#running?.catch(() => undefined); // Who called `run` has it.
  }

  async #run(): Promise<void> {
    await this.#untilDone(() => this.#resume());
    while (!this.#stopped.signal.aborted) {
      const grown = this.#next < this.#ledger.numBlocks();
      while (this.#next < this.#ledger.numBlocks() && !this.#stopped.signal.aborted) {
        await this.#untilDone(() => this.#publishNext());
      }
      if (grown) {
        await this.#untilDone(() => this.#publishHead());
      }
      await this.#wake.wait(this.#pollMs);
    }
  }

  /**
   * Finds the first block that is not there, by halving: there are no gaps, as files are written in order. Then makes up
   * for what an end between two files left out.
   */
  async #resume(): Promise<void> {
    let [first, end] = [0n, this.#ledger.numBlocks()]; // The first that is missing is from `first` to `end`.
    while (first < end) {
      const middle = (first + end) / 2n;
      if (await this.#destination.has(archivePath(middle))) first = middle + 1n;
      else end = middle;
    }
    if (first > 0n) {
      await this.#assertSameChain(first - 1n);
      await this.#publishMerged(first - 1n);
    }
    this.#next = first;
    if (first > 0n) {
      await this.#publishHead();
    }
  }

  async #assertSameChain(index: bigint): Promise<void> {
    const encoded = await this.#destination.read(archivePath(index), ARCHIVE_BLOCK_BYTES_MAX);
    const ours = this.#ledger.block(index);
    if (encoded !== undefined && ours !== undefined && equalBytes(idIn(encoded, index), ours.id)) return;
    const message = `Block ${index}: ${this.#destination.name} holds another one. It is the archive of another chain.`;
    throw new ArchiveError("archive-differs", message, { blockIndex: index });
  }

  async #publishNext(): Promise<void> {
    const index = this.#next;
    await this.#destination.write(archivePath(index), [this.#encoded(index)], "archive");
    await this.#publishMerged(index);
    this.#next = index + 1n;
  }

  /** Writes the merged files that end with a block. */
  async #publishMerged(index: bigint): Promise<void> {
    for (const size of mergedSizesCompletedBy(index)) {
      const path = mergedArchivePath(size, index + 1n - size);
      if (this.#fits(index + 1n - size, size) && !(await this.#destination.has(path))) {
        await this.#destination.write(path, this.#encodedRange(index + 1n - size, size), "archive");
      }
    }
  }

  async #publishHead(): Promise<void> {
    const block = this.#ledger.block(this.#next - 1n);
    if (block !== undefined) {
      await this.#destination.write(HEAD_PATH, [encodeHead(block)], "head");
    }
  }

  #encoded(index: bigint): Uint8Array {
    return encodeArchiveBlock(this.#dataOf(index));
  }

  /** Merged files are the files of the blocks, each with a length before it. */
  *#encodedRange(first: bigint, size: bigint): Generator<Uint8Array, void, undefined> {
    for (let index = first; index < first + size; index += 1n) {
      yield encodeArchiveBlocks([this.#dataOf(index)]);
    }
  }

  /** Whether readers would take a merged file: it is held in memory. */
  #fits(first: bigint, size: bigint): boolean {
    let bytes = 0;
    for (const part of this.#encodedRange(first, size)) {
      bytes += part.length;
      if (bytes > MERGED_FILE_BYTES_MAX) return false;
    }
    return true;
  }

  #dataOf(index: bigint): Parameters<typeof encodeArchiveBlock>[0] {
    const data = this.#ledger.blockData(index);
    if (data === undefined) {
      throw new Error(`Block ${index} is missing.`); // The ledger itself reports what is damaged.
    }
    return data;
  }

  /** Does something until it succeeds, after 10 ms, 20 ms, 40 ms, … at most a minute. */
  async #untilDone(work: () => Promise<void>): Promise<void> {
    for (let retryMs = 10; !this.#stopped.signal.aborted; retryMs = Math.min(2 * retryMs, BACKOFF_MS_MAX)) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof ArchiveError && error.code === "archive-differs") throw error;
        this.#onFailure(error, retryMs);
        await this.#wake.sleep(retryMs, this.#stopped.signal);
      }
    }
  }
}

/** The id of the block in an archive file; nothing that could be an id when the file is damaged. */
function idIn(encoded: Uint8Array, index: bigint): Uint8Array {
  try {
    return parseArchiveBlock(encoded, index, nativeEd25519Verify).block.id;
  } catch {
    return new Uint8Array();
  }
}
