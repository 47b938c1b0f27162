// The LMDB environment of a watcher: one file and its lock, in one directory. What is here knows LMDB and no blocks.
import { mkdirSync } from "node:fs";
import { CodedError, utf8 } from "@fogbow/core-bytes";
import { type Database, open, type RootDatabase } from "lmdb";
import { LedgerError } from "../error.ts";
import { READERS_MAX } from "../limits.ts";
import { assertWholeFile, dataFileOf, hasData, keepWhole } from "../lmdb/data-file.ts";

/** What the store is opened for. */
export type WatcherMode = "write" | "read";

const NAMES = {
  /** Source's name → its number (4 bytes) ‖ the next block to read there (8) ‖ whether it is watched (1). */
  sources: "watcher:sources",
  /** Block index ‖ source's number, 12 bytes → fogbow.node.BlockHeader. */
  blocks: "watcher:blocks",
  /** Signer ‖ block index, 40 bytes → BlockMetadata, when something new was said. */
  evidence: "watcher:evidence",
  /** Block index ‖ number of the later source → the earlier source's name. */
  conflicts: "watcher:conflicts",
  /** `version` → the form of these tables, one byte. */
  about: "watcher:about",
} as const;

/** Every table of a watcher. */
export type WatcherTables = Readonly<Record<keyof typeof NAMES, WatcherTable>>;

const ENCODING = { encoding: "binary", keyEncoding: "binary" } as const;
const VERSION_KEY = utf8("version");
const VERSION = Uint8Array.of(1);

/** An open environment. */
export class WatcherEnvironment {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #tables: WatcherTables;
  readonly #dataFile: string;
  readonly #mode: WatcherMode;
  #closed = false;

  private constructor(
    database: RootDatabase<Uint8Array, Uint8Array>,
    tables: WatcherTables,
    dataFile: string,
    mode: WatcherMode,
  ) {
    this.#database = database;
    this.#tables = tables;
    this.#dataFile = dataFile;
    this.#mode = mode;
  }

  /** Opens the environment in a directory. Throws as `WatcherDb.open` does. */
  static open(directory: string, mode: WatcherMode): WatcherEnvironment {
    const dataFile = dataFileOf(directory);
    if (hasData(dataFile)) attempt(() => assertWholeFile(dataFile));
    else if (mode === "write") attempt(() => mkdirSync(directory, { recursive: true }));
    else throw new LedgerError("ledger-not-found", `No watcher has written to ${directory}.`);
    const database = attempt(() =>
      open<Uint8Array, Uint8Array>({
        path: directory,
        ...ENCODING,
        noSubdir: false, // Whatever the name looks like, it is a directory.
        readOnly: mode === "read",
        maxDbs: Object.keys(NAMES).length,
        maxReaders: READERS_MAX,
        overlappingSync: false, // A commit returns when the data is on the disk.
      }),
    );
    try {
      const tables = openTables(database);
      if (tables.about.get(VERSION_KEY) === undefined && mode === "write") {
        attempt(() => database.transactionSync(() => tables.about.put(VERSION_KEY, VERSION)));
      }
      if (tables.about.get(VERSION_KEY)?.[0] !== VERSION[0]) {
        throw new LedgerError(
          "unknown-schema-version",
          "The watcher's store is of a form that this program does not know.",
        );
      }
      return new WatcherEnvironment(database, tables, dataFile, mode);
    } catch (error) {
      void database.close();
      throw error;
    }
  }

  /** The tables, as they are now: a reader sees what the writer wrote meanwhile. Throws `ledger-closed`. */
  get tables(): WatcherTables {
    if (this.#closed) throw new LedgerError("ledger-closed", "The watcher's store was closed.");
    if (this.#mode === "read") this.#database.resetReadTxn();
    return this.#tables;
  }

  /** Runs a change as one transaction that is on the disk when this returns. When it throws, nothing has changed. */
  write(change: () => void): void {
    this.tables; // Throws when closed.
    if (this.#mode === "read")
      throw new LedgerError("ledger-read-only", "The watcher's store was opened for reading only.");
    attempt(() => this.#database.transactionSync(change));
    this.#database.resetReadTxn(); // Reads from here on see the change.
    // The library's types leave the statistics open.
    const { lastPageNumber, pageSize } = this.#database.getStats() as { lastPageNumber: number; pageSize: number };
    keepWhole(this.#dataFile, (lastPageNumber + 1) * pageSize);
  }

  /** Closes. Closing again does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#database.close();
  }
}

/** One table: bytes to bytes. */
export class WatcherTable {
  readonly #database: Database<Uint8Array, Uint8Array>;

  constructor(database: Database<Uint8Array, Uint8Array> | undefined) {
    if (database === undefined)
      throw new LedgerError("ledger-not-found", "The watcher's store lacks a table: it was never finished.");
    this.#database = database;
  }

  /** A copy of the value, undefined when there is none. */
  get(key: Uint8Array): Uint8Array | undefined {
    const value = this.#database.get(key);
    return value && Uint8Array.from(value);
  }

  /** Sets a value. Only within a transaction of the environment. */
  put(key: Uint8Array, value: Uint8Array): void {
    this.#database.putSync(key, value);
  }

  /** Removes a value. Only within a transaction of the environment. */
  remove(key: Uint8Array): void {
    this.#database.removeSync(key);
  }

  /** Copies of the entries from a key on and before another, in the order of keys. */
  range(
    start: Uint8Array,
    end: Uint8Array | undefined,
    limit: number = Number.MAX_SAFE_INTEGER,
  ): readonly (readonly [Uint8Array, Uint8Array])[] {
    const options = { limit, ...(start.length > 0 && { start }), ...(end !== undefined && { end }) };
    return [...this.#database.getRange(options)].map(({ key, value }) => [
      Uint8Array.from(key),
      Uint8Array.from(value),
    ]);
  }

  /** How many entries there are. */
  count(): bigint {
    // The library's types leave the statistics open.
    const { entryCount } = this.#database.getStats() as { readonly entryCount: number };
    return BigInt(entryCount);
  }
}

function openTables(database: RootDatabase<Uint8Array, Uint8Array>): WatcherTables {
  const openTable = (name: string): WatcherTable => new WatcherTable(database.openDB({ name, ...ENCODING }));
  return Object.fromEntries(Object.entries(NAMES).map(([table, name]) => [table, openTable(name)])) as WatcherTables; // Same keys.
}

/** Runs something that storage may fail at. Our own errors pass, others become `storage-failure`. */
function attempt<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw new LedgerError("storage-failure", `The watcher's storage failed (${reason}); nothing was stored.`, {
      cause,
    });
  }
}
