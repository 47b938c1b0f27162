// Puts what was read into the enclave, and says how far a shard is (spec 03 §4.5). What it says is one piece: nobody sees a height
// without the records below it.
import { toHex } from "@fogbow/core-bytes";
import type { IngressKeyRecord, RecoveryDb } from "@fogbow/recovery-db";
import { RuntimeError } from "@fogbow/runtime-enclave";
import type { Log } from "@fogbow/server";
import { type Blocks, BlockTracker } from "../block-tracker.ts";
import type { ViewDoor } from "../enclave/view-door.ts";
import { ADDED_RECORDS_MAX } from "../limits.ts";
import { Wake } from "../wake.ts";
import type { Fetched, Fetcher, WentBack } from "./fetcher.ts";

/** How far a shard is, as clients are told. */
export interface LoadedState {
  readonly processedCount: bigint;
  /** Seconds; 0 if unknown. */
  readonly processedTimestamp: bigint;
  readonly knownCount: bigint;
  readonly knownCumulativeTxoCount: bigint;
}

/** What a loader works with. */
export interface LoaderParts {
  readonly db: Pick<RecoveryDb, "blockSignatureTimestampForBlock" | "cumulativeTxoCountForBlock" | "ingressKeyRecords">;
  readonly door: Pick<ViewDoor, "addRecords">;
  readonly fetcher: Pick<Fetcher, "isReady" | "passes" | "take" | "wake">;
  readonly log: Log;
  /** Milliseconds since the process started. */
  readonly elapsed: () => number;
}

const ALL_KEYS = { includeLost: true, includeRetired: true, onlyUnexpired: false };
/** After a restore ids of events are moved on by far more than this, and in a deployment's life by less. */
const MOVED_IDS = 2n ** 39n;
const STUCK_WARNING_MS = 60_000;
const FULL_WARNING_MS = 600_000;

/** One loader. */
export class Loader {
  readonly #shard: Blocks;
  readonly #pollMs: number;
  readonly #parts: LoaderParts;
  readonly #tracker = new BlockTracker();
  readonly #wake = new Wake();
  #pending: (Fetched | WentBack)[] = [];
  #state: LoadedState = { processedCount: 0n, processedTimestamp: 0n, knownCount: 0n, knownCumulativeTxoCount: 0n };
  #isLoaded = false;
  #isWhole = true;
  /** How often the fetcher must have read everything before clients are answered. */
  #passesNeeded = 0;
  /** The id of the newest user event that was seen. */
  #newestEvent = 0n;
  #blocks = 0n;
  #records = 0;
  #movedAt: number;

  constructor({ shard, pollMs }: { readonly shard: Blocks; readonly pollMs: number }, parts: LoaderParts) {
    this.#shard = shard;
    this.#pollMs = pollMs;
    this.#parts = parts;
    this.#movedAt = parts.elapsed();
  }

  /** How far the shard is. */
  get state(): LoadedState {
    return this.#state;
  }

  /** Records that were added. */
  get records(): number {
    return this.#records;
  }

  /**
   * Whether clients may be answered: everything was loaded once, a shard behind the first has at least one block, and a database
   * that was restored has again what the height promises.
   */
  get isReady(): boolean {
    return this.#isLoaded && this.#isWhole && (this.#shard.start === 0n || this.#blocks > 0n);
  }

  /** The id of the newest user event that was seen. */
  get newestEvent(): bigint {
    return this.#newestEvent;
  }

