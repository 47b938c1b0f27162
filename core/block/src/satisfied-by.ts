// Whether those who signed are enough of a quorum set, for who is no node of it.
import { toHex } from "@fogbow/core-bytes";
import type { NodeId, QuorumSet } from "./quorum-set.ts";

/**
 * Whether nodes, by their names as {@link nodeName} gives them, contain a slice of the set. Nobody is implied, and a set that
 * asks for nobody is never satisfied.
 */
export function isSatisfiedBy({ threshold, members }: QuorumSet, signers: ReadonlySet<string>): boolean {
  const satisfied = members.filter((member) =>
    member.kind === "node" ? signers.has(nodeName(member.node)) : isSatisfiedBy(member.set, signers),
  );
  return threshold > 0 && satisfied.length >= threshold;
}

/** A node by its name and key: here another node with the same key, or the same name, is another one. */
export function nodeName({ responderId, publicKey }: NodeId): string {
  return `${toHex(publicKey)} ${responderId}`;
}
