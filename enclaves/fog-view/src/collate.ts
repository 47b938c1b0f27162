// What shards say beside their results, made into one answer (spec 03 §4.9). All of it is public, and the hosts' own word.
import type { BlockRange, QueryResponse } from "@fogbow/core-wire";

/** A shard's answer without its results. */
export interface ShardSays {
  /** Blocks that it is responsible for. */
  readonly range: Pick<BlockRange, "startBlock" | "endBlock">;
  readonly says: QueryResponse;
}

/** What a client is told beside its results. */
export type PublicAnswer = Omit<
  QueryResponse,
  "$typeName" | "$unknown" | "txOutSearchResults" | "fixedTxOutSearchResults"
>;

/** Events of all shards, and the height up to which all blocks are complete in one shard or another. */
export function collatePublic(shards: readonly ShardSays[]): PublicAnswer {
  const says = shards.map((shard) => shard.says);
  const missed = union(
    says.flatMap((each) => each.missedBlockRanges),
    (each) => `${each.startBlock}-${each.endBlock}`,
  );
  const newest = says.reduce<QueryResponse | undefined>(
    (best, each) => (best === undefined || each.lastKnownBlockCount > best.lastKnownBlockCount ? each : best),
    undefined,
  );
  return {
    ...completeness(shards, missed),
    // The shard that says the largest has given every event up to it, so that the union lacks none.
    nextStartFromUserEventId: says.reduce(
      (most, { nextStartFromUserEventId: next }) => (next > most ? next : most),
      says[0]?.nextStartFromUserEventId ?? 0n,
    ),
    missedBlockRanges: missed,
    rngs: union(
      says.flatMap((each) => each.rngs),
      (each) => `${each.ingestInvocationId}`,
    ),
    decommissionedIngestInvocations: union(
      says.flatMap((each) => each.decommissionedIngestInvocations),
      (each) => `${each.ingestInvocationId}`,
    ),
    lastKnownBlockCount: newest?.lastKnownBlockCount ?? 0n,
    lastKnownBlockCumulativeTxoCount: newest?.lastKnownBlockCumulativeTxoCount ?? 0n,
  };
}

type Completeness = Pick<PublicAnswer, "highestProcessedBlockCount" | "highestProcessedBlockSignatureTimestamp">;

/**
 * The count of the shards in the order of their ranges, up to the first that lacks blocks, or to blocks that no shard which
 * answered is responsible for: what is behind it was not searched.
 */
function completeness(
  shards: readonly ShardSays[],
  missed: readonly Pick<BlockRange, "startBlock" | "endBlock">[],
): Completeness {
  const ordered = [...shards].sort((a, b) => order(a.range.startBlock, b.range.startBlock));
  let [count, timestamp, covered] = [0n, 0n, 0n];
  for (const { range, says } of ordered) {
    if (!areMissed(covered, range.startBlock, missed)) break;
    const theirs = says.highestProcessedBlockCount;
    const searched = theirs < range.endBlock ? theirs : range.endBlock; // A shard has nothing of blocks behind its own.
    if (searched > count) {
      count = searched;
      timestamp = says.highestProcessedBlockSignatureTimestamp;
    }
    if (!areMissed(searched, range.endBlock, missed)) break;
    if (range.endBlock > covered) covered = range.endBlock;
  }
  return { highestProcessedBlockCount: count, highestProcessedBlockSignatureTimestamp: timestamp };
}

/** Whether every block from `start` up to `end` is in some missed range; so are none. */
function areMissed(
  start: bigint,
  end: bigint,
  missed: readonly Pick<BlockRange, "startBlock" | "endBlock">[],
): boolean {
  let at = start;
  for (const { startBlock, endBlock } of [...missed].sort((a, b) => order(a.startBlock, b.startBlock))) {
    if (startBlock <= at && endBlock > at) at = endBlock;
  }
  return at >= end;
}

function union<T>(all: readonly T[], name: (each: T) => string): T[] {
  return [...new Map(all.map((each) => [name(each), each])).values()];
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
