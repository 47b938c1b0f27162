// Where archived blocks lie below a base folder or URL (spec 02 §8.5).
import { be64, toHex } from "@fogbow/core-bytes";
import { BlockError } from "./error.ts";

/** How many blocks a merged archive file holds, by default; the order in which a reader tries them. */
export const MERGED_SIZES: readonly bigint[] = [10_000n, 1_000n, 100n];

/** The path of the file with one block, such as `00/00/00/00/00/00/00/0000000000000001.pb`. */
export function archivePath(index: bigint): string {
  const hex = toHex(be64(index));
  const folders = Array.from({ length: 7 }, (_, i) => hex.slice(2 * i, 2 * i + 2));
  return [...folders, `${hex}.pb`].join("/");
}

/** The path of the file with `size` blocks from `firstIndex` on. Throws `invalid-bucket`. */
export function mergedArchivePath(size: bigint, firstIndex: bigint): string {
  if (size < 1n || firstIndex % size !== 0n) {
    throw new BlockError("invalid-bucket", "A merged archive starts at a multiple of its size.");
  }
  return `merged-${size}/${archivePath(firstIndex)}`;
}

/** A file that may hold a block and those after it. */
export interface ArchiveFile {
  readonly path: string;
  /** How many blocks it holds. */
  readonly blocks: bigint;
  readonly kind: "merged" | "single";
}

/** The files that begin with block `index`, the largest first: what a reader tries, in this order. */
export function archiveFilesFrom(index: bigint, sizes: readonly bigint[] = MERGED_SIZES): readonly ArchiveFile[] {
  const merged = sizes
    .filter((size) => index % size === 0n)
    .map((size): ArchiveFile => ({ path: mergedArchivePath(size, index), blocks: size, kind: "merged" }));
  return [...merged, { path: archivePath(index), blocks: 1n, kind: "single" }];
}

/** The sizes of the merged files that block `index` completes: what a writer writes after it. */
export function mergedSizesCompletedBy(index: bigint, sizes: readonly bigint[] = MERGED_SIZES): readonly bigint[] {
  return sizes.filter((size) => (index + 1n) % size === 0n);
}

/** The address of a path below a base URL, with or without its last slash. */
export function archiveUrl(baseUrl: string, path: string): string {
  return `${baseUrl}${baseUrl.endsWith("/") ? "" : "/"}${path}`;
}
