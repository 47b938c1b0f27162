// What a wallet asks the services of Fog, without how it reaches them (spec 03 §4.2, §5.3, §5.4).
import type { TxOut } from "@fogbow/core-transaction";

/** Blocks from `startBlock` up to, and without, `endBlock`. */
export interface BlockRange {
  readonly startBlock: bigint;
  readonly endBlock: bigint;
}

/** A sequence of search keys that begins. */
export interface RngRecord {
  readonly ingestInvocationId: bigint;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly version: number;
  readonly startBlock: bigint;
}

/** A sequence of search keys that has ended. */
export interface DecommissionedInvocation {
  readonly ingestInvocationId: bigint;
  readonly lastIngestedBlock: bigint;
}

/** What became of one search key. */
export type SearchResultCode = "found" | "not-found" | "bad-search-key" | "internal-error" | "rate-limited";

/** The answer to one search key. */
export interface SearchResult {
  readonly searchKey: Uint8Array;
  readonly code: SearchResultCode;
  /** The sealed record, if there is one. */
  readonly payload: Uint8Array;
}

/** A question to Fog View. */
export interface ViewQuestion {
  readonly searchKeys: readonly Uint8Array[];
  /** Events after this one; 2⁶³ − 1 for none. */
  readonly startFromUserEventId: bigint;
  readonly startFromBlockIndex: bigint;
}

/** The answer of Fog View. */
export interface ViewAnswer {
  readonly highestProcessedBlockCount: bigint;
  readonly nextStartFromUserEventId: bigint;
  readonly missedBlockRanges: readonly BlockRange[];
  readonly rngs: readonly RngRecord[];
  readonly decommissioned: readonly DecommissionedInvocation[];
  readonly results: readonly SearchResult[];
}

/** What became of one key image. */
export interface KeyImageResult {
  readonly keyImage: Uint8Array;
  readonly code: "spent" | "not-spent" | "error";
  /** The block it is spent in. */
  readonly spentAt: bigint;
}

/** The answer of Fog Ledger about key images. */
export interface KeyImageAnswer {
  readonly numBlocks: bigint;
  readonly globalTxoCount: bigint;
  readonly latestBlockVersion: number;
  readonly results: readonly KeyImageResult[];
}

/** A block that Fog did not ingest, to be scanned by its owner. */
export interface MissedBlock {
  readonly index: bigint;
  /** Outputs in the ledger with this block. */
  readonly globalTxoCount: bigint;
  readonly outputs: readonly TxOut[];
}

/** The services of one Fog. Each call may fail; none is made twice at one time. */
export interface FogServers {
  readonly queryView: (question: ViewQuestion) => Promise<ViewAnswer>;
  readonly checkKeyImages: (keyImages: readonly Uint8Array[]) => Promise<KeyImageAnswer>;
  readonly getBlocks: (ranges: readonly BlockRange[]) => Promise<readonly MissedBlock[]>;
}
