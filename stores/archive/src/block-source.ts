// Where blocks come from when one is behind.
import type { BlockData } from "@fogbow/core-block";

/** A place that may have blocks. What it gives is checked in itself and believed by nobody. */
export interface BlockSource {
  /** What messages call it. */
  readonly name: string;
  /**
   * A block with its contents, checked by `parseArchiveBlock`: its parts belong together. Undefined when the source does
   * not have it, or not yet. Rejects with `ArchiveError` or `BlockError`, which name the block, and with the signal's reason.
   */
  fetch(index: bigint, options?: FetchOptions): Promise<BlockData | undefined>;
}

/** How to fetch. */
export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
}
