// Which blocks a shard is for (spec 03 §4.7).
import { U64_MAX } from "@fogbow/core-bytes";
import { LedgerServiceError } from "./error.ts";

/** Blocks from `start` up to, and without, `end`. */
export interface BlockRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** `default`, which is all blocks, or `START-END`. Throws {@link LedgerServiceError} `invalid-sharding-strategy`. */
export function parseShardingStrategy(text: string): BlockRange {
  if (text === "default" || text === "") return { start: 0n, end: U64_MAX };
  const [, start, end] = /^\s*(\d{1,20})\s*-\s*(\d{1,20})\s*$/.exec(text) ?? [];
  if (start === undefined || end === undefined || BigInt(start) >= BigInt(end) || BigInt(end) > U64_MAX) {
    throw new LedgerServiceError("invalid-sharding-strategy", "A sharding strategy is default or START-END.");
  }
  return { start: BigInt(start), end: BigInt(end) };
}
