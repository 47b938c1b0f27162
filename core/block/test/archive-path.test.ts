// Tests of where archive files lie, with the published examples.
import { expect, test } from "vitest";
import { archiveFilesFrom, archivePath, archiveUrl, mergedArchivePath, mergedSizesCompletedBy } from "../src/index.ts";

test.each([
  [0n, "00/00/00/00/00/00/00/0000000000000000.pb"],
  [1n, "00/00/00/00/00/00/00/0000000000000001.pb"],
  [0x1a2b3c4e5a6b7c8dn, "1a/2b/3c/4e/5a/6b/7c/1a2b3c4e5a6b7c8d.pb"],
  [2n ** 64n - 1n, "ff/ff/ff/ff/ff/ff/ff/ffffffffffffffff.pb"],
])("block %i has its published path", (index, path) => {
  expect(archivePath(index)).toBe(path);
});

test("an index beyond 64 bits has no path", () => {
  expect(() => archivePath(2n ** 64n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
  expect(() => archivePath(-1n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
});

test("a merged file lies in the folder of its size, at the path of its first block", () => {
  expect(mergedArchivePath(100n, 1200n)).toBe("merged-100/00/00/00/00/00/00/04/00000000000004b0.pb");
  for (const [size, first] of [
    [100n, 50n],
    [0n, 0n],
  ] as const) {
    expect(() => mergedArchivePath(size, first)).toThrow(expect.objectContaining({ code: "invalid-bucket" }));
  }
});

test("a reader tries the largest file that starts with a block first, the block's own file last", () => {
  const kinds = (index: bigint): readonly bigint[] => archiveFilesFrom(index).map(({ blocks }) => blocks);
  expect(kinds(0n)).toEqual([10_000n, 1_000n, 100n, 1n]);
  expect(kinds(20_000n)).toEqual([10_000n, 1_000n, 100n, 1n]);
  expect(kinds(3_000n)).toEqual([1_000n, 100n, 1n]);
  expect(kinds(300n)).toEqual([100n, 1n]);
  expect(kinds(301n)).toEqual([1n]);
  expect(archiveFilesFrom(7n, [])).toEqual([{ path: archivePath(7n), blocks: 1n, kind: "single" }]);
});

test("a writer writes a merged file when its last block is there", () => {
  expect(mergedSizesCompletedBy(99n)).toEqual([100n]);
  expect(mergedSizesCompletedBy(100n)).toEqual([]);
  expect(mergedSizesCompletedBy(999n)).toEqual([1_000n, 100n]);
  expect(mergedSizesCompletedBy(9_999n)).toEqual([10_000n, 1_000n, 100n]);
});

test("a base URL needs no last slash", () => {
  expect(archiveUrl("https://archive.example/node1", "a.pb")).toBe("https://archive.example/node1/a.pb");
  expect(archiveUrl("https://archive.example/node1/", "a.pb")).toBe("https://archive.example/node1/a.pb");
});
