// Quorum sets as bits, so that one test of a set of nodes takes a few instructions a level (spec 05 §1.1).
import type { QuorumSet } from "@fogbow/core-block";
import type { NodeKey } from "./node-key.ts";
import { nodeKey } from "./node-key.ts";
import { addNode, countCommon, emptyNodeSet, type NodeSet, nodeNumbers, removeNode, unionOf } from "./node-set.ts";

/** A quorum set over numbered nodes. Nodes without a number are members that are never satisfied. */
export interface CompiledQuorumSet {
  readonly threshold: number;
  /** How many members must be missing for the threshold to be out of reach. */
  readonly blockingSize: number;
  readonly nodes: NodeSet;
  readonly inner: readonly CompiledQuorumSet[];
}

/** Compiles a valid quorum set for the nodes in `numbers`. */
export function compileQuorumSet(set: QuorumSet, numbers: ReadonlyMap<NodeKey, number>): CompiledQuorumSet {
  const nodes = emptyNodeSet(numbers.size);
  const inner: CompiledQuorumSet[] = [];
  for (const member of set.members) {
    if (member.kind === "inner-set") {
      inner.push(compileQuorumSet(member.set, numbers));
      continue;
    }
    const number = numbers.get(nodeKey(member.node));
    if (number !== undefined) addNode(nodes, number);
  }
  return { threshold: set.threshold, blockingSize: set.members.length - set.threshold + 1, nodes, inner };
}

/** Whether the nodes, together with the owner of the quorum set, contain one of its slices. */
export function isSlice({ threshold, nodes, inner }: CompiledQuorumSet, set: NodeSet): boolean {
  let missing = threshold - countCommon(nodes, set);
  for (const each of inner) {
    if (missing <= 0) break;
    if (isSlice(each, set)) missing--;
  }
  return missing <= 0;
}

/** Whether every slice of the quorum set has one of the nodes. */
export function isBlocking({ threshold, blockingSize, nodes, inner }: CompiledQuorumSet, set: NodeSet): boolean {
  if (threshold === 0) return false;
  let missing = blockingSize - countCommon(nodes, set);
  for (const each of inner) {
    if (missing <= 0) break;
    if (isBlocking(each, set)) missing--;
  }
  return missing <= 0;
}

/**
 * The largest quorum inside the nodes: repeatedly drops every node that has no slice among those left. Changes `set` to
 * it, perhaps to nothing. `helpers`, none of whom are in the set, count in every slice without being asked themselves.
 */
export function shrinkToQuorum(
  set: NodeSet,
  quorumSets: readonly (CompiledQuorumSet | undefined)[],
  helpers?: NodeSet,
): void {
  const reach = helpers === undefined ? set : unionOf(set, helpers);
  let changed = true;
  while (changed) {
    changed = false;
    for (const node of nodeNumbers(set)) {
      const quorumSet = quorumSets[node];
      if (quorumSet !== undefined && isSlice(quorumSet, reach)) continue;
      removeNode(set, node);
      removeNode(reach, node);
      changed = true;
    }
  }
}
