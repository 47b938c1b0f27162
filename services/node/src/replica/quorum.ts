// What a set of nodes means to somebody who listens to a quorum set (spec 05 §1.1), for what is no federated vote: who is
// ahead, who is silent, who contradicts us.
import type { NodeId, QuorumSet, QuorumSetMember } from "@fogbow/core-block";

/** Which nodes are meant. */
export type Which = (node: NodeId) => boolean;

/** Whether the nodes satisfy the set: with its owner they are a slice. */
export function isSlice(set: QuorumSet, which: Which): boolean {
  return set.threshold === 0 || count(set, (member) => satisfies(member, isSlice, which)) >= set.threshold;
}

/** Whether nothing can be decided against the nodes, or without them. */
export function isBlocking(set: QuorumSet, which: Which): boolean {
  const least = set.members.length - set.threshold + 1;
  return set.threshold > 0 && count(set, (member) => satisfies(member, isBlocking, which)) >= least;
}

/** Whether the nodes are both: a claim that they all make holds, as far as this node can tell (spec 05 §3.1). */
export function isConvincing(set: QuorumSet, which: Which): boolean {
  return isBlocking(set, which) && isSlice(set, which);
}

function satisfies(member: QuorumSetMember, test: (set: QuorumSet, which: Which) => boolean, which: Which): boolean {
  return member.kind === "node" ? which(member.node) : test(member.set, which);
}

function count({ members }: QuorumSet, test: (member: QuorumSetMember) => boolean): number {
  let sum = 0;
  for (const member of members) if (test(member)) sum++;
  return sum;
}
