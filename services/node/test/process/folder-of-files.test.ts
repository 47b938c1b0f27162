// The journal's folder: what was written is there in another run, and the journal itself works on it.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FileJournal } from "../../src/index.ts";
import { folderOfFiles } from "../../src/process/folder-of-files.ts";

const root = mkdtempSync(join(tmpdir(), "fogbow-journal."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a file is replaced where it begins, read again, and gone when it was removed", async () => {
  const path = join(root, "deep", "folder");
  const files = await folderOfFiles(path);
  expect(await files.list()).toEqual([]);
  expect(await files.read("a")).toBeUndefined();
  await files.write("a", Uint8Array.of(1, 2, 3));
  await files.write("a", Uint8Array.of(4));
  await files.write("b", new Uint8Array(20_000).fill(5));
  const again = await folderOfFiles(path);
  expect((await again.list()).sort()).toEqual(["a", "b"]);
  expect((await again.read("a"))?.subarray(0, 4)).toEqual(Uint8Array.of(4, 2, 3, 0));
  expect((await again.read("b"))?.subarray(0, 20_000)).toEqual(new Uint8Array(20_000).fill(5));
  await again.remove("a");
  await again.remove("never");
  expect(await again.read("a")).toBeUndefined();
  expect(await again.list()).toEqual(["b"]);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test("files that are made ahead hold what they are told or what removed ones held, and grow when they must", async () => {
  const path = join(root, "ahead");
  const files = await folderOfFiles(path);
  await files.write("old", Uint8Array.of(1, 2, 3));
  await files.remove("old");
  const preparing = files.prepare?.(["x", "y"], Uint8Array.of(9));
  await files.write("y", new Uint8Array(40_000).fill(7)); // Waits until it is there.
  await preparing;
  expect(readdirSync(path).sort()).toEqual(["x", "y"]);
  const again = await folderOfFiles(path);
  expect((await again.read("x"))?.subarray(0, 3)).toEqual(Uint8Array.of(1, 2, 3));
  expect(await again.read("y")).toEqual(new Uint8Array(40_000).fill(7));
  await again.prepare?.(["x", "z"], Uint8Array.of(9));
  expect((await again.read("x"))?.subarray(0, 3)).toEqual(Uint8Array.of(1, 2, 3)); // It was there.
  expect((await again.read("z"))?.subarray(0, 2)).toEqual(Uint8Array.of(9, 0));
});

test("what cannot be made ahead is made when it is needed", async () => {
  const path = join(root, "gone");
  const files = await folderOfFiles(path);
  await files.write("old", Uint8Array.of(1));
  await files.remove("old");
  rmSync(join(path, "old")); // There is nothing to be renamed.
  await expect(files.prepare?.(["x"], Uint8Array.of(9))).rejects.toThrow("ENOENT");
  await files.write("x", Uint8Array.of(2));
  expect((await files.read("x"))?.[0]).toBe(2);
});

test("votes outlive the process that wrote them, the newest of each slot", async () => {
  const path = join(root, "votes");
  const journal = new FileJournal(await folderOfFiles(path));
  await journal.read();
  for (const [slot, vote] of [
    [5n, 1],
    [5n, 2],
    [6n, 3],
    [5n, 4],
  ] as const) {
    await journal.write(slot, Uint8Array.of(vote));
  }
  const restored = await new FileJournal(await folderOfFiles(path)).read();
  expect(restored).toEqual({
    records: [
      { slot: 5n, record: Uint8Array.of(4) },
      { slot: 6n, record: Uint8Array.of(3) },
    ],
    unreadable: [],
  });
  await journal.forget(6n);
  for (let slot = 7n; slot < 40n; slot++) {
    for (const vote of [1, 2, 3]) await journal.write(slot, Uint8Array.of(vote));
    await journal.forget(slot - 2n);
  }
  // Its files have names of slots to come by now, and whoever reads them sees that they hold no votes of those.
  const { records, unreadable } = await new FileJournal(await folderOfFiles(path)).read();
  expect(records.slice(-3)).toEqual([37n, 38n, 39n].map((slot) => ({ slot, record: Uint8Array.of(3) })));
  expect(records.every(({ slot }) => slot < 40n)).toBe(true);
  expect(unreadable).toEqual([]);
  expect(readdirSync(path).length).toBeLessThan(50);
});
