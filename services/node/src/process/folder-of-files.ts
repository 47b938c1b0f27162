// The folder in which the vote journal is kept: a file's content is on the disk when its writing is done.
import { closeSync, fdatasync, fsync, openSync, writeSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Files } from "../journal/file-journal.ts";

/** The files of a folder, which is made when it is not there. */
export async function folderOfFiles(path: string): Promise<Files> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const existing = new Set(await readdir(path));
  return {
    list: async () => [...existing],
    read: async (name) => {
      if (!existing.has(name)) return undefined;
      return new Uint8Array(await readFile(join(path, name)));
    },
    write: async (name, bytes) => {
      // Votes wait for this. All but the disk itself is done at once: each trip to another thread and back would have to
      // wait for its turn behind everything else that a busy node does, and there would be four of them.
      const file = openSync(join(path, name), "w", 0o600);
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
        await syncData(file);
      } finally {
        closeSync(file);
      }
      if (existing.has(name)) return;
      await syncFolder(path); // A file that is new may be gone after a crash, content and all.
      existing.add(name);
    },
    remove: async (name) => {
      existing.delete(name);
      await rm(join(path, name), { force: true });
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = openSync(path, "r");
  try {
    await syncAll(folder);
  } finally {
    closeSync(folder);
  }
}

const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);
