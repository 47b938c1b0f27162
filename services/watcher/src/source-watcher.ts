// One source: reads what its archive has, block by block, and records it (spec 05 §3.5). It trusts nobody, so nothing that
// a source does ends it: what is wrong is an alarm, and it looks again.
import type { BlockSource } from "@fogbow/archive";
import type { BlockData } from "@fogbow/core-block";
import { CodedError, equalBytes, toHex } from "@fogbow/core-bytes";
import type { SeenBlock, WatchedBlockData, WatchedConflict, WatcherDb } from "@fogbow/ledger-db";
import type { Log } from "@fogbow/server";
import { BLOCKS_PER_PASS_MAX, BLOCKS_PER_WRITE_MAX, PREFETCHED_BLOCKS_MAX, QUICK_LOOKS_MAX } from "./limits.ts";
import type { WatcherMetrics } from "./watcher-metrics.ts";

/** What to watch, and how. */
export interface SourceWatcherOptions {
  /** Keys in hex whose signatures count; undefined for all. */
  readonly signers: ReadonlySet<string> | undefined;
  readonly pollMs: number;
  /** Milliseconds until another look for a block that was announced. */
  readonly quickLookMs: number;
}

/** What watching works with. */
export interface SourceWatcherParts {
  /** This source's own: what came from elsewhere would prove nothing (spec 05, trap 32). */
  readonly blocks: BlockSource;
  readonly db: WatcherDb;
  readonly log: Log;
  readonly metrics: WatcherMetrics;
}

/** How a pass ended. */
export type Pass =
  | "more" // There may be more: it ended because others want a turn.
  | "at-tip" // The source has no more.
  | "alarm"; // What comes next is wrong, or could not be read.

/** Watches one source. */
export class SourceWatcher {
  readonly #options: SourceWatcherOptions;
  readonly #parts: SourceWatcherParts;
  /** The last block that was recorded, once there is one. */
  #last: SeenBlock | undefined;
  #isAtTip = false;
  #lastAlarm = "";
  #announced = -1n;
  #quickLooks = 0;

  constructor(options: SourceWatcherOptions, parts: SourceWatcherParts) {
    this.#options = options;
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.blocks.name;
  }

  /** Whether the last pass read the source to its end. */
  get isAtTip(): boolean {
    return this.#isAtTip;
  }

  /** The first block that was not recorded yet. */
  get next(): bigint {
    return this.#parts.db.sources().find(({ name }) => name === this.name)?.next ?? 0n;
  }

  /** A node has said that there is such a block: look soon, and again soon until it is there. */
  announce(index: bigint): void {
    if (index > this.#announced) {
      this.#announced = index;
      this.#quickLooks = QUICK_LOOKS_MAX;
    }
  }

