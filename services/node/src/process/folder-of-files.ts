// The folder in which the vote journal is kept: what a file holds is on the disk when its writing is done.
//
// Files are written in place and removed ones get new names, ahead of their use: a disk then has to take nothing but the
// bytes themselves. A file that is made, cut or grown costs it several times as much, and every vote would wait for it.
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "../journal/file-journal.ts";
import { SPARE_FILES_MAX } from "./limits.ts";

/** What a file is made with room for, so that it seldom grows. */
const ROOM_BYTES = 16_384;

/** The files of a folder, which is made when it is not there. */
export async function folderOfFiles(path: string): Promise<Files> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  /** Files whose names are durable. */
  const existing = new Set(await readdir(path));
  const spare: string[] = [];
  let preparing: Promise<void> = Promise.resolve();

  const prepareOne = async (name: string, blank: Uint8Array): Promise<void> => {
    const reused = spare.pop();
    if (reused !== undefined) return rename(join(path, reused), join(path, name));
    const file = await open(join(path, name), "w", 0o600);
    try {
      await file.writeFile(withRoom(blank));
      await file.sync();
    } finally {
      await file.close();
    }
  };
  const prepareAll = async (names: readonly string[], blank: Uint8Array): Promise<void> => {
    const missing = names.filter((name) => !existing.has(name));
    for (const name of missing) await prepareOne(name, blank);
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    for (const name of missing) existing.add(name);
  };

  return {
    list: async () => [...existing],
    read: async (name) => {
      if (!existing.has(name)) return undefined;
      return new Uint8Array(await readFile(join(path, name)));
    },
    prepare: (names, blank) => {
      const prepared = preparing.then(() => prepareAll(names, blank));
      preparing = prepared.catch(() => undefined); // Whoever writes makes what is missing.
      return prepared;
    },
    write: async (name, bytes) => {
      if (!existing.has(name)) await preparing;
      // All of it at once, the disk too: a vote waits for this, and a trip to another thread and back takes its turn behind
      // all else that a busy node does, which takes longer than a disk.
      const isNew = !existing.has(name);
      withFile(join(path, name), isNew ? "w" : "r+", (file) => {
        const content = isNew ? withRoom(bytes) : bytes;
        for (let written = 0; written < content.length; ) {
          written += writeSync(file, content, written, content.length - written, written);
        }
        fdatasyncSync(file);
      });
      if (!isNew) return;
      withFile(path, "r", fsyncSync); // A file that is new may be gone after a crash, content and all.
      existing.add(name);
    },
    remove: async (name) => {
      const isThere = existing.delete(name);
      if (isThere && spare.length < SPARE_FILES_MAX) spare.push(name);
      else await rm(join(path, name), { force: true });
    },
  };
}

function withFile(path: string, flags: "r" | "r+" | "w", use: (file: number) => void): void {
  const file = openSync(path, flags, 0o600);
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}

function withRoom(bytes: Uint8Array): Uint8Array {
  const content = new Uint8Array(Math.ceil(Math.max(1, bytes.length) / ROOM_BYTES) * ROOM_BYTES);
  content.set(bytes);
  return content;
}
