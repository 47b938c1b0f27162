// Whether others have another chain (spec 05 §1.8, §2.7): every message names the block before its slot. One node that
// names another is a liar or lost; enough of them are a fork, and then this node is the one that must stop.
import type { QuorumSet } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { type NodeKey, nodeKey } from "@fogbow/core-scp";
import { NodeError } from "../error.ts";
import type { Received } from "./inbox.ts";
import { isConvincing } from "./quorum.ts";

/** Compares what others say of blocks with the ledger. */
export class ForkWatch {
  readonly #quorumSet: QuorumSet;
  /** For each node that named another block, which one. */
  readonly #suspects = new Map<NodeKey, string>();

  constructor(quorumSet: QuorumSet) {
    this.#quorumSet = quorumSet;
  }

  /** A node named the block that the ledger has. */
  agree(sender: NodeKey): void {
    this.#suspects.delete(sender);
  }

  /** A node named another block than the ledger's. Throws `fork` when too many have named that one. */
  differ({ sender, consensus, message }: Received, ownId: Uint8Array): void {
    const parent = message.slotIndex - 1n;
    const claim = `${parent} ${toHex(consensus.previousBlockId)}`;
    this.#suspects.set(sender, claim);
    const isSame = (node: Parameters<typeof nodeKey>[0]): boolean => this.#suspects.get(nodeKey(node)) === claim;
    if (!isConvincing(this.#quorumSet, isSame)) return;
    const nodes = [...this.#suspects].filter(([, each]) => each === claim).map(([key]) => key);
    throw new NodeError(
      "fork",
      `Block ${parent} is ${toHex(ownId)} here and ${toHex(consensus.previousBlockId)} at ${nodes.sort().join(", ")}.`,
    );
  }
}
