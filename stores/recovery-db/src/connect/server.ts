// A PostgreSQL server, over TCP or a socket.
import { Kysely, PostgresDialect } from "kysely";
import { Client, type ClientConfig, Pool, types } from "pg";
import { CONNECTION_SECONDS_MAX } from "../limits.ts";
import type { Tables } from "../schema/tables.ts";
import { BLOCK_CHANNEL, type Connection } from "./connection.ts";

/** Connecting takes this long at most, in ms. */
const CONNECT_MS = 5_000;
/** An idle connection is closed after so long, in ms. */
const IDLE_MS = 60_000;
/** A session that listens and was cut off is made anew after so long, in ms. */
const LISTEN_AGAIN_MS = 1_000;

const INT8 = 20;

/** Connects when it is first asked. `connections` is how many at most. */
export function openServer(config: ClientConfig, connections: number): Connection {
  const parsed: ClientConfig = {
    ...config,
    types: {
      getTypeParser: ((oid: number, format?: "text" | "binary") =>
        oid === INT8 ? BigInt : types.getTypeParser(oid, format as "text")) as typeof types.getTypeParser,
    },
  };
  const pool = new Pool({
    ...parsed,
    max: connections,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: CONNECTION_SECONDS_MAX,
    connectionTimeoutMillis: CONNECT_MS,
    allowExitOnIdle: true,
  });
  pool.on("error", () => undefined); // An idle connection broke; the pool has dropped it, and makes another one.
  // One in use broke: whoever uses it is told by its query. Without a listener it would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const sessions = new Set<ListeningSession>();
  return {
    db,
    listen: (listener) => {
      const session = new ListeningSession({ ...config, connectionTimeoutMillis: CONNECT_MS }, listener);
      sessions.add(session);
      return () => {
        sessions.delete(session);
        session.close();
      };
    },
    close: async () => {
      for (const session of sessions) session.close();
      sessions.clear();
      await db.destroy();
    },
  };
}

/** A session of its own that hears announcements, and comes back when it is cut off. */
class ListeningSession {
  readonly #config: ClientConfig;
  readonly #listener: (payload: string) => void;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(config: ClientConfig, listener: (payload: string) => void) {
    this.#config = config;
    this.#listener = listener;
    void this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  async #connect(): Promise<void> {
    const client = new Client(this.#config);
    this.#client = client;
    const again = (): void => {
      if (this.#client !== client) return;
      this.#drop();
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => void this.#connect(), LISTEN_AGAIN_MS);
      this.#timer.unref();
    };
    client.on("error", again);
    client.on("end", again);
    client.on("notification", ({ payload }) => this.#listener(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${BLOCK_CHANNEL}`);
    } catch {
      again();
    }
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    void client?.end().catch(() => undefined); // It is gone either way.
  }
}
