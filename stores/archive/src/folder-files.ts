// Archive files in a folder.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ArchiveFileWriter } from "./archive-file-writer.ts";
import type { ArchiveDestination } from "./archive-files.ts";
import { readFileIfAny } from "./read-bounded.ts";

/**
 * The files of a folder, which is made when the first is written. A file has its name when it is whole and on the disk.
 * An archive file that is there stays as it is: writing another content rejects with `archive-differs`.
 */
export function folderFiles(folder: string): ArchiveDestination {
  return {
    name: folder,
    read: (path, bytesMax) => readFileIfAny(join(folder, path), bytesMax),
    has: async (path) => {
      try {
        return (await stat(join(folder, path))).isFile();
      } catch (error) {
        if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code))) {
          return false;
        }
        throw error;
      }
    },
    write: async (path, content, kind) => {
      const file = await ArchiveFileWriter.open(join(folder, path));
      try {
        for (const part of content) {
          await file.write(part);
        }
        if (kind === "head" || !(await file.isThere())) {
          await file.finish();
        }
      } finally {
        await file.abandon();
      }
    },
  };
}
