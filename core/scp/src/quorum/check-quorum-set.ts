// What a quorum set must be (spec 05 §1.1), and what its operator should be warned of.
import type { QuorumSet } from "@fogbow/core-block";
import { QUORUM_SET_DEPTH_MAX, QUORUM_SET_NODES_MAX } from "../limits.ts";
import { nodeKeysOf } from "./canonical-quorum-set.ts";
import type { NodeKey } from "./node-key.ts";

/** Why a quorum set is refused. */
export type QuorumSetFault =
  | "threshold-zero" // A set of no threshold is only that of the single node, which has no members either.
  | "threshold-too-high" // There are fewer members than must agree, or the threshold is no whole number.
  | "nested-too-deep" // More than four levels.
  | "too-many-nodes" // More than 1 000 nodes.
  | "duplicate-node" // A node is listed twice.
  | "owner-listed"; // A node is in each of its slices anyway and never lists itself.

/** Why a quorum set is refused, or undefined if it is not. The owner is looked for where it is given. */
export function checkQuorumSet(set: QuorumSet, owner?: NodeKey): QuorumSetFault | undefined {
  if (isSingleNodeSet(set)) return undefined;
  const fault = checkLevel(set, 1);
  if (fault !== undefined) return fault;
  const keys = nodeKeysOf(set);
  if (keys.length > QUORUM_SET_NODES_MAX) return "too-many-nodes";
  const distinct = new Set(keys);
  if (distinct.size !== keys.length) return "duplicate-node";
  if (owner !== undefined && distinct.has(owner)) return "owner-listed";
  return undefined;
}

/** Whether this is the quorum set of a network of one node: nobody blocks it and it waits for nobody. */
export function isSingleNodeSet({ threshold, members }: QuorumSet): boolean {
  return threshold === 0 && members.length === 0;
}

/** A level at which a quorum set is weaker than it should be. */
export interface QuorumSetWarning {
  readonly code: "threshold-below-majority"; // Members that cannot stop the level could decide it, twice and differently.
  /** Which member of which level, from the outside; empty for the outermost. */
  readonly path: readonly number[];
  readonly threshold: number;
  readonly members: number;
}

/**
 * What is unwise about a valid quorum set: every level should ask at least as many members as can stop it. Fatal for the
 * chain of real money; a warning elsewhere.
 */
export function lintQuorumSet(set: QuorumSet, path: readonly number[] = []): QuorumSetWarning[] {
  const { threshold, members } = set;
  const weak = threshold < members.length - threshold + 1 && !isSingleNodeSet(set);
  const own: QuorumSetWarning[] = weak
    ? [{ code: "threshold-below-majority", path, threshold, members: members.length }]
    : [];
  const inner = members.flatMap((member, i) =>
    member.kind === "inner-set" ? lintQuorumSet(member.set, [...path, i]) : [],
  );
  return [...own, ...inner];
}

function checkLevel({ threshold, members }: QuorumSet, depth: number): QuorumSetFault | undefined {
  if (depth > QUORUM_SET_DEPTH_MAX) return "nested-too-deep";
  if (members.length > QUORUM_SET_NODES_MAX) return "too-many-nodes"; // Before anything walks them all.
  if (threshold === 0) return "threshold-zero";
  if (!Number.isInteger(threshold) || threshold < 0 || threshold > members.length) return "threshold-too-high";
  for (const member of members) {
    const fault = member.kind === "inner-set" ? checkLevel(member.set, depth + 1) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}
