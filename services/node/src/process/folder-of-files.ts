// The folder in which the vote journal is kept: a file's content is on the disk when its writing is done.
import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
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
      const file = await open(join(path, name), "w", 0o600);
      try {
        await file.writeFile(bytes);
        await file.datasync();
      } finally {
        await file.close();
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
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