  /** Milliseconds until the next pass, after one that ended so. */
  pauseAfter(pass: Pass): number {
    if (pass === "more") return 0;
    if (this.#announced < this.next || this.#quickLooks === 0) return this.#options.pollMs;
    this.#quickLooks -= 1;
    return this.#options.quickLookMs;
  }

  /** Reads and records at most a thousand blocks. Rejects only when the store fails, and with the signal's reason. */
  async pass(signal: AbortSignal): Promise<Pass> {
    const first = this.next;
    this.#last ??= first === 0n ? undefined : this.#recorded(first - 1n);
    let batch: WatchedBlockData[] = [];
    let pass: Pass = "more";
    for await (const { index, data, error } of this.#read(first, signal)) {
      if (error === undefined && data === undefined) {
        pass = "at-tip";
        break;
      }
      const wrong = error ?? this.#wrongWith(data, batch.at(-1) ?? this.#last);
      if (data === undefined || wrong !== undefined) {
        pass = "alarm";
        this.#alarm(index, wrong);
        break;
      }
      batch.push({ ...data, signature: this.#countingSignature(data) });
      if (batch.length === BLOCKS_PER_WRITE_MAX) {
        this.#record(batch);
        batch = [];
      }
    }
    this.#record(batch);
    signal.throwIfAborted();
    this.#isAtTip = pass === "at-tip";
    if (pass !== "alarm") this.#lastAlarm = "";
    return pass;
  }

  /** Blocks in order, some fetched ahead. Ends after the first that is missing or wrong, and after a thousand. */
  async *#read(first: bigint, signal: AbortSignal): AsyncGenerator<Fetched, void, undefined> {
    const stop = new AbortController();
    const end = (): void => stop.abort(signal.reason);
    signal.addEventListener("abort", end);
    const coming: Promise<Fetched>[] = [];
    try {
      for (let i = 0; i < BLOCKS_PER_PASS_MAX && !signal.aborted; i++) {
        // The first shows whether there is anything at all: at the tip nothing is asked for in vain.
        const ahead = i === 0 ? 1 : Math.min(PREFETCHED_BLOCKS_MAX, BLOCKS_PER_PASS_MAX - i);
        while (coming.length < ahead) coming.push(this.#fetch(first + BigInt(i + coming.length), stop.signal));
        const fetched = await coming.shift();
        if (fetched === undefined || signal.aborted) return;
        yield fetched;
      }
    } finally {
      signal.removeEventListener("abort", end);
      stop.abort();
    }
  }

  async #fetch(index: bigint, signal: AbortSignal): Promise<Fetched> {
    try {
      return { index, data: await this.#parts.blocks.fetch(index, { signal }), error: undefined };
    } catch (error) {
      return { index, data: undefined, error: error ?? new Error("unknown") };
    }
  }

  /** A source must at least agree with itself. */
  #wrongWith(data: BlockData | undefined, parent: WatchedBlockData | SeenBlock | undefined): string | undefined {
    if (data === undefined || parent === undefined) return undefined;
    return equalBytes(data.block.parentId, parent.block.id)
      ? undefined
      : "it does not follow the block before it there";
  }

  /** The signature, verified when it was read, if it is by somebody whose word counts. */
  #countingSignature({ block, signature }: BlockData): BlockData["signature"] {
    const { signers } = this.#options;
    if (signature === undefined || signers === undefined || signers.has(toHex(signature.signer))) return signature;
    this.#parts.metrics.foreignSignature(this.name);
    this.#parts.log.warn("block signed by a key that is not named", { source: this.name, block: block.index });
    return undefined;
  }

  #record(batch: readonly WatchedBlockData[]): void {
    const last = batch.at(-1);
    if (last === undefined) return;
    const { db, metrics } = this.#parts;
    const conflicts = db.add(this.name, batch);
    this.#last = { ...last, source: this.name };
    metrics.recorded(this.name, {
      blocks: batch.length,
      signatures: batch.filter(({ signature }) => signature !== undefined).length,
      next: last.block.index + 1n,
    });
    for (const conflict of conflicts) this.#conflict(conflict);
  }

  #conflict({ index, records: [one, other] }: WatchedConflict): void {
    const { log, metrics } = this.#parts;
    metrics.conflict(this.name);
    const shown = ({ source, block, signature }: SeenBlock) => ({
      source,
      id: toHex(block.id),
      signer: signature && toHex(signature.signer),
      signedAt: signature?.signedAt,
    });
    log.error("sources have different blocks", { block: index, one: shown(one), other: shown(other) });
  }

  /** Says it once, and counts it each time. */
  #alarm(index: bigint, wrong: unknown): void {
    const { log, metrics } = this.#parts;
    const code =
      wrong instanceof CodedError ? String(wrong.code) : typeof wrong === "string" ? "broken-chain" : "unknown";
    metrics.alarm(this.name, code);
    const alarm = `${index} ${code}`;
    if (alarm === this.#lastAlarm) return;
    this.#lastAlarm = alarm;
    log.error("source is wrong or cannot be read", { source: this.name, block: index, code, reason: wrong });
  }

  #recorded(index: bigint): SeenBlock | undefined {
    return this.#parts.db.records(index).find(({ source }) => source === this.name);
  }
}

interface Fetched {
  readonly index: bigint;
  readonly data: BlockData | undefined;
  readonly error: unknown;
}
