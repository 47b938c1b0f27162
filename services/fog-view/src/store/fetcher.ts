// Reads from the database what a shard is responsible for (spec 03 §4.5): for each ingress key block after block, as far as they
// are scanned. What cannot be is not taken, and asked for again.
import { toHex } from "@fogbow/core-bytes";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import type { BlockRecords, IngressKeyRecord, RecoveryDb } from "@fogbow/recovery-db";
import type { Log } from "@fogbow/server";
import { type Blocks, BlockTracker, responsibilityOf } from "../block-tracker.ts";
import { FogViewError } from "../error.ts";
import { FETCHED_BLOCKS_MAX, QUEUED_RECORDS_MAX } from "../limits.ts";
import { Wake } from "../wake.ts";
import { KeyHistory } from "./key-history.ts";

/** Blocks of one ingress key, in turn. */
export interface Fetched {
  /** In hex. */
  readonly key: string;
  readonly first: bigint;
  readonly last: bigint;
  /** Whether the shard is responsible for them; of others there are no records. */
  readonly isOurs: boolean;
  readonly records: readonly ETxOutRecord[];
}

/** The database was restored: of one ingress key it does not have what was read of it, or has it otherwise. */
export interface WentBack {
  /** In hex. */
  readonly key: string;
  /** The first block that is read again; undefined for all. */
  readonly next: bigint | undefined;
}

/** What a fetcher works with. */
export interface FetcherParts {
  readonly db: Pick<RecoveryDb, "egressKeyOfBlock" | "ingressKeyRecords" | "txOutsByBlockRangeAndKey">;
  readonly log: Log;
  /** Told when there is something to take. */
  readonly onFetched: () => void;
}

const ALL_KEYS = { includeLost: true, includeRetired: true, onlyUnexpired: false };
const PAYLOAD_BYTES_MAX = 239;

/** One reader of the database. */
export class Fetcher {
  readonly #shard: Blocks;
  readonly #pollMs: number;
  readonly #parts: FetcherParts;
  readonly #tracker = new BlockTracker();
  readonly #wake = new Wake();
  readonly #room = new Wake();
  /** Of the blocks that were read, by ingress key in hex. */
  readonly #histories = new Map<string, KeyHistory>();
  #queue: (Fetched | WentBack)[] = [];
  #queuedRecords = 0;
  #passes = 0;

  constructor({ shard, pollMs }: { readonly shard: Blocks; readonly pollMs: number }, parts: FetcherParts) {
    this.#shard = shard;
    this.#pollMs = pollMs;
    this.#parts = parts;
  }

  /** Whether everything that there was has been read once. */
  get isReady(): boolean {
    return this.#passes > 0;
  }

  /** How often everything that there was has been read. */
  get passes(): number {
    return this.#passes;
  }

  /** Looks again at once. */
  wake(): void {
    this.#wake.now();
  }

  /** All that was read and not taken. */
  take(): readonly (Fetched | WentBack)[] {
    const taken = this.#queue;
    this.#queue = [];
    this.#queuedRecords = 0;
    this.#room.now();
    return taken;
  }

