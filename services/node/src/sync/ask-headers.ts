// Asks the nodes of the quorum set what comes after our last block, and decides what to believe as soon as it can.

import { create } from "@bufbuild/protobuf";
import { type Block, blockFromWire, type QuorumSet } from "@fogbow/core-block";
import { CodedError } from "@fogbow/core-bytes";
import { nodesOf } from "@fogbow/core-scp";
import type { BlocksRequest, BlocksResponse } from "@fogbow/core-wire";
import { BlocksRequestSchema } from "@fogbow/core-wire";
import type { Clock, ReplicaLog } from "../parts.ts";
import type { CallOptions } from "../rpc/peer-rpc.ts";
import { chooseSafeBlocks, type PeerHeaders, type SafeBlocks } from "./choose-safe-blocks.ts";
import { SyncError } from "./error.ts";
import { HEADER_ATTEMPTS_MAX, HEADERS_MS_MAX, HEADERS_PER_REQUEST_MAX, LATE_PEERS_MS_MAX } from "./limits.ts";
import { Scope } from "./scope.ts";

/** What of a peer catching up needs. */
export interface HeaderPeer {
  getBlocks(request: BlocksRequest, options?: CallOptions): Promise<BlocksResponse>;
}

/** What is asked for. */
export interface HeaderQuestion {
  readonly quorumSet: QuorumSet;
  /** Our last block. */
  readonly tip: Block;
  /** How many blocks after it, at most. */
  readonly limit: number;
}

/** What asking works with. */
export interface HeaderParts {
  /** By responder id. Those that the quorum set does not list are not asked. */
  readonly peers: ReadonlyMap<string, HeaderPeer>;
  readonly clock: Clock;
  readonly log: ReplicaLog;
}

/**
 * Asks all at once. Once what some say is enough, the others get a moment more: whoever is silent must not hold us up, and
 * whoever contradicts should be heard. Rejects with `no-peer-answered`, and with the signal's reason.
 */
export async function askHeaders(
  question: HeaderQuestion,
  parts: HeaderParts,
  signal: AbortSignal,
): Promise<SafeBlocks> {
  const { quorumSet, tip } = question;
  const { clock, log } = parts;
  const answers: PeerHeaders[] = [];
  const all = Scope.of(signal);
  const time = all.within(clock, HEADERS_MS_MAX);
  let isEnough = false;
  let safe: SafeBlocks = { kind: "safe", headers: [] };
  const asking = nodesOf(quorumSet).map(async (node) => {
    const peer = parts.peers.get(node.responderId);
    if (peer === undefined) return;
    try {
      const headers = await headersOf(peer, question, clock, time);
      if (time.isOver) return;
      answers.push({ node, headers });
      safe = chooseSafeBlocks(quorumSet, tip, answers);
      if (isEnough || (safe.kind === "safe" && safe.headers.length === 0)) return;
      isEnough = true;
      time.within(clock, LATE_PEERS_MS_MAX).atEnd(() => time.end());
    } catch (error) {
      if (!time.isOver) log.debug("peer gave no headers", { peer: node.responderId, error: asText(error) });
    }
  });
  await time.endOr(asking);
  const result = safe;
  all.end(); // Whoever is still being asked need not answer.
  signal.throwIfAborted();
  if (answers.length === 0) {
    throw new SyncError("no-peer-answered", "None of the nodes that this one listens to answered with headers.");
  }
  return result;
}

/** The headers that one peer has after our tip. Rejects with what it failed with last. */
async function headersOf(
  peer: HeaderPeer,
  { tip, limit }: HeaderQuestion,
  clock: Clock,
  time: Scope,
): Promise<Block[]> {
  const headers: Block[] = [];
  while (headers.length < limit) {
    const wanted = Math.min(limit - headers.length, HEADERS_PER_REQUEST_MAX);
    const offset = tip.index + 1n + BigInt(headers.length);
    const page = await withRetries(clock, time, () =>
      peer.getBlocks(create(BlocksRequestSchema, { offset, limit: wanted }), {
        signal: time.signal,
        timeoutMs: HEADERS_MS_MAX,
      }),
    );
    headers.push(...page.blocks.slice(0, wanted).map((block) => blockFromWire(block)));
    if (page.blocks.length < wanted) break;
  }
  return headers;
}

/** Tries up to five times, after 10, 10, 20 and 30 ms. */
async function withRetries<Result>(clock: Clock, time: Scope, run: () => Promise<Result>): Promise<Result> {
  let [before, wait] = [0, 10];
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === HEADER_ATTEMPTS_MAX || time.isOver) throw error;
      await time.sleep(clock, wait);
      [before, wait] = [wait, before + wait];
    }
  }
}

function asText(error: unknown): string {
  return error instanceof CodedError || error instanceof Error ? error.message : String(error);
}
