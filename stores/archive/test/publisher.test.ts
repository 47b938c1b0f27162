import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  archivePath,
  type BlockData,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  mergedArchivePath,
} from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import type { MemoryLedger } from "@fogbow/ledger-db";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { ArchiveError, ArchivePublisher, folderFiles, HEAD_PATH, readHead } from "../src/index.ts";
import { ledgerOf, makeChain } from "./chain.ts";
import { MemoryFiles, newFolder } from "./places.ts";

let chain: readonly BlockData[];
beforeAll(() => {
  chain = makeChain(205);
});

const pollMs = 60_000; // So that only `notify` can be what wakes it.

/** Publishes until everything is there, then stops. */
async function publish(ledger: MemoryLedger, destination: MemoryFiles | ReturnType<typeof folderFiles>): Promise<void> {
  const publisher = new ArchivePublisher({ pollMs }, { ledger, destination });
  const running = publisher.run();
  await vi.waitFor(async () => {
    expect((await readHead(destination))?.index).toBe(ledger.numBlocks() - 1n);
    expect(publisher.next).toBe(ledger.numBlocks());
  }, 30_000);
  await publisher.stop();
  await running;
}

/** The files that an archive of so many blocks has. */
function expectedFiles(length: number): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const data of chain.slice(0, length))
    files.set(archivePath(data.block.index), Buffer.from(encodeArchiveBlock(data)));
  for (let first = 0; first + 100 <= length; first += 100) {
    const merged = encodeArchiveBlocks(chain.slice(first, first + 100));
    files.set(mergedArchivePath(100n, BigInt(first)), Buffer.from(merged));
  }
  const { index, id } = (chain[length - 1] as BlockData).block;
  files.set(HEAD_PATH, Buffer.from(`{ "index": ${index}, "id": "${toHex(id)}" }\n`));
  return files;
}

const sorted = (files: ReadonlyMap<string, Uint8Array>): unknown =>
  [...files].map(([path, content]) => [path, Buffer.from(content).toString("base64")]).sort();

test("every block gets a file, every hundred a merged one, and the head says how far it goes", async () => {
  const files = new MemoryFiles();
  await publish(ledgerOf(chain), files);
  expect(sorted(files.files)).toEqual(sorted(expectedFiles(205)));
  expect(await readHead(files)).toEqual({ index: 204n, id: chain[204]?.block.id });
});

test("a folder gets whole files and nothing else", async () => {
  const folder = newFolder();
  await publish(ledgerOf(chain.slice(0, 101)), folderFiles(folder));
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), readFileSync(path));
  }
  expect(sorted(files)).toEqual(sorted(expectedFiles(101)));
});

test("a block that is appended is published at once when somebody says so, and soon when nobody does", async () => {
  const ledger = ledgerOf(chain.slice(0, 3));
  const files = new MemoryFiles();
  const publisher = new ArchivePublisher({ pollMs }, { ledger, destination: files });
  void publisher.run();
  await vi.waitFor(() => expect(publisher.next).toBe(3n));
  ledger.append(chain[3] as BlockData);
  publisher.notify();
  await vi.waitFor(() => expect(publisher.next).toBe(4n));
  await publisher.stop();
  const polling = new ArchivePublisher({ pollMs: 5 }, { ledger, destination: files });
  void polling.run();
  await vi.waitFor(() => expect(polling.next).toBe(4n));
  ledger.append(chain[4] as BlockData);
  await vi.waitFor(() => expect(polling.next).toBe(5n));
  await polling.stop();
});

test("going on takes a look at a few files, not at all", async () => {
  const ledger = ledgerOf(chain);
  const files = new MemoryFiles();
  await publish(ledgerOf(chain.slice(0, 150)), files);
  const has = vi.spyOn(files, "has");
  files.writes.length = 0;
  await publish(ledger, files);
  expect(files.writes.filter((path) => path !== HEAD_PATH)).toHaveLength(55 + 1);
  expect(has.mock.calls.length).toBeLessThan(12);
  expect(sorted(files.files)).toEqual(sorted(expectedFiles(205)));
});

