// A network to catch up with: nodes that say what their blocks are, and archives that may lie.
import { create } from "@bufbuild/protobuf";
import type { BlockSource } from "@fogbow/archive";
import { type BlockData, blockToWire, type NodeId, type QuorumSet } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { type BlocksResponse, BlocksResponseSchema } from "@fogbow/core-wire";
import { MemoryLedger } from "@fogbow/ledger-db";
import type { ReplicaLog } from "../../src/index.ts";
import type { HeaderPeer } from "../../src/sync/ask-headers.ts";
import type { FollowParts } from "../../src/sync/catch-up.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Node number i. */
export const node = (i: number): NodeId => ({
  responderId: `node${i}.example:8443`,
  publicKey: bytes(new Uint8Array(32).fill(i), 32, "key"),
});

/** Any `threshold` of nodes 1 to `count`. */
export function anyOf(threshold: number, count: number): QuorumSet {
  return {
    threshold,
    members: Array.from({ length: count }, (_, i) => ({ kind: "node" as const, node: node(i + 1) })),
  };
}

/** A peer that has these blocks, and gives no more than so many headers at a time. */
export function honestPeer(chain: readonly BlockData[], pageMax = 2_000): HeaderPeer {
  return {
    getBlocks: async ({ offset, limit }): Promise<BlocksResponse> => {
      const first = Number(offset);
      const page = chain.slice(first, first + Math.min(limit, pageMax));
      return create(BlocksResponseSchema, { blocks: page.map(({ block }) => blockToWire(block)) });
    },
  };
}

/** A peer that never answers. */
export const silentPeer: HeaderPeer = {
  getBlocks: (_, options) =>
    new Promise((_resolve, reject) =>
      options?.signal?.addEventListener("abort", () => reject(new Error("It was given up."))),
    ),
};

/** A source that has these blocks, but for what `change` makes of them. */
export function archiveOf(
  name: string,
  chain: readonly BlockData[],
  change: (data: BlockData | undefined, index: bigint) => BlockData | undefined | Promise<BlockData | undefined> = (
    data,
  ) => data,
): BlockSource & { readonly asked: bigint[] } {
  const asked: bigint[] = [];
  return {
    name,
    asked,
    fetch: async (index) => {
      asked.push(index);
      return change(chain[Number(index)], index);
    },
  };
}

/** What was logged. */
export class RecordingLog implements ReplicaLog {
  readonly events: {
    readonly level: string;
    readonly event: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[] = [];
  readonly error = this.#writer("error");
  readonly warn = this.#writer("warn");
  readonly info = this.#writer("info");
  readonly debug = this.#writer("debug");

  #writer(level: string) {
    return (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void this.events.push({ level, event, fields });
  }
}

/** Parts of a node that has the first `length` blocks of a chain. */
export function partsOf(
  chain: readonly BlockData[],
  length: number,
  network: Pick<FollowParts, "peers" | "sources"> & Partial<FollowParts>,
): FollowParts & { readonly clock: VirtualClock; readonly log: RecordingLog } {
  const ledger = new MemoryLedger();
  for (const data of chain.slice(0, length)) ledger.append(data);
  return {
    ledger,
    append: (data) => ledger.append(data),
    metadataOf: ({ index }) => chain[Number(index)]?.metadata as never, // Tests that look at it give their own.
    ...network,
    clock: new VirtualClock(),
    log: new RecordingLog(),
  };
}

/** Peers by responder id. */
export function peersOf(...peers: readonly HeaderPeer[]): ReadonlyMap<string, HeaderPeer> {
  return new Map(peers.map((peer, i) => [node(i + 1).responderId, peer]));
}
