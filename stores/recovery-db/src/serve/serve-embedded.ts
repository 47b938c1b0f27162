// Offers the embedded database to other processes of this machine, over PostgreSQL's own protocol. There is one session
// behind all of them: whoever asks has the database until its transaction has ended. What is announced there is told to
// every client, whether it listens or not; clients ignore what they have not asked for.
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import { type OpenPGlite, openPGlite } from "../connect/embedded.ts";
import { RecoveryDbError } from "../error.ts";
import { asRecoveryDbError } from "../failures.ts";
import { PORT_RETRY_MS_MAX, SERVED_SESSIONS_MAX, SERVED_TRANSACTION_MS_MAX } from "../limits.ts";
import { clientMessages, greeting, OPENING, sortAnswer } from "./messages.ts";
import { Turns } from "./turns.ts";

/** What is offered, and where. */
export interface ServeEmbeddedOptions {
  /** The folder of the database, made when it is not there; undefined for one in memory. */
  readonly folder: string | undefined;
  /** An address of this machine's loopback: whoever can connect may do everything. */
  readonly host: "127.0.0.1" | "::1";
  /** 0 for any. */
  readonly port: number;
  /** How long a client may leave its transaction open while it says nothing, in ms. */
  readonly transactionMs?: number;
}

/** A database that is offered. */
export interface EmbeddedServer {
  /** What clients use as a URL of a database. */
  readonly url: string;
  readonly port: number;
  /** Hangs up, takes back what is not committed, and closes the database. */
  readonly close: () => Promise<void>;
}

const PORT_RETRY_PAUSE_MS = 100;
/** Messages after which the database answers: a query, the end of a batch, a flush, and the parts of a copy. */
const ANSWERED = new Set(["Q", "S", "H", "F", "d", "c", "f"]);
const GOODBYE = "X";
const DECLINED = Buffer.from("N");

/** Serves. Throws `port-taken`, `folder-in-use`, `database-failure`. */
export async function serveEmbedded(options: ServeEmbeddedOptions): Promise<EmbeddedServer> {
  const { folder, host, port, transactionMs = SERVED_TRANSACTION_MS_MAX } = options;
  const server = createServer({ noDelay: true });
  server.maxConnections = SERVED_SESSIONS_MAX;
  await listen(server, host, port);
  let open: OpenPGlite;
  try {
    open = await openPGlite(folder);
  } catch (cause) {
    server.close();
    throw asRecoveryDbError(cause);
  }
  const { database } = open;
  const version = await versionOf(database);
  const sockets = new Map<Socket, Promise<void>>();
  const parts = { database, version, turns: new Turns(), sockets, transactionMs };
  let sessions = 0;
  server.on("connection", (socket) => {
    sessions += 1;
    const session = serveSession(socket, sessions, parts).catch(() => undefined); // Its client is gone, or talks nonsense.
    sockets.set(
      socket,
      session.then(() => {
        socket.destroy();
        sockets.delete(socket);
      }),
    );
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A listening socket has a port.");
  return {
    port: address.port,
    url: `postgres://fogbow@${host === "::1" ? "[::1]" : host}:${address.port}/postgres`,
    close: async () => {
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
      await Promise.all(sockets.values());
      await open.close();
    },
  };
}

interface SessionParts {
  readonly database: PGlite;
  readonly version: string;
  readonly turns: Turns;
  readonly sockets: ReadonlyMap<Socket, unknown>;
  readonly transactionMs: number;
}

/** One client, until it goes or is hung up on. */
async function serveSession(socket: Socket, id: number, parts: SessionParts): Promise<void> {
  const { database, version, turns, sockets, transactionMs } = parts;
  socket.on("error", () => undefined); // Its messages end then.
  let isOpen = false;
  let batch: Uint8Array[] = [];
  let endTurn: (() => void) | undefined;
  let silence: NodeJS.Timeout | undefined;
  try {
    for await (const { type, bytes } of clientMessages(socket, () => isOpen)) {
      clearTimeout(silence);
      if (type === GOODBYE) return;
      if (!isOpen) {
        const opening = Buffer.from(bytes).readUInt32BE(4);
        if (opening === OPENING.tls || opening === OPENING.gss) socket.write(DECLINED);
        else if (opening === OPENING.startup) {
          isOpen = true;
          socket.write(greeting(id, version));
        } else return;
        continue;
      }
      batch.push(bytes);
      if (!ANSWERED.has(type)) continue;
      endTurn ??= await turns.take();
      const { reply, notifications, isIdle } = sortAnswer(await database.execProtocolRaw(Buffer.concat(batch)));
      batch = [];
      socket.write(reply);
      for (const notification of notifications) for (const each of sockets.keys()) each.write(notification);
      if (isIdle === true) {
        endTurn();
        endTurn = undefined;
      } else silence = setTimeout(() => socket.destroy(), transactionMs);
    }
  } finally {
    clearTimeout(silence);
    if (endTurn !== undefined) {
      await database.exec("ROLLBACK").catch(() => undefined); // There may be nothing to take back.
      endTurn();
    }
  }
}

async function versionOf(database: PGlite): Promise<string> {
  const { rows } = await database.query<{ server_version: string }>("SHOW server_version");
  return rows[0]?.server_version ?? "17";
}

/** Listens, and waits for a while for whoever has the port. */
async function listen(server: Server, host: string, port: number): Promise<void> {
  const end = performance.now() + PORT_RETRY_MS_MAX;
  for (;;) {
    try {
      return await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host, port }, () => {
          server.off("error", reject);
          resolve();
        });
      });
    } catch (cause) {
      const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
      if (!isTaken || performance.now() >= end) {
        throw new RecoveryDbError("port-taken", `Port ${port} of ${host} is not to be had.`, cause);
      }
    }
    await pause(PORT_RETRY_PAUSE_MS);
  }
}
