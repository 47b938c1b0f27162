// When a block was signed, as Fog tells wallets (spec 02 §8.7, spec 03 §1.2).
import type { BlockSignature } from "@fogbow/core-block";
import { U64_MAX } from "@fogbow/core-bytes";

/** What is known about the time of a block, as MobileCoin numbers it. */
export const TIMESTAMP_CODES = {
  /** A validator said so. */
  found: 1,
  /** Not all watched sources have been read that far. */
  "watcher-behind": 2,
  /** All were read, and none has a signature: whoever signed this block is not watched. */
  unavailable: 3,
  /** The store cannot be read. */
  "database-error": 4,
  /** The origin block, which nobody signed, and the index that stands for none. */
  "out-of-bounds": 5,
} as const;

/** The time of a block. */
export interface BlockTimestamp {
  /** Seconds since the Unix epoch; 2^64 − 1 where there is none. */
  readonly timestamp: bigint;
  readonly code: keyof typeof TIMESTAMP_CODES;
}

/** What the answer is made from. */
export interface TimestampView {
  readonly signatures: () => readonly BlockSignature[];
  /** The first block that some watched source was not read at yet. */
  readonly next: () => bigint;
  readonly isWatching: () => boolean;
}

/** The earliest of the times that signatures on a block say. Those times are not signed: a validator may say any. */
export function blockTimestamp(index: bigint, { signatures, next, isWatching }: TimestampView): BlockTimestamp {
  const none = (code: BlockTimestamp["code"]): BlockTimestamp => ({ timestamp: U64_MAX, code });
  if (index === 0n || index === U64_MAX) return none("out-of-bounds");
  try {
    const times = signatures().map(({ signedAt }) => signedAt);
    const [first, ...others] = times;
    if (first !== undefined) {
      return { timestamp: others.reduce((least, time) => (time < least ? time : least), first), code: "found" };
    }
    return none(isWatching() && next() > index ? "unavailable" : "watcher-behind");
  } catch {
    return none("database-error");
  }
}
