// How far a node is from being stopped: the fewest further failures that would leave it without a slice.
import type { QuorumSet } from "@fogbow/core-block";
import type { NodeKey } from "./node-key.ts";
import { nodeKey } from "./node-key.ts";

/**
 * The fewest nodes of a valid quorum set that, together with all that are not `alive`, block its owner; those listed first
 * where there is a choice. Empty if it is blocked already; undefined if nothing can block it, as with the single node.
 */
export function closestBlockingSet(
  { threshold, members }: QuorumSet,
  alive: (node: NodeKey) => boolean,
): NodeKey[] | undefined {
  if (threshold === 0) return undefined;
  const costs: NodeKey[][] = [];
  for (const member of members) {
    if (member.kind === "inner-set") {
      const inner = closestBlockingSet(member.set, alive);
      if (inner !== undefined) costs.push(inner);
    } else {
      const key = nodeKey(member.node);
      costs.push(alive(key) ? [key] : []);
    }
  }
  const toStop = members.length - threshold + 1;
  return costs
    .sort((a, b) => a.length - b.length)
    .slice(0, toStop)
    .flat();
}
