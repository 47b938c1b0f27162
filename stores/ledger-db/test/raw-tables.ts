// The tables of a closed ledger, without the ledger: to see and to spoil what is in them.
import { type Database, open, type RootDatabase } from "lmdb";

/** A table: bytes to bytes. */
export type Raw = Database<Uint8Array, Uint8Array>;

const BINARY = { encoding: "binary", keyEncoding: "binary" } as const;

/** Opens the tables of a closed ledger, uses them in one transaction, and closes them. */
export async function withRaw(directory: string, use: (table: (name: string) => Raw) => void): Promise<void> {
  const raw: RootDatabase<Uint8Array, Uint8Array> = open({ path: directory, noSubdir: false, maxDbs: 32, ...BINARY });
  raw.transactionSync(() => use((name) => raw.openDB({ name, ...BINARY })));
  await raw.close();
}
