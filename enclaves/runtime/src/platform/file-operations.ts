// The file operations that platforms need, so that tests can stand in for the kernel.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdir, open, readFile, rmdir } from "node:fs/promises";
import { dirname } from "node:path";

/** File operations as the system has them; errors carry the system's `code`, such as `EBUSY`. */
export interface FileOperations {
  readFile(path: string): Promise<Uint8Array>;
  /** Writes in one system call, into a file that is there. */
  writeFile(path: string, content: Uint8Array): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  readFileSync(path: string): Uint8Array;
  /** Replaces a file as a whole: durable when it returns, and never half there. */
  replaceFileSync(path: string, content: Uint8Array): void;
}

/** The system's own. */
export const systemFiles: FileOperations = {
  readFile: async (path) => new Uint8Array(await readFile(path)),

  writeFile: async (path, content) => {
    const file = await open(path, "r+");
    try {
      const { bytesWritten } = await file.write(content, 0, content.length, 0);
      if (bytesWritten !== content.length) throw Object.assign(new Error("The write was cut short."), { code: "EIO" });
    } finally {
      await file.close();
    }
  },

  mkdir: async (path) => {
    await mkdir(path, { mode: 0o700 });
  },

  rmdir: (path) => rmdir(path),

  readFileSync: (path) => new Uint8Array(readFileSync(path)),

  replaceFileSync: (path, content) => {
    const temporary = `${path}.tmp`;
    const file = openSync(temporary, "w", 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    const folder = openSync(dirname(path), "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
};