  /**
   * Notes the newest user event that the database has, by its id. False when it is older than one that was seen before it was
   * asked for, or when ids were moved on: then the database was restored, and nobody may be answered before all that was read
   * has been compared with it.
   */
  tookEvents(newest: bigint, before: bigint): boolean {
    if (newest >= before && (before === 0n || newest - before < MOVED_IDS)) {
      if (newest > this.#newestEvent) this.#newestEvent = newest;
      return true;
    }
    this.#newestEvent = newest;
    this.#isWhole = false;
    this.#passesNeeded = this.#parts.fetcher.passes + 2; // The next one may be in progress.
    this.#parts.fetcher.wake();
    return false;
  }

  /** Looks again at once. */
  wake(): void {
    this.#wake.now();
  }

  /** Loads until the signal ends it. Once the enclave takes no more records, it says so again and again instead. */
  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.#parts;
    while (!signal.aborted) {
      try {
        await this.#tick(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isRefusal(error)) return this.#stopped(error, signal);
        log.warn("what was read cannot be loaded, and is tried again", { error });
      }
      await this.#wake.wait(this.#pollMs, signal);
    }
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { db, fetcher } = this.#parts;
    // In this order: what comes between the two is not overlooked.
    const wasReady = fetcher.isReady;
    const { passes } = fetcher;
    const taken = fetcher.take();
    if (taken.some(isWentBack)) this.#isWhole = false; // At once: what is asked in between must not be answered.
    this.#pending.push(...taken);
    const hadNothing = this.#pending.length === 0;
    await this.#load(signal);
    if (signal.aborted) return;
    // Read after the blocks: a key that is new by now may answer for some of them.
    const records = new Map((await db.ingressKeyRecords(0n, ALL_KEYS)).map((each) => [toHex(each.key), each]));
    await this.#publish(records, passes);
    if (!wasReady || !hadNothing) return void (wasReady && this.wake());
    if (!this.#isLoaded) this.#parts.log.info("everything is loaded", { records: this.#records });
    this.#isLoaded = true;
  }

  /** Adds what is pending, block by block; what fails stays pending, and adding a record twice does no harm. */
  async #load(signal: AbortSignal): Promise<void> {
    while (this.#pending.length > 0 && !signal.aborted) {
      const [next] = this.#pending;
      if (next !== undefined && isWentBack(next)) {
        this.#tracker.wentBack(next.key, next.next);
        this.#pending.shift();
        continue;
      }
      const some: Fetched[] = [];
      let count = 0;
      for (const each of this.#pending) {
        if (isWentBack(each)) break;
        if (some.length > 0 && count + each.records.length > ADDED_RECORDS_MAX) break;
        some.push(each);
        count += each.records.length;
      }
      const records = some.flatMap((each) => each.records);
      for (let first = 0; first < records.length; first += ADDED_RECORDS_MAX) {
        await this.#parts.door.addRecords(records.slice(first, first + ADDED_RECORDS_MAX));
      }
      this.#records += count;
      this.#pending.splice(0, some.length);
      for (const { key, first, last, isOurs } of some) {
        this.#tracker.processed(key, first, last);
        if (isOurs) this.#blocks += last - first + 1n;
      }
    }
  }

  async #publish(records: ReadonlyMap<string, IngressKeyRecord>, passes: number): Promise<void> {
    const { db } = this.#parts;
    const before = this.#state;
    const progress = this.#tracker.progress(records, this.#shard);
    const { knownCount, waitsFor } = progress;
    const processedCount = progress.processedCount < this.#shard.end ? progress.processedCount : this.#shard.end;
    const hasMoved = processedCount !== before.processedCount;
    const timestamp = hasMoved
      ? processedCount <= 1n
        ? 0n
        : ((await db.blockSignatureTimestampForBlock(processedCount - 1n)) ?? 0n)
      : before.processedTimestamp;
    const txos = knownCount > before.knownCount ? await db.cumulativeTxoCountForBlock(knownCount - 1n) : undefined;
    this.#state = {
      processedCount,
      processedTimestamp: timestamp,
      knownCount: txos === undefined ? before.knownCount : knownCount,
      knownCumulativeTxoCount: txos ?? before.knownCumulativeTxoCount,
    };
    this.#isWhole = this.#tracker.isWhole(records) && passes >= this.#passesNeeded;
    this.#warnWhenStuck(hasMoved || waitsFor === undefined, waitsFor);
  }

  #warnWhenStuck(isMoving: boolean, waitsFor: string | undefined): void {
    const { log, elapsed } = this.#parts;
    if (isMoving) {
      this.#movedAt = elapsed();
    } else if (elapsed() - this.#movedAt >= STUCK_WARNING_MS) {
      this.#movedAt = elapsed();
      const next = this.#state.processedCount;
      log.warn("an ingress key holds back a block: have it scanned, or report the key lost", {
        key: waitsFor,
        block: next,
      });
    }
  }

  async #stopped(error: unknown, signal: AbortSignal): Promise<void> {
    const never = new Wake();
    while (!signal.aborted) {
      this.#parts.log.error("no more records are loaded: what is answered grows old", { error });
      await never.wait(FULL_WARNING_MS, signal);
    }
  }
}

const isWentBack = (each: Fetched | WentBack): each is WentBack => !("records" in each);

/** Whether the enclave has refused, or can no longer be asked: nothing changes when it is asked again. */
function isRefusal(error: unknown): boolean {
  return error instanceof RuntimeError && ["call-refused", "enclave-fault"].includes(error.code);
}
