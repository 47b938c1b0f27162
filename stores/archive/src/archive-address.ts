// From the text with which an operator names a place to the place.
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ArchiveDestination, ArchiveFiles } from "./archive-files.ts";
import { ArchiveError } from "./error.ts";
import { folderFiles } from "./folder-files.ts";
import { httpFiles } from "./http-files.ts";
import { parseS3Address, publicS3Files, type S3Credentials, s3Files } from "./s3-files.ts";

/**
 * Where archives are read: `https://…`, `http://…`, `s3://bucket/prefix?region=…`, `file:///folder`, or the path of a folder,
 * which need not be there yet. Servers may be silent for so many milliseconds. Throws `invalid-address`.
 */
export function archiveFilesAt(address: string, silenceMs: number): ArchiveFiles {
  if (/^https?:\/\//i.test(address)) {
    return httpFiles(address, { silenceMs });
  }
  if (/^s3:/i.test(address)) {
    return publicS3Files(parseS3Address(address), silenceMs);
  }
  return folderFiles(folderOf(address));
}

/** As {@link archiveFilesAt}, for a place that must be there. Rejects with `invalid-address`, `source-not-found`. */
export async function existingArchiveFilesAt(address: string, silenceMs: number): Promise<ArchiveFiles> {
  const isFolder = !/^(https?|s3):/i.test(address);
  if (isFolder && (await stat(folderOf(address)).catch(() => undefined))?.isDirectory() !== true) {
    throw new ArchiveError("source-not-found", `${address} is neither a folder nor an address.`);
  }
  return archiveFilesAt(address, silenceMs);
}

/**
 * Where archives are written: `s3://bucket/prefix?region=…`, `file:///folder`, or the path of a folder. Throws
 * `invalid-address`, `missing-credentials`.
 */
export function archiveDestinationAt(
  address: string,
  { credentials, silenceMs }: { readonly credentials: S3Credentials | undefined; readonly silenceMs: number },
): ArchiveDestination {
  if (/^s3:/i.test(address)) {
    const parsed = parseS3Address(address);
    if (credentials === undefined) {
      throw new ArchiveError("missing-credentials", "Writing to object storage takes an access key.");
    }
    return s3Files(parsed, credentials, silenceMs);
  }
  return folderFiles(folderOf(address));
}

/** The path of a folder. Throws `invalid-address` for an address of something else. */
function folderOf(address: string): string {
  if (/^file:/i.test(address) && URL.canParse(address)) {
    try {
      return fileURLToPath(address);
    } catch (cause) {
      throw new ArchiveError("invalid-address", "The address of a folder is file:///folder.", { cause });
    }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    throw new ArchiveError("invalid-address", "Archives are in a folder, or at an address with https or s3.");
  }
  return address;
}
