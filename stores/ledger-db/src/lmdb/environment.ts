// The LMDB environment of one ledger: one file and its lock, in one directory. What is here knows LMDB and no blocks.
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open as openFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "@fogbow/core-bytes";
import { open, type RootDatabase } from "lmdb";
import { LedgerError } from "../error.ts";
import { READERS_MAX } from "../limits.ts";
import { assertWholeFile, dataFileOf, hasData, keepWhole } from "./data-file.ts";
import { assertSchemaVersion, isStamped, SCHEMA_VERSION, stampSchemaVersion } from "./schema-version.ts";
import { ENCODING, openAbout, openTables, TABLES_MAX, type Tables } from "./tables.ts";
import { assertWriter, claimWriter, releaseWriter, type WriterClaim } from "./writer-claim.ts";

/** What a ledger is opened for: to be made, to be written and read, or to be read. */
export type LedgerMode = "create" | "write" | "read";

/** An open environment. */
export class Environment {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #tables: Tables;
  readonly #dataFile: string;
  /** Undefined for a reader. */
  readonly #claim: WriterClaim | undefined;
  #closed = false;
  #isWriting = false;

  private constructor(database: RootDatabase<Uint8Array, Uint8Array>, { tables, dataFile, claim }: Opened) {
    this.#database = database;
    this.#tables = tables;
    this.#dataFile = dataFile;
    this.#claim = claim;
  }

  /** Opens the environment in a directory. Throws as `openLedger` and `createLedger` do. */
  static open(directory: string, mode: LedgerMode, form: bigint = SCHEMA_VERSION): Environment {
    const dataFile = dataFileOf(directory);
    if (hasData(dataFile)) {
      attempt(() => assertWholeFile(dataFile));
    } else if (mode === "create") {
      attempt(() => mkdirSync(directory, { recursive: true }));
    } else {
      throw new LedgerError("ledger-not-found", `There is no ledger in ${directory}.`);
    }
    const database = attempt(() => openDatabase(directory, mode));
    try {
      if (mode !== "create") {
        assertSchemaVersion(openAbout(database), form); // First: a ledger in another form has other tables, and keeps them.
      }
      const tables = openTables(database);
      if (mode === "read") {
        return new Environment(database, { tables, dataFile, claim: undefined });
      }
      const claim = attempt(() =>
        database.transactionSync(() => {
          if (mode === "create") {
            prepare(tables, form);
          }
          return claimWriter(tables, dataFile);
        }),
      );
      return new Environment(database, { tables, dataFile, claim });
    } catch (error) {
      void database.close();
      throw error;
    }
  }

  /** The tables. Throws `ledger-closed`. */
  get tables(): Tables {
    if (this.#closed) {
      throw new LedgerError("ledger-closed", "The ledger was closed.");
    }
    return this.#tables;
  }

  /**
   * Runs a change as one transaction that is on the disk when this returns. When it throws, nothing has changed. A change
   * within a change is a part of it. Throws
   * `ledger-read-only`, `writer-replaced`, `storage-failure`, and what the change throws.
   */
  write(change: () => void): void {
    const { tables } = this;
    const claim = this.#claim;
    if (claim === undefined) {
      throw new LedgerError("ledger-read-only", "The ledger was opened for reading only.");
    }
    if (this.#isWriting) {
      change();
      return;
    }
    this.#isWriting = true;
    try {
      attempt(() =>
        this.#database.transactionSync(() => {
          assertWriter(tables, claim);
          change();
        }),
      );
    } finally {
      this.#isWriting = false;
    }
    this.#database.resetReadTxn(); // Reads from here on see the change.
    // The library's types leave the statistics open.
    const { lastPageNumber, pageSize } = this.#database.getStats() as { lastPageNumber: number; pageSize: number };
    keepWhole(this.#dataFile, (lastPageNumber + 1) * pageSize);
  }

  /**
   * Copies the environment as it is into another directory, where it appears when it is complete and on the disk: a copy
   * that was cut short must not look like a damaged ledger. Rejects with `ledger-exists`, `storage-failure`.
   */
  async backup(directory: string): Promise<void> {
    this.tables; // Throws when closed.
    const copy = dataFileOf(directory);
    if (hasData(copy)) {
      throw new LedgerError("ledger-exists", `There is a ledger in ${directory} already.`);
    }
    const part = join(directory, `backup-${randomUUID()}`);
    attempt(() => mkdirSync(part, { recursive: true }));
    try {
      await this.#database.backup(part, false);
      const file = await openFile(dataFileOf(part), "r+");
      await file.sync().finally(() => file.close());
      await rename(dataFileOf(part), copy);
    } catch (cause) {
      throw storageFailure(cause);
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  }

  /** Gives up the right to write and closes. Closing again does nothing. */
  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    const claim = this.#claim;
    try {
      if (claim !== undefined) {
        attempt(() => this.#database.transactionSync(() => releaseWriter(this.#tables, claim)));
      }
    } finally {
      await this.#database.close();
    }
  }
}

/** What an open environment consists of. */
interface Opened {
  readonly tables: Tables;
  readonly dataFile: string;
  readonly claim: WriterClaim | undefined;
}

function openDatabase(directory: string, mode: LedgerMode): RootDatabase<Uint8Array, Uint8Array> {
  return open({
    path: directory,
    ...ENCODING,
    noSubdir: false, // Whatever the name looks like, it is a directory.
    readOnly: mode === "read",
    maxDbs: TABLES_MAX,
    maxReaders: READERS_MAX,
    // A commit returns when the data is on the disk. Otherwise an acknowledged block could be lost with the machine.
    overlappingSync: false,
  });
}

/** A ledger that is to be made must not be there yet; unless its making was cut short, when it is made now. */
function prepare(tables: Tables, form: bigint): void {
  if (isStamped(tables) || tables.counts.count() > 0n) {
    throw new LedgerError("ledger-exists", "There is a ledger in this directory already.");
  }
  stampSchemaVersion(tables, form);
}

/** Runs something that storage may fail at. Our own errors pass, others become `storage-failure`. */
function attempt<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof CodedError ? error : storageFailure(error);
  }
}

function storageFailure(cause: unknown): LedgerError {
  const reason = cause instanceof Error ? cause.message : "unknown";
  return new LedgerError("storage-failure", `The ledger's storage failed (${reason}); nothing was stored.`, { cause });
}
