// Appends archived blocks to a ledger, verifying each on the way: ids, contents, signatures, parents, counts, roots
// (spec 02 §8.5). The first that is wrong ends the import; what was stored before it stays.
import { type ArchiveFiles, nativeEd25519Verify, readArchiveFile } from "@fogbow/archive";
import {
  type ArchiveFile,
  archiveFilesFrom,
  type BlockData,
  BlockError,
  parseArchiveBlock,
  parseArchiveBlocks,
} from "@fogbow/core-block";
import type { ImportTarget } from "./import-target.ts";
import { isTrusted, type TrustedSigners } from "./signers.ts";

/** How to import. */
export interface ImportSettings {
  readonly signers: TrustedSigners;
  /** Told after each block how many were imported. */
  readonly onProgress: (blocks: bigint) => void;
}

/** What an import read. */
export interface ImportReport {
  /** Blocks stored by this import. */
  readonly imported: bigint;
  /** How many of them a trusted key signed. The id of the last covers every block before it. */
  readonly trusted: bigint;
  readonly mergedFiles: bigint;
  readonly singleFiles: bigint;
}

/**
 * Imports all blocks that the source has after those of the ledger, merged files first. A source without the block
 * after the ledger's last has nothing new. Rejects with the code of what is wrong and the block it is wrong at:
 * those of `parseArchiveBlock` and `Ledger.append`, `unsigned-block`, `untrusted-signer`, `root-element-mismatch`,
 * `txo-count-mismatch`, and those of the source.
 */
export async function importArchives(
  target: ImportTarget,
  source: ArchiveFiles,
  { signers, onProgress }: ImportSettings,
): Promise<ImportReport> {
  const report = { imported: 0n, trusted: 0n, mergedFiles: 0n, singleFiles: 0n };
  for (;;) {
    const found = await firstFile(source, target.next);
    if (found === undefined) {
      return report;
    }
    for (const data of blocksOf(found, target.next)) {
      const trusted = isTrusted(data, signers);
      target.append(data);
      report.trusted += trusted ? 1n : 0n;
      report.imported += 1n;
      onProgress(report.imported);
      await new Promise((resolve) => setImmediate(resolve));
    }
    report[found.file.kind === "merged" ? "mergedFiles" : "singleFiles"] += 1n;
  }
}

interface FoundFile {
  readonly file: ArchiveFile;
  readonly content: Uint8Array;
}

/** The largest file that begins with a block. */
async function firstFile(source: ArchiveFiles, index: bigint): Promise<FoundFile | undefined> {
  for (const file of archiveFilesFrom(index)) {
    const content = await readArchiveFile(source, file);
    if (content !== undefined) {
      return { file, content };
    }
  }
  return undefined;
}

/** The blocks of a file, each verified before it is given. Throws when the file has fewer or more than it should. */
function* blocksOf({ file, content }: FoundFile, first: bigint): Generator<BlockData, void, undefined> {
  if (file.kind === "single") {
    yield parseArchiveBlock(content, first, nativeEd25519Verify);
    return;
  }
  const end = first + file.blocks;
  let blockIndex = first;
  for (const data of parseArchiveBlocks(content, first, nativeEd25519Verify)) {
    if (blockIndex === end) {
      throw new BlockError("malformed-archive", `Block ${blockIndex}: it is more than ${file.path} should hold.`, {
        blockIndex,
      });
    }
    yield data;
    blockIndex += 1n;
  }
  if (blockIndex !== end) {
    throw new BlockError("malformed-archive", `Block ${blockIndex}: ${file.path} ends before it.`, { blockIndex });
  }
}
