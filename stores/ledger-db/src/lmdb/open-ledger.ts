// Making and opening stored ledgers.
import { Environment } from "./environment.ts";
import { LmdbLedger } from "./lmdb-ledger.ts";

/** How a ledger is opened. */
export interface OpenOptions {
  /** Neither claims nor changes the ledger. Any number of readers may be beside one writer. Default: false. */
  readonly readOnly?: boolean;
}

/**
 * Opens the ledger in a directory, as its only writer unless told otherwise. Throws `ledger-not-found`,
 * `unknown-schema-version`, `ledger-in-use`, `storage-failure`.
 */
export function openLedger(directory: string, { readOnly = false }: OpenOptions = {}): LmdbLedger {
  return new LmdbLedger(Environment.open(directory, readOnly ? "read" : "write"));
}

/**
 * Makes an empty ledger in a directory, which is made too when it is not there, and opens it as its only writer. Throws
 * `ledger-exists`, `ledger-in-use`, `storage-failure`.
 */
export function createLedger(directory: string): LmdbLedger {
  return new LmdbLedger(Environment.open(directory, "create"));
}
