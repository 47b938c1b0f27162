import { createServer } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { type BlockSource, folderFiles } from "@fogbow/archive";
import {
  archivePath,
  type BlockData,
  blockToWire,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  mergedArchivePath,
} from "@fogbow/core-block";
import { toHex, U64_MAX } from "@fogbow/core-bytes";
import { WatchAPI } from "@fogbow/core-wire";
import { WatcherDb } from "@fogbow/ledger-db";
import { createLog, createMetrics } from "@fogbow/server";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { forged, makeChain } from "../../../stores/archive/test/chain.ts";
import { newFolder } from "../../../stores/archive/test/places.ts";
import { parseNodeAddress, runWatcher, type SourceConfig, Watcher, watcherMetrics } from "../src/index.ts";

const LENGTH = 130;
let chain: readonly BlockData[];
let other: readonly BlockData[];
beforeAll(() => {
  chain = makeChain(LENGTH);
  other = makeChain(LENGTH, { name: 1, differsFrom: 100 });
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const signerOf = (data: BlockData): string => toHex(data.signature?.signer ?? new Uint8Array());

/** A folder with archive files of blocks. */
async function archive(blocks: readonly BlockData[], folder = newFolder()): Promise<string> {
  const files = folderFiles(folder);
  for (const data of blocks) await files.write(archivePath(data.block.index), [encodeArchiveBlock(data)], "archive");
  return folder;
}

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

function watch(
  sources: readonly (Partial<SourceConfig> & { readonly archiveUrl: string })[],
  more: { pollMs?: number; open?: (url: string) => BlockSource; directory?: string } = {},
) {
  const { pollMs = 5, open, directory = newFolder() } = more;
  const db = WatcherDb.open(directory);
  const lines: Line[] = [];
  const log = createLog(
    { name: "watcher" },
    { destination: { write: (line: string) => void lines.push(JSON.parse(line)) } },
  );
  const { registry } = createMetrics();
  const configs = sources.map((each) => ({ node: undefined, signers: undefined, ...each }));
  const watcher = new Watcher(
    { sources: configs, pollMs },
    { db, log, metrics: watcherMetrics(registry), ...(open && { open }) },
  );
  closing.push(async () => {
    await watcher.close();
    await db.close();
  });
  const next = (i = 0): bigint => db.sources()[i]?.next ?? -1n;
  const errors = (): Line[] => lines.filter(({ level }) => level >= 50);
  const figure = async (name: string): Promise<string> =>
    (await registry.metrics())
      .split("\n")
      .filter((line) => line.startsWith(name))
      .join("\n");
  return { watcher, db, directory, lines, errors, figure, next };
}

describe("a watcher", () => {
  test("records what every source has, who signed it and when", async () => {
    const [a, b] = [await archive(chain), await archive(chain.slice(0, 50))];
    const { watcher, db, next, errors, figure } = watch([{ archiveUrl: a }, { archiveUrl: b }]);
    await vi.waitFor(() => expect([next(0), next(1)]).toEqual([130n, 50n]), 20_000);
    await vi.waitFor(() => expect(watcher.isReady).toBe(true));
    const { block, signature } = chain[40] as BlockData;
    expect(db.records(40n)).toEqual([a, b].map((source) => ({ source, block, signature })));
    expect(db.blockTimestamp(40n)).toEqual({ timestamp: signature?.signedAt, code: "found" });
    expect(db.blockTimestamp(129n).code).toBe("found");
    expect(db.blockTimestamp(130n)).toEqual({ timestamp: U64_MAX, code: "watcher-behind" });
    expect(db.evidenceOf(signature?.signer ?? new Uint8Array(32))).toEqual([
      { from: 1n, metadata: chain[1]?.metadata },
    ]);
    expect(errors()).toEqual([]);
    expect(await figure("watcher_blocks_total")).toContain("130");
  });

  test("goes on where it was, with blocks that came meanwhile", async () => {
    const folder = await archive(chain.slice(0, 20));
    const first = watch([{ archiveUrl: folder }]);
    await vi.waitFor(() => expect(first.next()).toBe(20n));
    await closing.pop()?.();
    await archive(chain.slice(20, 30), folder);
    const again = watch([{ archiveUrl: folder }], { directory: first.directory });
    await vi.waitFor(() => expect(again.next()).toBe(30n));
    await archive(chain.slice(30, 31), folder);
    await vi.waitFor(() => expect(again.next()).toBe(31n));
    expect(again.errors()).toEqual([]);
  });

  test("asks each source for itself, and for everything: what one has proves nothing of another", async () => {
    const asked: Record<string, bigint[]> = {};
    const open = (url: string): BlockSource => ({
      name: url,
      fetch: async (index) => {
        asked[url] = [...(asked[url] ?? []), index];
        return chain[Number(index)];
      },
    });
    const { next } = watch([{ archiveUrl: "a" }, { archiveUrl: "b" }], { open });
    await vi.waitFor(() => expect([next(0), next(1)]).toEqual([130n, 130n]));
    for (const url of ["a", "b"])
      expect(asked[url]?.slice(0, 130).sort((x, y) => Number(x - y))).toEqual(chain.map((_, i) => BigInt(i)));
  });

  test("lets no source hold up another", async () => {
    const open = (url: string): BlockSource => ({
      name: url,
      fetch: (index, options) =>
        url === "stuck"
          ? new Promise((_, reject) => options?.signal?.addEventListener("abort", () => reject(new Error("gone"))))
          : Promise.resolve(chain[Number(index)]),
    });
    const { next, watcher } = watch([{ archiveUrl: "stuck" }, { archiveUrl: "a" }], { open });
    await vi.waitFor(() => expect(next(1)).toBe(130n));
    expect(next(0)).toBe(0n);
    await vi.waitFor(() => expect(watcher.isReady).toBe(true));
  });
});

describe("an alarm, and never an end, is", () => {
  test("another block at one height, with both records", async () => {
    const [a, b] = [await archive(chain), await archive(other)];
    const { db, next, errors, figure } = watch([{ archiveUrl: a }, { archiveUrl: b }]);
    await vi.waitFor(() => expect([next(0), next(1)]).toEqual([130n, 130n]), 20_000);
    const conflicts = db.conflicts();
    expect(conflicts).toHaveLength(30);
    expect(conflicts[0]?.index).toBe(100n);
    const ids = new Set(conflicts[0]?.records.map(({ block }) => toHex(block.id)));
    expect(ids).toEqual(new Set([chain, other].map((blocks) => toHex((blocks[100] as BlockData).block.id))));
    const line = errors().find(({ block }) => block === "100");
    expect(line).toMatchObject({
      msg: "sources have different blocks",
      one: { signer: signerOf(chain[100] as BlockData) },
    });
    expect(await figure("watcher_conflicts_total")).toContain("30");
  });

  test("a block whose signature does not verify; the source is looked at again", async () => {
    const folder = await archive(chain.slice(0, 10));
    const bad = { ...(chain[10] as BlockData), signature: chain[9]?.signature };
    await archive([bad], folder);
    const { next, errors, figure } = watch([{ archiveUrl: folder }]);
    await vi.waitFor(() => expect(errors()).toHaveLength(1));
    expect(errors()[0]).toMatchObject({ block: "10", code: "invalid-block-signature" });
    expect(next()).toBe(10n);
    await new Promise((resolve) => setTimeout(resolve, 30)); // Several looks, one line.
    expect(errors()).toHaveLength(1);
    expect(await figure("watcher_alarms_total")).toContain("invalid-block-signature");
    const { rm } = await import("node:fs/promises");
    await rm(`${folder}/${archivePath(10n)}`);
    await archive(chain.slice(10, 15), folder);
    await vi.waitFor(() => expect(next()).toBe(15n));
  });

  test("a chain that does not hold together, across a restart too", async () => {
    const folder = await archive([...chain.slice(0, 10), forged(chain[10] as BlockData, 3), ...chain.slice(11, 20)]);
    const first = watch([{ archiveUrl: folder }]);
    await vi.waitFor(() => expect(first.errors()[0]).toMatchObject({ block: "11", code: "broken-chain" }));
    expect(first.next()).toBe(11n); // What the source has at height 10 it has.
    await closing.pop()?.();
    const again = watch([{ archiveUrl: folder }], { directory: first.directory });
    await vi.waitFor(() => expect(again.errors()[0]).toMatchObject({ block: "11", code: "broken-chain" }));
  });

  test("an archive that is not there", async () => {
    const { errors, watcher } = watch([{ archiveUrl: "http://127.0.0.1:9/" }]);
    await vi.waitFor(() => expect(errors()[0]).toMatchObject({ code: "source-failure", block: "0" }));
    expect(watcher.isReady).toBe(false);
  });
});

test("signatures by keys that are not named for a source do not count", async () => {
  const folder = await archive(chain.slice(0, 5));
  const { db, next, lines } = watch([{ archiveUrl: folder, signers: new Set(["00".repeat(32)]) }]);
  await vi.waitFor(() => expect(next()).toBe(5n));
  expect(db.records(3n)[0]?.signature).toBeUndefined();
  expect(db.blockTimestamp(3n).code).toBe("unavailable");
  expect(lines.some(({ msg }) => msg === "block signed by a key that is not named")).toBe(true);
  const named = watch([{ archiveUrl: folder, signers: new Set([signerOf(chain[1] as BlockData)]) }]);
  await vi.waitFor(() => expect(named.next()).toBe(5n));
  expect(named.db.blockTimestamp(3n).code).toBe("found");
});

test("a bad merged file is passed over, and said", async () => {
  const folder = await archive(chain);
  await folderFiles(folder).write(mergedArchivePath(100n, 0n), [encodeArchiveBlocks(chain.slice(0, 99))], "archive");
  const { next, lines, errors } = watch([{ archiveUrl: folder }]);
  await vi.waitFor(() => expect(next()).toBe(130n), 20_000);
  expect(errors()).toEqual([]);
  expect(lines.some(({ msg }) => msg === "merged archive file is bad")).toBe(true);
});

test("a node that announces a block has its archive looked at soon, however seldom it is polled", async () => {
  const folder = await archive(chain.slice(0, 5));
  const announced: ((block: BlockData) => void)[] = [];
  let from = -1n;
  const server = createServer(
    connectNodeAdapter({
      routes: (router) =>
        router.service(WatchAPI, {
          async *watchBlocks({ fromIndex }, { signal }) {
            from = fromIndex;
            for (;;) {
              const data = await new Promise<BlockData | undefined>((resolve) => {
                announced.push(resolve);
                signal.addEventListener("abort", () => resolve(undefined));
              });
              if (data === undefined) return;
              yield { header: blockToWire(data.block) };
            }
          },
        }),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sessions = new Set<{ destroy: () => void }>();
  server.on("session", (session) => sessions.add(session));
  closing.push(async () => {
    for (const session of sessions) session.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const node = parseNodeAddress(`insecure-mc://127.0.0.1:${port}/`);
  const { next } = watch([{ archiveUrl: folder, node }], { pollMs: 3_600_000 });
  await vi.waitFor(() => expect([next(), announced.length]).toEqual([5n, 1]));
  expect(from).toBeLessThanOrEqual(5n);
  announced.pop()?.(chain[5] as BlockData);
  await new Promise((resolve) => setTimeout(resolve, 50)); // The archive is a little later than the node.
  await archive(chain.slice(5, 6), folder);
  await vi.waitFor(() => expect(next()).toBe(6n));
});

test("a process says when it is of use, and how it is", async () => {
  const folder = await archive(chain.slice(0, 5));
  const directory = newFolder();
  const log = createLog({ name: "watcher", level: "silent" });
  const running = await runWatcher(
    {
      sources: [{ archiveUrl: folder, node: undefined, signers: undefined }],
      directory,
      chainId: "test",
      pollMs: 5,
      listen: { host: "127.0.0.1", port: 0 },
      version: "0",
    },
    { log },
  );
  await vi.waitFor(() => expect(running.isReady()).toBe(true));
  const figures = await (await fetch(`http://127.0.0.1:${running.port}/metrics`)).text();
  expect(figures).toMatch(/watcher_next_block\{source="[^"]+"\} 5/);
  const reader = WatcherDb.open(directory, { readOnly: true });
  expect(reader.blockTimestamp(4n).code).toBe("found");
  await reader.close();
  const before = performance.now();
  await running.close();
  expect(performance.now() - before).toBeLessThan(1_000);
  await running.done;
});
