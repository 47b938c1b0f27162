// Which blocks a shard is responsible for (spec 03 §4.7): `default` for all, or `START-END`.
import { type Blocks, NO_END } from "./block-tracker.ts";
import { FogViewError } from "./error.ts";

/** The blocks of a strategy. Throws {@link FogViewError} `invalid-sharding-strategy`. */
export function parseShardingStrategy(text = "default"): Blocks {
  if (text.trim() === "default") return { start: 0n, end: NO_END };
  const [, first, second] = /^\s*(\d{1,20})\s*-\s*(\d{1,20})\s*$/.exec(text) ?? [];
  const [start, end] = [BigInt(first ?? 1), BigInt(second ?? 0)];
  if (start >= end || end > NO_END) {
    const message = `A sharding strategy is "default", or two numbers of blocks such as 0-1000, not ${JSON.stringify(text)}.`;
    throw new FogViewError("invalid-sharding-strategy", message);
  }
  return { start, end };
}
