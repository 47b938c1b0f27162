// Who leads a round of nomination (spec 05 §1.5). Each node computes its own leader from hashes nobody controls; nodes with
// like quorum sets mostly compute the same.
import type { QuorumSet } from "@fogbow/core-block";
import { be32, be64, concatBytes, fromHex, toHex } from "@fogbow/core-bytes";
import { sha3_256 } from "@noble/hashes/sha3.js";
import { nodeKeysOf } from "./quorum/canonical-quorum-set.ts";
import { type NodeKey, nodeKey } from "./quorum/node-key.ts";

/** What the hashes are of. Part of the chain's configuration: all nodes must agree on it. */
export type LeaderHash =
  | { readonly kind: "compat" } // As MobileCoin: slot, round and key. All future leaders are known in advance.
  | { readonly kind: "bound"; readonly previousBlockId: Uint8Array }; // And the block before (32 bytes): they are not.

/** A round of nomination. */
export interface Round {
  readonly slotIndex: bigint;
  /** From 1. */
  readonly round: number;
  readonly leaderHash: LeaderHash;
}

/** Salts of the two hashes. */
const NEIGHBOUR_SALT = 1;
const PRIORITY_SALT = 2;

/** The hash of a node for a round, as a 256-bit integer. */
export function leaderHashOf({ slotIndex, round, leaderHash }: Round, salt: number, node: NodeKey): bigint {
  const previous = leaderHash.kind === "bound" ? [leaderHash.previousBlockId] : [];
  const input = concatBytes(be64(slotIndex), Uint8Array.of(salt), be32(round), fromHex(node), ...previous);
  return BigInt(`0x${toHex(sha3_256(input))}`);
}

/** A fraction: how much of a node's trust another has. */
export interface Weight {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * How often a node counts in slices of the quorum set: the product of threshold / members on the first way to it; one
 * for the owner, and zero for a node that is not there.
 */
export function weightOf(node: NodeKey, owner: NodeKey, set: QuorumSet): Weight {
  if (node === owner) return { numerator: 1n, denominator: 1n };
  return weightIn(node, set) ?? { numerator: 0n, denominator: 1n };
}

function weightIn(node: NodeKey, { threshold, members }: QuorumSet): Weight | undefined {
  for (const member of members) {
    const below =
      member.kind === "inner-set"
        ? weightIn(node, member.set)
        : nodeKey(member.node) === node
          ? { numerator: 1n, denominator: 1n }
          : undefined;
    if (below === undefined) continue;
    const { numerator, denominator } = below;
    return { numerator: numerator * BigInt(threshold), denominator: denominator * BigInt(members.length) };
  }
  return undefined;
}

/**
 * The leader of a round: of the owner and its quorum set, without those that lead already, the one of highest priority
 * among the neighbours; the owner if there is none.
 */
export function leaderOf(round: Round, owner: NodeKey, set: QuorumSet, leaders: ReadonlySet<NodeKey>): NodeKey {
  let best: { readonly node: NodeKey; readonly priority: bigint } | undefined;
  for (const node of new Set([owner, ...nodeKeysOf(set)])) {
    if (leaders.has(node) || !isNeighbour(round, node, weightOf(node, owner, set))) continue;
    const priority = leaderHashOf(round, PRIORITY_SALT, node);
    if (best === undefined || priority > best.priority) best = { node, priority };
  }
  return best?.node ?? owner;
}

const HASH_LIMIT = 2n ** 256n - 1n;

function isNeighbour(round: Round, node: NodeKey, { numerator, denominator }: Weight): boolean {
  if (numerator === denominator) return true; // But for one hash in 2^256.
  return leaderHashOf(round, NEIGHBOUR_SALT, node) < (HASH_LIMIT * numerator) / denominator;
}
