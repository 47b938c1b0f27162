// One table of LMDB: bytes to bytes, in the order of the keys.
import type { Database, Transaction } from "lmdb";
import { LedgerError } from "../error.ts";

/** A key with its value. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** Which entries to read: those from `start` on and before `end`, at most `limit`. */
export interface KeyRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  readonly limit: number;
}

/** A table as it was at one time. */
export interface TableSnapshot {
  /** Copies of all entries, in the order of their keys, so many at a time; the last ones may be none. */
  readonly pages: (limit: number) => Generator<Entry[], void, undefined>;
  readonly close: () => void;
}

/** One table. */
export class Table {
  readonly #database: Database<Uint8Array, Uint8Array>;

  constructor(database: Database<Uint8Array, Uint8Array> | undefined) {
    if (database === undefined) {
      throw new LedgerError("ledger-not-found", "The ledger lacks a table: it was never finished.");
    }
    this.#database = database;
  }

  /** A copy of the value, undefined when there is none. */
  get(key: Uint8Array): Uint8Array | undefined {
    const value = this.#database.get(key);
    return value && new Uint8Array(value.buffer, value.byteOffset, value.length);
  }

  /** Sets a value. Only within a transaction of the environment. */
  put(key: Uint8Array, value: Uint8Array): void {
    this.#database.putSync(key, value);
  }

  /** Removes a value. Only within a transaction of the environment. */
  remove(key: Uint8Array): void {
    this.#database.removeSync(key);
  }

  /** The entries as they are now, to be read as often as one likes, whatever comes later; until it is closed. */
  snapshot(): TableSnapshot {
    const transaction = this.#database.useReadTransaction();
    return {
      pages: (limit) => pagesOf(this.#database, transaction, limit),
      close: () => transaction.done(),
    };
  }

  /** Copies of consecutive entries, in the order of their keys. */
  range(range: KeyRange): Entry[] {
    return Array.from(this.#database.getRange({ ...range }), ({ key, value }) => [key, value] as const);
  }

  /** How many entries there are; within a transaction, with what it has done so far. */
  count(): bigint {
    // The library's types leave the statistics open.
    const { entryCount } = this.#database.getStats() as { readonly entryCount: number };
    return BigInt(entryCount);
  }
}

function* pagesOf(
  database: Database<Uint8Array, Uint8Array>,
  transaction: Transaction,
  limit: number,
): Generator<Entry[], void, undefined> {
  let page: Entry[] = [];
  for (const { key, value } of database.getRange({ transaction })) {
    page.push([Uint8Array.from(key as Uint8Array), Uint8Array.from(value)]); // Keys are bytes here.
    if (page.length < limit) continue;
    yield page;
    page = [];
  }
  yield page;
}
