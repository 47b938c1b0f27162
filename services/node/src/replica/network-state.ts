// Who is how far (spec 05 §3.1): for each node the number of blocks that its messages imply.
import type { QuorumSet } from "@fogbow/core-block";
import { type Message, type NodeKey, nodeKey } from "@fogbow/core-scp";
import { isConvincing } from "./quorum.ts";

/** What the other nodes' messages say about their ledgers. */
export class NetworkState {
  readonly #quorumSet: QuorumSet;
  readonly #blockCounts = new Map<NodeKey, bigint>();

  constructor(quorumSet: QuorumSet) {
    this.#quorumSet = quorumSet;
  }

  /** Takes note of a verified message of a known node. */
  hear({ sender, slotIndex, topic }: Message): void {
    const key = nodeKey(sender);
    const count = topic.kind === "externalize" ? slotIndex + 1n : slotIndex;
    if (count > this.blockCountOf(key)) this.#blockCounts.set(key, count);
  }

  /** How many blocks a node has at least. */
  blockCountOf(key: NodeKey): bigint {
    return this.#blockCounts.get(key) ?? 0n;
  }

  /** Whether so many nodes have more blocks than this that it must be true. */
  isBehind(blockCount: bigint): boolean {
    return isConvincing(this.#quorumSet, (node) => this.blockCountOf(nodeKey(node)) > blockCount);
  }

  /** The highest number of blocks that enough nodes have; 0 when there is none. */
  blockCount(): bigint {
    const counts = [...new Set(this.#blockCounts.values())].sort((a, b) => (a < b ? 1 : -1));
    return counts.find((count) => this.isBehind(count - 1n)) ?? 0n;
  }
}
