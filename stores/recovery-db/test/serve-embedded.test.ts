// The embedded database, offered to other processes.

import { once } from "node:events";
import { connect } from "node:net";
import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { openRecoveryDb } from "../src/index.ts";
import { serveEmbedded } from "../src/serve/serve-embedded.ts";
import { describeRecoveryDb, key } from "./compliance.ts";

const server = await serveEmbedded({ folder: undefined, host: "127.0.0.1", port: 0, transactionMs: 1_000 });
afterAll(() => server.close());

describeRecoveryDb("offered to other processes", async () => {
  const db = await openRecoveryDb({ url: server.url, connections: 4 });
  await db.migrate();
  return db;
});

const client = async (): Promise<Client> => {
  const made = new Client({ connectionString: server.url });
  made.on("error", () => undefined);
  await made.connect();
  return made;
};

test("transactions of several clients never mix", async () => {
  const clients = await Promise.all(Array.from({ length: 8 }, client));
  await clients[0]?.query("CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)");
  await clients[0]?.query("INSERT INTO counters VALUES (1, 0)");
  await Promise.all(
    clients.map(async (each) => {
      for (let i = 0; i < 10; i++) {
        await each.query("BEGIN");
        const { rows } = await each.query("SELECT value FROM counters WHERE id = $1", [1]);
        await each.query("UPDATE counters SET value = $1 WHERE id = $2", [rows[0].value + 1, 1]);
        await each.query("COMMIT");
      }
    }),
  );
  const { rows } = await (clients[0] as Client).query("SELECT value FROM counters");
  expect(rows).toEqual([{ value: 80 }]);
  await Promise.all(clients.map((each) => each.end()));
});

test("an error ends a statement and not the session", async () => {
  const asking = await client();
  for (let i = 0; i < 3; i++) {
    await expect(asking.query("SELECT $1::int / 0", [1])).rejects.toMatchObject({ code: "22012" });
    await expect(asking.query("SELEC 1")).rejects.toMatchObject({ code: "42601" });
    expect((await asking.query("SELECT $1::int AS one", [1])).rows).toEqual([{ one: 1 }]);
  }
  await asking.end();
});

test("a client that goes away takes back what it had not committed, and keeps nobody waiting", async () => {
  const [gone, other] = await Promise.all([client(), client()]);
  await other.query("CREATE TABLE things (id int)");
  await gone.query("BEGIN");
  await gone.query("INSERT INTO things VALUES (1)");
  const waiting = other.query("SELECT * FROM things");
  await gone.end();
  expect((await waiting).rows).toEqual([]);
  await other.end();
});

test("a client that leaves its transaction open and says nothing is hung up on", async () => {
  const [silent, other] = await Promise.all([client(), client()]);
  const ended = new Promise<void>((resolve) => silent.once("end", () => resolve()));
  await silent.query("BEGIN");
  await silent.query("CREATE TABLE never (id int)");
  expect((await other.query("SELECT to_regclass('never') AS found")).rows).toEqual([{ found: null }]);
  await ended;
  await other.end();
});

test("nonsense is hung up on", async () => {
  for (const nonsense of ["POST / HTTP/1.1\r\n\r\n", "\0\0\0\x08\0\0\0\0", "\0\0\0\x01"]) {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(nonsense);
    await once(socket, "close");
  }
});

test("a block of eight megabytes passes, and is told to who listens", async () => {
  const [writer, reader] = await Promise.all([
    openRecoveryDb({ url: server.url }),
    openRecoveryDb({ url: server.url }),
  ]);
  const ingress = key(77_000_001);
  const start = await writer.newIngressKey(ingress, 5_000_000n);
  const rng = { publicKey: key(77_000_002), version: 0 };
  const id = await writer.newIngestInvocation(undefined, ingress, rng, start);
  const told = new Promise<bigint>((resolve) => {
    const stop = reader.onBlock((block) => {
      stop();
      resolve(block);
    });
  });
  await expect.poll(() => reader.highestKnownBlockIndex()).toBeDefined();
  const payload = new Uint8Array(8_000_000).fill(9);
  const searchKey = new Uint8Array(16).fill(3) as never;
  await writer.addBlockData(id, { index: start, cumulativeTxoCount: 1n }, 1n, [{ searchKey, payload }]);
  expect((await reader.txOutsByBlockAndKey(ingress, start))?.[0]?.payload.length).toBe(payload.length);
  expect(await told).toBe(start);
  await Promise.all([writer.close(), reader.close()]);
});

test("a server that goes away in the middle is unavailable, and ends nobody's process", async () => {
  const leaving = await serveEmbedded({ folder: undefined, host: "127.0.0.1", port: 0 });
  const [blocking, db] = [new Client({ connectionString: leaving.url }), await openRecoveryDb({ url: leaving.url })];
  blocking.on("error", () => undefined);
  await blocking.connect();
  await db.migrate();
  await blocking.query("BEGIN"); // Everybody else waits now.
  const waiting = Promise.allSettled([db.newIngressKey(key(1), 0n), db.highestKnownBlockIndex()]);
  await blocking.query("SELECT 1");
  await leaving.close();
  const unavailable = { status: "rejected", reason: expect.objectContaining({ code: "database-unavailable" }) };
  expect(await waiting).toEqual([unavailable, unavailable]);
  await db.close();
});