  /** Reads until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        while (await this.#pass(signal)) if (signal.aborted) return;
        this.#passes += 1;
        if (this.#passes === 1) this.#parts.onFetched();
      } catch (error) {
        if (signal.aborted) return;
        this.#parts.log.warn("what is stored cannot be read, and is asked for again", { error });
      }
      await this.#wake.wait(this.#pollMs, signal);
    }
  }

  /** One read for each key. Whether there may be more. Throws what a key failed with once the others have no more. */
  async #pass(signal: AbortSignal): Promise<boolean> {
    const records = await this.#parts.db.ingressKeyRecords(0n, ALL_KEYS);
    const failures: unknown[] = [];
    let isMore = false;
    const known = new Set(records.map(({ key }) => toHex(key)));
    for (const key of this.#histories.keys()) if (!known.has(key)) this.#goBack(key, undefined);
    for (const record of records) {
      while (this.#queuedRecords > QUEUED_RECORDS_MAX && !signal.aborted) await this.#room.wait(this.#pollMs, signal);
      if (signal.aborted) return false;
      try {
        isMore = (await this.#fetch(record)) || isMore;
      } catch (error) {
        failures.push(error);
      }
    }
    if (!isMore && failures.length > 0) throw failures[0];
    return isMore;
  }

  async #fetch(record: IngressKeyRecord): Promise<boolean> {
    const key = toHex(record.key);
    const lost = await this.#histories.get(key)?.firstLost((block) => this.#egressKeyOf(record.key, block));
    if (lost !== undefined) this.#goBack(key, lost);
    const next = this.#tracker.nextBlock(key, record);
    if (next === undefined) return false;
    if (next < this.#shard.start || next >= this.#shard.end) return this.#skip(key, record, next);
    const end = least(responsibilityOf(record).end, this.#shard.end);
    const count = Number(least(BigInt(FETCHED_BLOCKS_MAX), end - next));
    const blocks = await this.#parts.db.txOutsByBlockRangeAndKey(record.key, next, count);
    assertInTurn(blocks, { first: next, count, key });
    for (const { index, egressKey, records } of blocks) {
      this.#historyOf(key).add(index, toHex(egressKey));
      this.#add({ key, first: index, last: index, isOurs: true, records });
    }
    if (blocks.length === count) return true;
    // The key has scanned so far at least: what is not given now is not the end.
    const { lastScannedBlock: scanned } = record;
    const isGiven = scanned === undefined || next + BigInt(blocks.length) > least(scanned, end - 1n);
    if (!isGiven && blocks.length === 0) throw corrupt(key, next, "nothing, though it is scanned");
    return !isGiven;
  }

  /** Blocks outside of the shard are not read: that they are scanned is all there is to know. */
  #skip(key: string, record: IngressKeyRecord, first: bigint): boolean {
    const { lastScannedBlock: scanned } = record;
    if (scanned === undefined) return false;
    const end = least(responsibilityOf(record).end, first < this.#shard.start ? this.#shard.start : scanned + 1n);
    const last = least(scanned, end - 1n);
    if (last < first) return false;
    this.#add({ key, first, last, isOurs: false, records: [] });
    return true;
  }

  #historyOf(key: string): KeyHistory {
    const known = this.#histories.get(key);
    if (known !== undefined) return known;
    const history = new KeyHistory();
    this.#histories.set(key, history);
    return history;
  }

  async #egressKeyOf(key: Uint8Array, block: bigint): Promise<string | undefined> {
    const egressKey = await this.#parts.db.egressKeyOfBlock(key, block);
    return egressKey && toHex(egressKey);
  }

  #goBack(key: string, next: bigint | undefined): void {
    this.#parts.log.error("the database was restored from an older copy: blocks are read again", { key, from: next });
    if (next === undefined) this.#histories.delete(key);
    else this.#histories.get(key)?.forgetFrom(next);
    this.#tracker.wentBack(key, next);
    this.#queue.push({ key, next });
    this.#parts.onFetched();
  }

  #add(fetched: Fetched): void {
    this.#tracker.processed(fetched.key, fetched.first, fetched.last);
    this.#queue.push(fetched);
    this.#queuedRecords += fetched.records.length;
    this.#parts.onFetched();
  }
}

/** Throws {@link FogViewError} `corrupt-rows`: a block that is not complete must not pass for one that is. */
function assertInTurn(
  blocks: readonly BlockRecords[],
  { first, count, key }: { readonly first: bigint; readonly count: number; readonly key: string },
): void {
  const refuse = (block: bigint, what: string): FogViewError => corrupt(key, block, what);
  if (blocks.length > count) throw refuse(first, "more blocks than were asked for");
  for (const [i, { index, records }] of blocks.entries()) {
    if (index !== first + BigInt(i)) throw refuse(first + BigInt(i), `block ${index}`);
    for (const { searchKey, payload } of records) {
      if (searchKey.length !== 16 || searchKey.every((byte) => byte === 0))
        throw refuse(index, "a search key that none can be");
      if (payload.length > PAYLOAD_BYTES_MAX) throw refuse(index, "a record that is too large");
    }
  }
}

function corrupt(key: string, block: bigint, what: string): FogViewError {
  return new FogViewError("corrupt-rows", `The database gives for block ${block} of ingress key ${key} ${what}.`);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
