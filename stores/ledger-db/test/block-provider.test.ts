import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { U64_MAX } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { BlockProvider, createLedger, type Ledger, WatcherDb } from "../src/index.ts";
import { appendNext } from "./chain.ts";
import { newDirectory } from "./directories.ts";
import { archiveChain, startWriter } from "./writer-process.ts";

function folders(): { readonly ledger: string; readonly watcher: string } {
  const directory = newDirectory();
  const [ledger, watcher] = [join(directory, "ledger"), join(directory, "watcher")];
  mkdirSync(ledger);
  return { ledger, watcher };
}

/** Time that passes only while somebody waits. */
function virtualTime(): { readonly now: () => number; readonly sleep: (milliseconds: number) => Promise<void> } {
  let time = 0;
  return {
    now: () => time,
    sleep: async (milliseconds) => {
      time += milliseconds;
    },
  };
}

async function until(isSo: () => boolean, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!isSo() && performance.now() < end) await sleep(10);
}

/** Lets the running turn end: a reader keeps one state for as long. */
const nextTurn = (): Promise<void> => sleep(5);

test("is empty until somebody writes, and then sees blocks and their times", async () => {
  const directories = folders();
  const provider = new BlockProvider(directories);
  expect(provider.numBlocks()).toBe(0n);
  expect(provider.latestBlock()).toBeUndefined();
  expect(provider.blockData(0n)).toBeUndefined();
  expect(provider.txOutInfoByPublicKey(new Uint8Array(32))).toBeUndefined();
  expect(provider.timestamp(1n)).toEqual({ timestamp: U64_MAX, code: "watcher-behind" });

  const ledger: Ledger = createLedger(directories.ledger);
  const blocks = [appendNext(ledger), appendNext(ledger)];
  await nextTurn();
  expect(provider.numBlocks()).toBe(2n);
  expect(provider.latestBlock()).toEqual(blocks[1]?.block);
  expect(provider.blockData(1n)).toEqual({
    data: blocks[1],
    timestamp: { timestamp: U64_MAX, code: "watcher-behind" },
  });

  const watcher = WatcherDb.open(directories.watcher);
  watcher.watch(["a"]);
  watcher.add("a", blocks);
  expect(provider.blockData(1n)?.timestamp).toEqual({ timestamp: 1_700_000_001n, code: "found" });
  const [output] = blocks[1]?.contents.outputs ?? [];
  expect(provider.txOutInfoByPublicKey(output?.publicKey ?? new Uint8Array(0))).toEqual({
    txOutIndex: 5n,
    blockIndex: 1n,
    timestamp: { timestamp: 1_700_000_001n, code: "found" },
  });
  await Promise.all([provider.close(), ledger.close(), watcher.close()]);
  expect(() => provider.numBlocks()).toThrow(expect.objectContaining({ code: "ledger-closed" }));
});

test("waits for the time of a block, and gives up after five seconds", async () => {
  const directories = folders();
  const time = virtualTime();
  const provider = new BlockProvider(directories, time);
  const ledger: Ledger = createLedger(directories.ledger);
  const blocks = [appendNext(ledger), appendNext(ledger)];
  expect(await provider.pollTimestamp(0n)).toEqual({ timestamp: U64_MAX, code: "out-of-bounds" });
  expect(time.now()).toBe(0);
  expect(await provider.pollTimestamp(1n)).toEqual({ timestamp: U64_MAX, code: "watcher-behind" });
  expect(time.now()).toBe(5_000);

  const watcher = WatcherDb.open(directories.watcher);
  watcher.watch(["a"]);
  const unsigned = blocks.map((block) => ({ ...block, signature: undefined }));
  watcher.add("a", unsigned);
  expect(await provider.pollTimestamp(1n, { timeoutMs: 100 })).toEqual({ timestamp: U64_MAX, code: "unavailable" });
  watcher.watch(["a", "b"]);
  const late = provider.pollTimestamp(1n, { timeoutMs: 1_000_000 });
  watcher.add("b", blocks);
  expect(await late).toEqual({ timestamp: 1_700_000_001n, code: "found" });
  await Promise.all([provider.close(), ledger.close(), watcher.close()]);
});

test("stops waiting when told to", async () => {
  const provider = new BlockProvider(folders());
  const stop = new AbortController();
  const waiting = provider.pollTimestamp(1n, { signal: stop.signal });
  stop.abort(new Error("told to"));
  await expect(waiting).rejects.toThrow("told to");
  await provider.close();
});

test("sees within a second what another process appends", async () => {
  const { ledger: directory, watcher } = folders();
  await createLedger(directory).close();
  const { archive, chain } = archiveChain(3, 2);
  const provider = new BlockProvider({ ledger: directory, watcher });
  expect(provider.numBlocks()).toBe(0n);
  const writer = startWriter(directory, archive);
  writer.begin();
  await writer.line((line) => line === "stored 2");
  await until(() => provider.numBlocks() === 3n, 1_000);
  expect(provider.blockData(2n)?.data).toEqual(chain[2]);
  await Promise.all([provider.close(), writer.kill()]);
});

test("tells of a change long before the time is over, once the folders are there", async () => {
  const directories = folders();
  const ledger = createLedger(directories.ledger);
  const first = appendNext(ledger);
  const watcher = WatcherDb.open(directories.watcher);
  const provider = new BlockProvider(directories);
  const { signal } = new AbortController();
  await provider.untilChanged(10, signal);

  const changed = provider.untilChanged(60_000, signal);
  const second = appendNext(ledger);
  await changed;
  await until(() => provider.numBlocks() === 2n, 1_000);
  expect(provider.numBlocks()).toBe(2n);

  await provider.untilChanged(200, signal);
  watcher.watch(["a"]);
  watcher.add("a", [first, second]);
  await provider.untilChanged(60_000, signal); // It has changed since the last time, or does so soon.
  await Promise.all([ledger.close(), watcher.close(), provider.close()]);
});

test("waits for its time where nothing changes or nothing is there, and ends with the signal", async () => {
  const provider = new BlockProvider(folders());
  const stop = new AbortController();
  const started = performance.now();
  await provider.untilChanged(50, stop.signal);
  expect(performance.now() - started).toBeGreaterThanOrEqual(49);
  const waiting = provider.untilChanged(60_000, stop.signal);
  stop.abort();
  await waiting;
  await provider.untilChanged(60_000, stop.signal);
  await provider.close();
});
