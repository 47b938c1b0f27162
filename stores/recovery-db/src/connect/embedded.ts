// PostgreSQL within this process (PGlite): a folder, or memory. One process at a time, one statement at a time.
import { PGlite, types } from "@electric-sql/pglite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type { Tables } from "../schema/tables.ts";
import { BLOCK_CHANNEL, type Connection } from "./connection.ts";
import { lockFolder } from "./folder-lock.ts";

/** An embedded database that is open. */
export interface OpenPGlite {
  readonly database: PGlite;
  readonly close: () => Promise<void>;
}

/** Opens or makes the database in a folder, which nobody else may have open; without one, in memory. Throws `folder-in-use`. */
export async function openPGlite(folder: string | undefined): Promise<OpenPGlite> {
  const release = folder === undefined ? () => undefined : lockFolder(folder);
  try {
    const options = { parsers: { [types.INT8]: BigInt }, serializers: { [types.INT8]: String } };
    const database = await PGlite.create({ ...options, ...(folder !== undefined && { dataDir: folder }) });
    return {
      database,
      close: async () => {
        if (!database.closed) await database.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** The same as a connection. */
export async function openEmbedded(folder: string | undefined): Promise<Connection> {
  const { database, close } = await openPGlite(folder);
  const db = new Kysely<Tables>({ dialect: dialectOf(database) });
  return {
    db,
    listen: (listener) => {
      const listening = database.listen(BLOCK_CHANNEL, listener);
      return () => void listening.then((stop) => stop()).catch(() => undefined); // It was closed meanwhile.
    },
    close: async () => {
      await db.destroy();
      await close();
    },
  };
}

function dialectOf(database: PGlite): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new EmbeddedDriver(database),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** There is one session, so whoever has the connection has the database: the others wait for it in turn. */
class EmbeddedDriver implements Driver {
  readonly #connection: DatabaseConnection;
  #free: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(database: PGlite) {
    this.#connection = {
      async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
        const { rows, affectedRows } = await database.query<Row>(sql, [...parameters]);
        return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
      },
      streamQuery: () => {
        throw new Error("Nothing is streamed.");
      },
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#free;
    let release = (): void => undefined;
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    this.#release = release;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("BEGIN"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("COMMIT"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("ROLLBACK"));
  }

  async destroy(): Promise<void> {}
}
