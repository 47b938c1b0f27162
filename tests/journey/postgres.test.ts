// Fog's roles as processes on a PostgreSQL server: payments are found, roles that are killed begin again, and a database that nobody can
// reach for a minute is waited for. Where no server can be had, that is said.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { startPostgres } from "../postgres/postgres-server.ts";
import { TestDatabases } from "../postgres/test-databases.ts";
import { AccountBook, untilDone } from "./account-book.ts";
import { FogProcesses } from "./fog-processes.ts";
import { runCommand } from "./roles.ts";

const CODES = ["connection-failed", "report-unavailable"];
const AWAY_MS = 60_000;

const server = await startPostgres();
if (typeof server === "string") console.log(`Not run on a PostgreSQL server: ${server}.`);
const url = typeof server === "string" ? undefined : server.url;
const databases = new TestDatabases(url ?? "");

let fog: FogProcesses | undefined;

afterAll(async () => {
  await fog?.end();
  if (url !== undefined) await databases.drop();
  if (typeof server !== "string") await server.stop();
}, 60_000);

/** Lets nobody into a database, those who are in it included, or lets everybody in again. */
async function allow(databaseUrl: string, isAllowed: boolean): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await databases.onServer(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS ${isAllowed}`);
  if (!isAllowed) await databases.endSessions(databaseUrl);
}

test.runIf(url !== undefined)(
  "what is paid is found, whoever is killed; and after a minute without the database nothing is lost",
  async () => {
    const databaseUrl = await databases.make();
    await runCommand(["db", "migrate", "--database-url", databaseUrl]);
    fog = await FogProcesses.begin({ databaseUrl });
    expect(fog.roles).not.toContain("database");
    const book = new AccountBook(fog, await fog.ingressKey(0, 5n));
    const wallet = fog.wallet(0);
    await book.pay();
    await book.settled(wallet, CODES);

    for (const role of ["view-store", "ingest", "report"] as const) {
      await fog.kill(role);
      await book.pay();
      await fog.start(role);
      await untilDone(() => book.settled(wallet, CODES), CODES);
    }

    await allow(databaseUrl, false);
    await book.pay();
    try {
      for (const end = performance.now() + AWAY_MS; performance.now() < end; await sleep(1_000)) {
        book.check(await wallet.poll(), CODES);
      }
      expect(fog.ended).toEqual([]); // Everybody waits for it.
    } finally {
      await allow(databaseUrl, true);
    }
    await book.pay();
    await book.settled(wallet, CODES);
    await book.settled(fog.wallet(0), CODES);
    expect(fog.ended).toEqual([]);
  },
  240_000,
);
