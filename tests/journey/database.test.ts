// A recovery database that goes away for some seconds, and one that is restored from a backup, under a Fog whose roles are
// processes: heights never go back, no balance is wrong, and both a wallet that polled before and a new one find everything.
import { cpSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { FogAccount } from "@fogbow/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AccountBook, assertCode, untilDone } from "./account-book.ts";
import { FogProcesses } from "./fog-processes.ts";
import { runCommand } from "./roles.ts";

const CODES = ["connection-failed", "report-unavailable"];
const AWAY_MS = 6_000;

let fog: FogProcesses;
let book: AccountBook;
let wallet: FogAccount;

beforeAll(async () => {
  fog = await FogProcesses.begin();
  book = new AccountBook(fog, await fog.ingressKey(0, 5n));
  wallet = fog.wallet(0);
  await book.pay();
  await book.settled(wallet, CODES);
}, 180_000);

afterAll(() => fog.end(), 60_000);

/** Asks Fog View for its height again and again; its end rejects if one was lower than one before. */
function watchedHeight(): { readonly end: () => Promise<void> } {
  let isOver = false;
  const watching = (async () => {
    const client = fog.viewClient();
    for (let before = 0n; !isOver; ) {
      const question = { eventCursor: 0n, blockCountCursor: 0n, searchKeys: [] };
      const answer = await client.query(question).catch((error: unknown) => assertCode(error, CODES));
      if (answer !== undefined) {
        expect(answer.blockCount).toBeGreaterThanOrEqual(before);
        before = answer.blockCount;
      }
      await sleep(20);
    }
  })();
  watching.catch(() => undefined); // `end` tells of it.
  return {
    end: () => {
      isOver = true;
      return watching;
    },
  };
}

test("the database is away for some seconds: everybody waits for it, and nothing is lost", async () => {
  const height = watchedHeight();
  await fog.kill("database");
  await book.pay();
  for (const end = performance.now() + AWAY_MS; performance.now() < end; await sleep(200)) {
    book.check(await wallet.poll(), CODES);
  }
  expect(fog.ended).toEqual(["database"]);
  await fog.start("database");
  await book.pay();
  await book.settled(wallet, CODES);
  await book.settled(fog.wallet(0), CODES);
  await height.end();
}, 120_000);

test("the database is restored from a backup: what it has forgotten is scanned again, and found by old and new wallets", async () => {
  await fog.stop("database");
  cpSync(fog.at("db"), fog.at("backup"), { recursive: true });
  await fog.start("database");
  // Two blocks under the invocation that the backup knows, and two under another one: of that one it knows nothing.
  await book.pay();
  await book.pay();
  await book.settled(wallet, CODES);
  await fog.kill("ingest");
  await fog.start("ingest");
  await book.pay();
  await book.pay();
  await book.settled(wallet, CODES);
  await book.settled(fog.wallet(0), CODES);

  const height = watchedHeight();
  await fog.kill("database");
  rmSync(fog.at("db"), { recursive: true });
  cpSync(fog.at("backup"), fog.at("db"), { recursive: true });
  const first = book.blockCount - 4n;
  const restored = JSON.parse(await runCommand(["db", "after-restore", "--database-folder", fog.at("db"), "--json"]));
  expect(restored).toMatchObject({ highestBlock: `${first - 1n}` });
  await fog.start("database");
  // Whoever begins now finds all or is told to wait; and so does whoever knew it all.
  await book.settled(fog.wallet(0), CODES);
  await book.settled(wallet, CODES);
  const told = fog.log("ingest").find(({ msg }) => /restored from an older copy/.test(String(msg)));
  expect(told).toMatchObject({ from: `${first}`, through: `${book.blockCount - 1n}` });

  await book.pay();
  await book.settled(wallet, CODES);
  await book.settled(fog.wallet(0), CODES);
  await height.end();
  // A store that begins with the restored database has all of it, too.
  await fog.kill("view-store");
  await fog.start("view-store");
  await untilDone(() => book.settled(fog.wallet(0), CODES), CODES);
  expect(fog.ended).toEqual([]);
}, 180_000);