test("whichever write an end comes at, the next run makes the archive whole", async () => {
  const ledger = ledgerOf(chain.slice(0, 101));
  for (let writes = 95; writes < 106; writes++) {
    const files = new MemoryFiles();
    const write = files.write.bind(files);
    let left = writes;
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    files.write = async (path, content) => {
      if (left === 0) {
        ended();
        await new Promise(() => undefined); // The process is gone.
      }
      left -= 1;
      await write(path, content);
    };
    void new ArchivePublisher({ pollMs }, { ledger, destination: files }).run();
    await Promise.race([end, vi.waitFor(() => expect(files.files.get(HEAD_PATH)).toBeDefined(), 30_000)]);
    files.write = write;
    await publish(ledger, files);
    expect(sorted(files.files)).toEqual(sorted(expectedFiles(101)));
  }
});

test("failures are tried again after ever longer times, and told", async () => {
  const ledger = ledgerOf(chain.slice(0, 2));
  const files = new MemoryFiles();
  const write = files.write.bind(files);
  let failures = 4;
  files.write = async (path, content) => {
    if (failures > 0) {
      failures -= 1;
      throw new ArchiveError("unexpected-status", "503");
    }
    await write(path, content);
  };
  const told: number[] = [];
  const publisher = new ArchivePublisher(
    { pollMs },
    {
      ledger,
      destination: files,
      onFailure: (error, retryMs) => void (error instanceof ArchiveError && told.push(retryMs)),
    },
  );
  void publisher.run();
  await vi.waitFor(() => expect(publisher.next).toBe(2n));
  expect(told).toEqual([10, 20, 40, 80]);
  await publisher.stop();
});

test("a publisher that waits to try again stops at once", async () => {
  const files = new MemoryFiles();
  files.has = async () => {
    throw new Error("no disk");
  };
  const told: number[] = [];
  const publisher = new ArchivePublisher(
    { pollMs },
    { ledger: ledgerOf(chain.slice(0, 2)), destination: files, onFailure: (_, retryMs) => void told.push(retryMs) },
  );
  const running = publisher.run();
  await vi.waitFor(() => expect(told.at(-1)).toBeGreaterThan(100));
  const before = performance.now();
  await publisher.stop();
  await running;
  expect(performance.now() - before).toBeLessThan(100);
});

describe("the archive of another chain is left as it is", () => {
  test.each([
    ["in memory", () => new MemoryFiles()],
    ["in a folder", () => folderFiles(newFolder())],
  ])("%s", async (_, make) => {
    const files = make();
    await publish(ledgerOf(chain.slice(0, 5)), files);
    const other = ledgerOf(makeChain(9, { name: 1, differsFrom: 2 }));
    const publisher = new ArchivePublisher({ pollMs }, { ledger: other, destination: files });
    await expect(publisher.run()).rejects.toMatchObject({ code: "archive-differs", blockIndex: 4n });
    expect(await files.has(archivePath(5n))).toBe(false);
    expect((await readHead(files))?.index).toBe(4n);
  });
});

test("a ledger without blocks publishes nothing", async () => {
  const files = new MemoryFiles();
  const publisher = new ArchivePublisher({ pollMs: 1 }, { ledger: ledgerOf([]), destination: files });
  const running = publisher.run();
  await new Promise((resolve) => setImmediate(resolve));
  await publisher.stop();
  await running;
  expect(files.files.size).toBe(0);
});

test("a head that is none is refused", async () => {
  for (const text of ["", "{}", '{ "index": 1 }', '{ "index": 99999999999999999999, "id": "00" }', "x".repeat(100)]) {
    const files = new MemoryFiles();
    files.files.set(HEAD_PATH, new TextEncoder().encode(text));
    await expect(readHead(files)).rejects.toMatchObject({ code: "source-failure" });
  }
  expect(await readHead(new MemoryFiles())).toBeUndefined();
});
