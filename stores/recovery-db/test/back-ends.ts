// Where the recovery database can be kept, for tests of what must hold wherever it is: embedded, and on a PostgreSQL server where
// one can be had here.
import { afterAll } from "vitest";
import { startPostgres } from "../../../tests/postgres/postgres-server.ts";
import { TestDatabases } from "../../../tests/postgres/test-databases.ts";
import { openRecoveryDb } from "../src/index.ts";
import type { RecoveryDb } from "../src/recovery-db.ts";

/** A place. */
export interface BackEnd {
  readonly name: string;
  /** Opens a database of its own there, migrated and empty. */
  readonly open: () => Promise<RecoveryDb>;
}

/** All places of this machine. A server that is started for them ends with the file of tests that asks. */
export async function backEnds(): Promise<readonly BackEnd[]> {
  const embedded = { name: "embedded", open: () => migrated(undefined) };
  const server = await startPostgres();
  if (typeof server === "string") {
    console.log(`Not run on a PostgreSQL server: ${server}. Everything is run on the embedded database.`);
    return [embedded];
  }
  const databases = new TestDatabases(server.url);
  afterAll(async () => {
    await databases.drop();
    await server.stop();
  });
  return [embedded, { name: "on a server", open: async () => migrated(await databases.make()) }];
}

async function migrated(url: string | undefined): Promise<RecoveryDb> {
  const db = await openRecoveryDb({ url });
  await db.migrate();
  return db;
}
