// The journal's folder: what was written is there in another run, and the journal itself works on it.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FileJournal } from "../../src/index.ts";
import { folderOfFiles } from "../../src/process/folder-of-files.ts";

const root = mkdtempSync(join(tmpdir(), "fogbow-journal."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a file is replaced as a whole, read again, and gone when it was removed", async () => {
  const path = join(root, "deep", "folder");
  const files = await folderOfFiles(path);
  expect(await files.list()).toEqual([]);
  expect(await files.read("a")).toBeUndefined();
  await files.write("a", Uint8Array.of(1, 2, 3));
  await files.write("a", Uint8Array.of(4));
  await files.write("b", new Uint8Array(0));
  const again = await folderOfFiles(path);
  expect((await again.list()).sort()).toEqual(["a", "b"]);
  expect(await again.read("a")).toEqual(Uint8Array.of(4));
  expect(await again.read("b")).toEqual(new Uint8Array(0));
  await again.remove("a");
  await again.remove("never");
  expect(await again.read("a")).toBeUndefined();
  expect(readdirSync(path)).toEqual(["b"]);
  expect(statSync(path).mode & 0o077).toBe(0);
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
  const { records } = await new FileJournal(await folderOfFiles(path)).read();
  expect(records.map(({ slot }) => slot)).toEqual([6n]);
});
