import {
  archivePath,
  type BlockData,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  mergedArchivePath,
} from "@fogbow/core-block";
import { beforeAll, describe, expect, test } from "vitest";
import { ArchiveBlockSource, ArchiveError } from "../src/index.ts";
import { makeChain } from "./chain.ts";
import { MemoryFiles } from "./places.ts";

let chain: readonly BlockData[];
beforeAll(() => {
  chain = makeChain(1_003);
});

/** An archive with single files of all blocks and the merged files that are named. */
function archive(merged: readonly (readonly [size: bigint, first: bigint])[], singles = true): MemoryFiles {
  const files = new MemoryFiles();
  for (const data of singles ? chain : []) files.files.set(archivePath(data.block.index), encodeArchiveBlock(data));
  for (const [size, first] of merged) {
    const blocks = chain.slice(Number(first), Number(first + size));
    files.files.set(mergedArchivePath(size, first), encodeArchiveBlocks(blocks));
  }
  return files;
}

const ids = (blocks: readonly (BlockData | undefined)[]): unknown[] => blocks.map((each) => each?.block.id);

async function fetchAll(source: ArchiveBlockSource, first: number, end: number): Promise<(BlockData | undefined)[]> {
  const blocks: (BlockData | undefined)[] = [];
  for (let index = first; index < end; index++) blocks.push(await source.fetch(BigInt(index)));
  return blocks;
}

test("blocks come out of single files, and what is not there is undefined", async () => {
  const source = new ArchiveBlockSource(archive([]));
  expect(ids(await fetchAll(source, 0, 5))).toEqual(ids(chain.slice(0, 5)));
  expect(await source.fetch(1_003n)).toBeUndefined();
});

test("the largest merged file is tried first, where a block begins one", async () => {
  const files = archive([[100n, 100n]]);
  await new ArchiveBlockSource(files).fetch(100n);
  await new ArchiveBlockSource(files).fetch(0n);
  await new ArchiveBlockSource(files).fetch(1n);
  expect(files.reads).toEqual([
    mergedArchivePath(100n, 100n),
    mergedArchivePath(10_000n, 0n),
    mergedArchivePath(1_000n, 0n),
    mergedArchivePath(100n, 0n),
    archivePath(0n),
    archivePath(1n),
  ]);
});

test("a merged file is read once for all of its blocks, in turn or all at once", async () => {
  for (const parallel of [false, true]) {
    const files = archive([[1_000n, 0n]], false);
    const source = new ArchiveBlockSource(files);
    const blocks = parallel
      ? await Promise.all(chain.slice(0, 1_000).map(({ block }) => source.fetch(block.index)))
      : await fetchAll(source, 0, 1_000);
    expect(ids(blocks)).toEqual(ids(chain.slice(0, 1_000)));
    expect(files.reads).toEqual([mergedArchivePath(10_000n, 0n), mergedArchivePath(1_000n, 0n)]);
  }
});

test("blocks of a merged file are given once; asked again, they are read again", async () => {
  const files = archive([[100n, 0n]]);
  const source = new ArchiveBlockSource(files);
  await fetchAll(source, 0, 2);
  expect(await source.fetch(1n)).toEqual(chain[1]);
  expect(files.reads.at(-1)).toBe(archivePath(1n));
});

test("no more blocks are kept than there is room for", async () => {
  const files = archive([
    [100n, 0n],
    [100n, 100n],
  ]);
  const source = new ArchiveBlockSource(files, { cachedBlocksMax: 150 });
  await source.fetch(0n);
  await source.fetch(100n); // Two of them do not fit.
  await source.fetch(1n);
  await source.fetch(101n);
  expect(files.reads.slice(-2)).toEqual([mergedArchivePath(100n, 100n), archivePath(1n)]);
  const small = new ArchiveBlockSource(files, { cachedBlocksMax: 99 });
  expect(ids(await fetchAll(small, 0, 3))).toEqual(ids(chain.slice(0, 3)));
});

describe("a merged file that is wrong poisons nothing", () => {
  const path = mergedArchivePath(100n, 0n);
  const whole = (): Uint8Array => encodeArchiveBlocks(chain.slice(0, 100));
  const damages: readonly (readonly [string, () => Uint8Array])[] = [
    ["is empty", () => new Uint8Array()],
    ["is no archive", () => new Uint8Array(1_000).fill(255)],
    ["is cut off", () => whole().subarray(0, -1)],
    ["has one block too few", () => encodeArchiveBlocks(chain.slice(0, 99))],
    ["has one block too many", () => encodeArchiveBlocks(chain.slice(0, 101))],
    ["has other blocks", () => encodeArchiveBlocks(chain.slice(100, 200))],
    ["has a block twice", () => encodeArchiveBlocks([...chain.slice(0, 50), ...chain.slice(49, 99)])],
    ["has a byte wrong in the middle", () => whole().with(Math.floor(whole().length / 2), 0x5a)],
    [
      "has a signature that is not one",
      () => encodeArchiveBlocks([...chain.slice(0, 7), badlySigned(), ...chain.slice(8, 100)]),
    ],
  ];
  const badlySigned = (): BlockData => {
    const data = chain[7] as BlockData; // There are a hundred.
    const { signature } = chain[8] as BlockData;
    return { ...data, signature };
  };

  test.each(damages)("when it %s", async (_, damaged) => {
    const files = archive([]);
    files.files.set(path, damaged());
    const bad: string[] = [];
    const source = new ArchiveBlockSource(files, { onBadFile: (file) => bad.push(file) });
    expect(ids(await fetchAll(source, 0, 101))).toEqual(ids(chain.slice(0, 101)));
    expect(bad).toEqual([path]);
  });

  test("when its place cannot be read", async () => {
    const files = archive([]);
    const read = files.read.bind(files);
    files.read = async (name, bytesMax) => {
      if (name.startsWith("merged")) throw new ArchiveError("unexpected-status", "The server answered 500.");
      return read(name, bytesMax);
    };
    expect(ids(await fetchAll(new ArchiveBlockSource(files), 0, 3))).toEqual(ids(chain.slice(0, 3)));
  });
});

describe("what is wrong names the block", () => {
  test("when a single file is wrong", async () => {
    const files = archive([]);
    files.files.set(archivePath(7n), encodeArchiveBlock(chain[8] as BlockData));
    const fetching = new ArchiveBlockSource(files).fetch(7n);
    await expect(fetching).rejects.toMatchObject({ code: "unexpected-block-index", blockIndex: 7n });
  });

  test("when the place fails", async () => {
    const files = archive([]);
    files.read = async () => {
      throw new ArchiveError("source-timeout", "Too slow.");
    };
    const fetching = new ArchiveBlockSource(files).fetch(3n);
    await expect(fetching).rejects.toMatchObject({
      code: "source-timeout",
      blockIndex: 3n,
      message: "Block 3: Too slow.",
    });
  });
});

test("whoever asks can give up", async () => {
  const files = archive([]);
  files.read = (_path, _bytesMax, signal?: AbortSignal) =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const giveUp = new AbortController();
  const fetching = new ArchiveBlockSource(files).fetch(100n, { signal: giveUp.signal });
  giveUp.abort(new Error("enough"));
  await expect(fetching).rejects.toThrow("enough");
});
