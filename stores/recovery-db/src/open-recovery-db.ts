// Opens the database: embedded, or on a server.
import { userInfo } from "node:os";
import { openEmbedded } from "./connect/embedded.ts";
import { openServer } from "./connect/server.ts";
import { serverAddress } from "./connect/server-address.ts";
import { asRecoveryDbError } from "./failures.ts";
import type { RecoveryDb } from "./recovery-db.ts";
import { SqlRecoveryDb } from "./sql-recovery-db.ts";

/** Where the database is. */
export interface RecoveryDbOptions {
  /** A PostgreSQL server, such as `postgres://user@host:5432/name`; what is left open comes from `env` and the account. */
  readonly url?: string | undefined;
  /** Without a URL: the folder of the embedded database, which one process at a time may have open; none is memory. */
  readonly folder?: string | undefined;
  /** `PGUSER`, `PGPASSWORD`, `PGHOST`, `PGPORT`, `PGDATABASE`, `PGSSLMODE`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Connections to a server at most; 1 unless told otherwise. */
  readonly connections?: number;
}

/** Opens the recovery database. It may still have to be migrated. Throws `invalid-url`, `database-unavailable`, `database-failure`. */
export async function openRecoveryDb({
  url,
  folder,
  env = {},
  connections = 1,
}: RecoveryDbOptions): Promise<RecoveryDb> {
  if (url !== undefined) {
    return new SqlRecoveryDb(openServer(serverAddress(url, { env, account: userInfo().username }), connections));
  }
  try {
    return new SqlRecoveryDb(await openEmbedded(folder));
  } catch (cause) {
    throw asRecoveryDbError(cause);
  }
}
