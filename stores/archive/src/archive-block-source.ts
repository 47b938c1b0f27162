// Blocks out of archive files: merged ones where a block begins one, single ones else (spec 05 §3.3).
import {
  type ArchiveFile,
  archiveFilesFrom,
  archivePath,
  type BlockData,
  parseArchiveBlock,
  splitArchive,
} from "@fogbow/core-block";
import type { ArchiveFiles } from "./archive-files.ts";
import type { BlockSource, FetchOptions } from "./block-source.ts";
import { ArchiveError } from "./error.ts";
import { CACHED_BLOCKS_MAX } from "./limits.ts";
import { nativeEd25519Verify } from "./native-ed25519.ts";
import { readArchiveFile } from "./read-archive-file.ts";

/** How to read archives. */
export interface ArchiveBlockSourceOptions {
  /** Blocks of merged files that are kept until they are asked for; at most, and by default, 10 000. */
  readonly cachedBlocksMax?: number;
  /** Told of a merged file that could not be used; its blocks are then read from smaller files. */
  readonly onBadFile?: (path: string, error: unknown) => void;
}

/**
 * The blocks of one place with archive files. Blocks of a merged file are kept as they came until they are asked for, each
 * once. Asking for many blocks at a time reads a merged file once. A merged file that is damaged anywhere costs a request
 * and nothing else.
 */
export class ArchiveBlockSource implements BlockSource {
  readonly #files: ArchiveFiles;
  readonly #cachedBlocksMax: number;
  readonly #onBadFile: (path: string, error: unknown) => void;
  /** In the order in which they came. */
  readonly #merged: MergedFile[] = [];
  readonly #loading = new Set<Loading>();

  constructor(files: ArchiveFiles, options: ArchiveBlockSourceOptions = {}) {
    const { cachedBlocksMax = CACHED_BLOCKS_MAX, onBadFile = () => undefined } = options;
    this.#files = files;
    this.#cachedBlocksMax = Math.min(cachedBlocksMax, CACHED_BLOCKS_MAX);
    this.#onBadFile = onBadFile;
  }

  get name(): string {
    return this.#files.name;
  }

  async fetch(index: bigint, { signal }: FetchOptions = {}): Promise<BlockData | undefined> {
    try {
      signal?.throwIfAborted();
      const merged = await this.#fromMerged(index, signal);
      if (merged !== undefined) {
        return merged;
      }
      signal?.throwIfAborted();
      const encoded = await readArchiveFile(
        this.#files,
        { kind: "single", path: archivePath(index), blocks: 1n },
        signal,
      );
      return encoded && parseArchiveBlock(encoded, index, nativeEd25519Verify);
    } catch (error) {
      if (error instanceof ArchiveError) {
        const message = `Block ${index}: ${error.message}`;
        throw new ArchiveError(error.code, message, { blockIndex: index, cause: error });
      }
      throw error;
    }
  }

  /** Takes a block out of the merged files. When it is wrong, the file that it was in is forgotten. */
  #take(index: bigint): BlockData | undefined {
    const at = this.#merged.findIndex((each) => each.blocks.has(index));
    const file = this.#merged[at];
    const encoded = file?.blocks.get(index);
    if (file === undefined || encoded === undefined) {
      return undefined;
    }
    file.blocks.delete(index);
    try {
      const data = parseArchiveBlock(encoded, index, nativeEd25519Verify);
      if (file.blocks.size === 0) {
        this.#merged.splice(at, 1);
      }
      return data;
    } catch (error) {
      this.#merged.splice(at, 1);
      this.#onBadFile(file.path, error);
      return undefined;
    }
  }

  /** The block from a merged file: one that was read, is being read, or begins with it. */
  async #fromMerged(index: bigint, signal: AbortSignal | undefined): Promise<BlockData | undefined> {
    for (;;) {
      const data = this.#take(index);
      const loading = [...this.#loading].find(({ first, end }) => first <= index && index < end);
      if (data !== undefined || loading === undefined) {
        return data ?? this.#loaded(index, signal);
      }
      await loading.done;
    }
  }

  /** The block from the largest merged file that begins with it, if there is one. Never rejects. */
  async #loaded(index: bigint, signal: AbortSignal | undefined): Promise<BlockData | undefined> {
    const [largest, ...smaller] = archiveFilesFrom(index).filter(({ kind }) => kind === "merged");
    if (largest === undefined) {
      return undefined;
    }
    const loading = {
      first: index,
      end: index + largest.blocks,
      done: this.#load(index, [largest, ...smaller], signal),
    };
    this.#loading.add(loading);
    await loading.done;
    this.#loading.delete(loading);
    return this.#take(index);
  }

  /** Reads the first of some merged files that is there and whole. Never rejects. */
  async #load(first: bigint, candidates: readonly ArchiveFile[], signal: AbortSignal | undefined): Promise<void> {
    for (const file of candidates) {
      try {
        if (await this.#read(first, file, signal)) return;
      } catch (error) {
        if (signal?.aborted === true) return;
        this.#onBadFile(file.path, error);
      }
    }
  }

  /** Whether there is such a file. */
  async #read(first: bigint, file: ArchiveFile, signal: AbortSignal | undefined): Promise<boolean> {
    const content = file.blocks <= this.#cachedBlocksMax ? await readArchiveFile(this.#files, file, signal) : undefined;
    if (content === undefined) {
      return false;
    }
    const blocks = new Map<bigint, Uint8Array>();
    let index = first;
    for (const encoded of splitArchive(content, first)) {
      blocks.set(index, encoded);
      index += 1n;
      if (index > first + file.blocks) break;
    }
    if (index !== first + file.blocks) {
      throw new ArchiveError("source-failure", `${file.path} does not hold ${file.blocks} blocks.`);
    }
    this.#merged.push({ path: file.path, blocks });
    let kept = this.#merged.reduce((sum, each) => sum + each.blocks.size, 0);
    while (kept > this.#cachedBlocksMax) {
      kept -= this.#merged.shift()?.blocks.size ?? kept;
    }
    return true;
  }
}

interface MergedFile {
  readonly path: string;
  /** By index, not yet parsed. */
  readonly blocks: Map<bigint, Uint8Array>;
}

interface Loading {
  readonly first: bigint;
  readonly end: bigint;
  readonly done: Promise<void>;
}
