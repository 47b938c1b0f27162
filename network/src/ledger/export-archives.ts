// Writes a ledger as archive files, single and merged, in the layout of spec 02 §8.5.
import { join } from "node:path";
import { ArchiveFileWriter } from "@fogbow/archive";
import {
  archivePath,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  MERGED_SIZES,
  mergedArchivePath,
} from "@fogbow/core-block";
import type { LedgerReader } from "@fogbow/ledger-db";
import { UNNAMED_FILES_MAX } from "./limits.ts";

/** How to export. */
export interface ExportSettings {
  /** Whether to write merged files too. */
  readonly merged: boolean;
  /** Told after each block how many are written. */
  readonly onProgress: (blocks: bigint) => void;
}

/** What an export wrote. */
export interface ExportReport {
  readonly blocks: bigint;
  readonly mergedFiles: bigint;
  /** How many of the files were there before with the same content. */
  readonly filesKept: bigint;
}

/**
 * Writes the blocks that the ledger has now. A file appears under its name when it is complete and on
 * the disk. Rejects with
 * `archive-differs`, and as reading the ledger and writing files do.
 */
export async function exportArchives(
  ledger: LedgerReader,
  folder: string,
  { merged, onProgress }: ExportSettings,
): Promise<ExportReport> {
  const blocks = ledger.numBlocks();
  const open = new Map<bigint, ArchiveFileWriter>();
  const unnamed: ArchiveFileWriter[] = [];
  let mergedFiles = 0n;
  let filesKept = 0n;
  const nameAll = async (): Promise<void> => {
    await Promise.all(unnamed.map((file) => file.finish())); // Disks take many at once as quickly as one.
    unnamed.length = 0;
  };
  const complete = async (file: ArchiveFileWriter): Promise<void> => {
    if (await file.isThere()) {
      filesKept += 1n;
    } else if (unnamed.push(file) === UNNAMED_FILES_MAX) {
      await nameAll();
    }
  };
  try {
    for (let index = 0n; index < blocks; index += 1n) {
      const data = ledger.blockData(index);
      if (data === undefined) {
        throw new Error(`Block ${index} is missing.`); // The ledger itself reports what is damaged.
      }
      const single = await ArchiveFileWriter.open(join(folder, archivePath(index)));
      open.set(1n, single);
      await single.write(encodeArchiveBlock(data));
      open.delete(1n);
      await complete(single);
      for (const size of merged ? MERGED_SIZES : []) {
        if (index % size === 0n && index + size <= blocks) {
          open.set(size, await ArchiveFileWriter.open(join(folder, mergedArchivePath(size, index))));
        }
        const file = open.get(size);
        await file?.write(encodeArchiveBlocks([data])); // Merged files are these, one after the other.
        if (file !== undefined && (index + 1n) % size === 0n) {
          open.delete(size);
          await complete(file);
          mergedFiles += 1n;
        }
      }
      onProgress(index + 1n);
    }
    await nameAll();
  } finally {
    await Promise.all([...open.values(), ...unnamed].map((file) => file.abandon()));
  }
  return { blocks, mergedFiles, filesKept };
}
