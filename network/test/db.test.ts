// The commands of the recovery database, on embedded databases in folders.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openRecoveryDb, type RecoveryDb } from "@fogbow/recovery-db";
import { expect, test } from "vitest";
import { facts, newDirectory, refusal } from "./run-command.ts";

const key = (number: number): Uint8Array => new Uint8Array(32).fill(number);

async function inFolder<Result>(folder: string, use: (db: RecoveryDb) => Promise<Result>): Promise<Result> {
  const db = await openRecoveryDb({ folder });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}

/** An invocation with a key of its own. */
async function invocation(db: RecoveryDb, number: number): Promise<bigint> {
  const start = await db.newIngressKey(key(number), 0n);
  return db.newIngestInvocation(undefined, key(number), { publicKey: key(100 + number), version: 0 }, start);
}

test("a database is made, looked at and cleaned", async () => {
  const folder = join(newDirectory(), "db");
  const named = ["--database-folder", folder];
  expect(await facts(["db", "status", ...named])).toEqual({ database: folder, schema: "outdated" });
  for (let i = 0; i < 2; i++) {
    expect(await facts(["db", "migrate", ...named])).toEqual({ database: folder, schema: "current" });
  }
  const id = await inFolder(folder, async (db) => {
    const made = await invocation(db, 1);
    await db.setReport(key(1), "", { evidence: new Uint8Array(8), pubkeyExpiry: 12n });
    await db.addBlockData(made, { index: 1n, cumulativeTxoCount: 3n }, 5n, []);
    await db.reportLostIngressKey(key(1));
    return made;
  });
  expect(await facts(["db", "status", ...named])).toEqual({
    database: folder,
    schema: "current",
    ingressKeys: "1",
    invocations: "1",
    blocks: "1",
    events: "2",
    reports: "1",
    highestBlock: "1",
    missedBlockRanges: [{ startBlock: "2", endBlock: "12" }],
    keys: [
      { key: "01".repeat(32), startBlock: "0", pubkeyExpiry: "12", retired: false, lost: true, lastScannedBlock: "1" },
    ],
  });
  expect(await facts(["db", "clean", "--egress-keys", ...named])).toEqual({
    database: folder,
    dryRun: false,
    invocations: [],
  });
  expect(id).toBe(1n);
});

test("after a restore, what a wallet has seen hides nothing from it", async () => {
  const [folder, backup] = [join(newDirectory(), "db"), join(newDirectory(), "backup")];
  await facts(["db", "migrate", "--database-folder", folder]);
  await inFolder(folder, (db) => invocation(db, 1));
  cpSync(folder, backup, { recursive: true });
  const seen = await inFolder(folder, async (db) => {
    const lost = await invocation(db, 2);
    await db.decommissionIngestInvocation(lost);
    return { cursor: (await db.searchUserEvents(0n)).next, lost };
  });
  const { nextUserEventId } = await facts(["db", "after-restore", "--database-folder", backup]);
  await inFolder(backup, async (db) => {
    const made = await invocation(db, 3);
    const { events } = await db.searchUserEvents(seen.cursor);
    expect(events).toMatchObject([{ kind: "new-ingest-invocation", id: BigInt(nextUserEventId), invocation: made }]);
    expect(made).toBeGreaterThan(seen.lost); // A wallet takes that one for ended.
  });
});

test("an offered database keeps what was written when its process ends, or is killed", async () => {
  const folder = join(newDirectory(), "db");
  for (const [expected, signal] of [
    ["0", "SIGKILL"],
    ["1", "SIGTERM"],
  ] as const) {
    const program = fileURLToPath(new URL("../bin/fogbow.js", import.meta.url));
    const args = ["db", "serve", "--database-folder", folder, "--port", "0", "--json"];
    const served = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: served.stdout }), "line");
    const { databaseUrl } = JSON.parse(String(line));
    expect(await facts(["db", "status", "--database-url", databaseUrl])).toMatchObject({ invocations: expected });
    const db = await openRecoveryDb({ url: databaseUrl });
    await invocation(db, 1 + Number(expected));
    await db.close();
    const exit = once(served, "exit");
    await refusal(["db", "status", "--database-folder", folder], "folder-in-use");
    served.kill(signal);
    expect(await exit).toEqual(signal === "SIGKILL" ? [null, signal] : [0, null]);
  }
});

test("commands that lack something say what", async () => {
  for (const command of ["migrate", "status", "after-restore"]) await refusal(["db", command], "invalid-argument");
  await refusal(["db", "clean"], "invalid-argument");
  await refusal(["db", "clean", "--egress-keys"], "invalid-argument");
  await refusal(["db", "serve"], "invalid-argument");
  await refusal(["db", "serve", "--database-folder", "x", "--host", "0.0.0.0"], "invalid-argument");
  await refusal(["db", "serve", "--database-folder", "x", "--port", "70000"], "invalid-argument");
  await refusal(["db", "status", "--database-url", "mysql://u:secret@h/d"], "invalid-url");
  await refusal(["db", "status", "--database-url", "postgres://u@127.0.0.1:1/d"], "database-unavailable");
});

test("wallets are told of blocks that were scanned wrongly, each once", async () => {
  const folder = join(newDirectory(), "db");
  const named = ["--database-folder", folder];
  await facts(["db", "migrate", ...named]);
  await inFolder(folder, async (db) => {
    const made = await invocation(db, 1);
    for (let i = 0n; i < 5n; i += 1n) await db.addBlockData(made, { index: i, cumulativeTxoCount: i + 1n }, 5n, []);
  });
  const missed = (from: number, through: number): string[] => [
    ...["db", "missed-blocks", ...named],
    ...["--from", `${from}`, "--through", `${through}`],
  ];
  expect(await facts(missed(2, 3))).toEqual({ database: folder, told: [{ from: "2", through: "3" }] });
  expect(await facts(missed(2, 3))).toEqual({ database: folder, told: [] });
  await refusal(missed(4, 5), "invalid-argument");
  await refusal(missed(3, 2), "invalid-argument");
  await refusal(["db", "missed-blocks", ...named, "--from", "x", "--through", "2"], "invalid-argument");
});
