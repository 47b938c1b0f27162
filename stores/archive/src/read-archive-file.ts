// Reading one archive file, single or merged, within its bound.
import { ARCHIVE_BLOCK_BYTES_MAX, type ArchiveFile } from "@fogbow/core-block";
import type { ArchiveFiles } from "./archive-files.ts";
import { ArchiveError } from "./error.ts";
import { MERGED_FILE_BYTES_MAX } from "./limits.ts";

/**
 * An archive file; undefined when there is none. A merged one that is too large to be held is passed over as if it were not
 * there: smaller ones hold the same blocks. Rejects as the place does.
 */
export async function readArchiveFile(
  files: ArchiveFiles,
  { kind, path }: ArchiveFile,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (kind === "single") {
    return files.read(path, ARCHIVE_BLOCK_BYTES_MAX, signal);
  }
  try {
    return await files.read(path, MERGED_FILE_BYTES_MAX, signal);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === "file-too-large") {
      return undefined;
    }
    throw error;
  }
}
