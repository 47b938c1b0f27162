// Quorum sets without regard to the order of their members (spec 05 §1.1), and to the letter.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { type NodeKey, nodeKey } from "./node-key.ts";

/**
 * Text that is equal for equal quorum sets, in whichever order their members are listed. `nameOf` may call nodes something
 * else than their keys.
 */
export function canonicalQuorumSet(set: QuorumSet, nameOf: (node: NodeId) => string = nodeKey): string {
  const texts = set.members.map((member) =>
    member.kind === "node" ? nameOf(member.node) : canonicalQuorumSet(member.set, nameOf),
  );
  return `${set.threshold}(${texts.sort().join(",")})`;
}

/** Whether two quorum sets are equal to the letter, the order of their members and the names of nodes included: one digest. */
export function isIdenticalQuorumSet(a: QuorumSet, b: QuorumSet): boolean {
  if (a === b) return true;
  if (a.threshold !== b.threshold || a.members.length !== b.members.length) return false;
  return a.members.every((member, i) => {
    const other = b.members[i];
    if (member.kind === "node") return other?.kind === "node" && isIdenticalNode(member.node, other.node);
    return other?.kind === "inner-set" && isIdenticalQuorumSet(member.set, other.set);
  });
}

/** Whether two nodes have one name and one key. */
export function isIdenticalNode(a: NodeId, b: NodeId): boolean {
  return a === b || (a.responderId === b.responderId && equalBytes(a.publicKey, b.publicKey));
}

/** The nodes of a quorum set, in the order listed, those of inner sets where the inner set stands. */
export function nodesOf(set: QuorumSet): NodeId[] {
  const nodes: NodeId[] = [];
  collect(set, nodes);
  return nodes;
}

function collect({ members }: QuorumSet, nodes: NodeId[]): void {
  for (const member of members) {
    if (member.kind === "node") nodes.push(member.node);
    else collect(member.set, nodes);
  }
}

/** The keys of the nodes of a quorum set. */
export function nodeKeysOf(set: QuorumSet): NodeKey[] {
  return nodesOf(set).map(nodeKey);
}
