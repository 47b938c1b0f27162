// Whether any two quorums of a network have a node in common that is not faulty (spec 05 §1.10, Q1 and Q2). Without that,
// two groups can decide differently, and no protocol helps. Deciding it takes exponential time in the worst case; the
// search below is exact, and when it would take too long it says so.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { ScpError } from "../error.ts";
import { INTERSECTION_BRANCHES_MAX, NETWORK_NODES_MAX, SYMMETRY_NODES_MAX } from "../limits.ts";
import { canonicalQuorumSet } from "./canonical-quorum-set.ts";
import { type CompiledQuorumSet, compileQuorumSet, shrinkToQuorum } from "./compiled-quorum-set.ts";
import { type NodeKey, nodeKey } from "./node-key.ts";
import {
  addNode,
  countNodes,
  emptyNodeSet,
  hasNode,
  isEmptyNodeSet,
  isSubset,
  type NodeSet,
  nodeNumbers,
  removeNode,
  withoutNodes,
} from "./node-set.ts";

/** A node and whom it listens to. */
export interface NetworkNode {
  readonly node: NodeId;
  readonly quorumSet: QuorumSet;
}

/** What the search found. */
export type IntersectionResult =
  | { readonly kind: "intersects" }
  | { readonly kind: "no-quorum" } // Not even all nodes together can decide anything.
  | { readonly kind: "disjoint"; readonly quorums: readonly [readonly NodeId[], readonly NodeId[]] } // They could decide differently.
  | { readonly kind: "unknown"; readonly branches: number }; // Not decided within the bound. It may be safe or not.

/** What to assume, and how long to search. */
export interface IntersectionOptions {
  /** Nodes that may say anything to anybody. They help every quorum and count in no intersection. */
  readonly faulty?: readonly NodeId[];
  /** After how many branches to give up; at most 1 000 000, which is also the default. */
  readonly branchesMax?: number;
}

/**
 * Whether every two quorums share a node that is not faulty. Throws `too-many-nodes` above 1 000 and `duplicate-node`;
 * members that are not in the network never take part.
 */
export function checkIntersection(
  network: readonly NetworkNode[],
  { faulty = [], branchesMax = INTERSECTION_BRANCHES_MAX }: IntersectionOptions = {},
): IntersectionResult {
  const system = new QuorumSystem(network, faulty);
  const whole = system.largestQuorum(system.correct);
  if (isEmptyNodeSet(whole)) return { kind: "no-quorum" };
  const search = new DisjointSearch(system, Math.min(branchesMax, INTERSECTION_BRANCHES_MAX));
  const found = search.run(whole);
  if (found === "too-long") return { kind: "unknown", branches: search.branches };
  if (found === undefined) return { kind: "intersects" };
  return { kind: "disjoint", quorums: [system.nodesOf(found[0]), system.nodesOf(found[1])] };
}

/** Whether all other nodes still form a quorum, each of them included, when the failed ones are silent. */
export function survivesSilence(network: readonly NetworkNode[], failed: readonly NodeId[]): boolean {
  const system = new QuorumSystem(network, []);
  const left = withoutNodes(system.correct, system.setOf(failed));
  return !isEmptyNodeSet(left) && countNodes(system.largestQuorum(left)) === countNodes(left);
}

/** The nodes by number, their quorum sets compiled. */
class QuorumSystem {
  readonly #nodes: readonly NodeId[];
  readonly #numbers: ReadonlyMap<NodeKey, number>;
  readonly #quorumSets: readonly CompiledQuorumSet[];
  readonly #faulty: NodeSet;
  /** All nodes but the faulty ones. */
  readonly correct: NodeSet;
  /** Nodes of equal number here can change places. */
  readonly groups: readonly number[];

  constructor(network: readonly NetworkNode[], faulty: readonly NodeId[]) {
    if (network.length > NETWORK_NODES_MAX) throw new ScpError("too-many-nodes", "A network has at most 1 000 nodes.");
    this.#nodes = network.map(({ node }) => node);
    this.#numbers = new Map(network.map(({ node }, i) => [nodeKey(node), i]));
    if (this.#numbers.size !== network.length) throw new ScpError("duplicate-node", "A node is in the network twice.");
    this.#quorumSets = network.map(({ quorumSet }) => compileQuorumSet(quorumSet, this.#numbers));
    this.#faulty = this.setOf(faulty);
    this.correct = withoutNodes(this.setOf(this.#nodes), this.#faulty);
    this.groups = interchangeable(network);
  }

  setOf(nodes: readonly NodeId[]): NodeSet {
    const set = emptyNodeSet(this.#numbers.size);
    for (const node of nodes) {
      const number = this.#numbers.get(nodeKey(node));
      if (number !== undefined) addNode(set, number);
    }
    return set;
  }

  nodesOf(set: NodeSet): NodeId[] {
    return this.#nodes.filter((_, i) => hasNode(set, i));
  }

  /** The largest quorum inside the set, with the help of the faulty nodes. */
  largestQuorum(set: NodeSet): NodeSet {
    const quorum = set.slice();
    shrinkToQuorum(quorum, this.#quorumSets, this.#faulty);
    return quorum;
  }

  /** How many nodes of `within` list a node, however deep: nodes many rely on are decided on first. */
  reliance(node: number, within: NodeSet): number {
    return nodeNumbers(within).filter((each) => lists(this.#quorumSets[each], node)).length;
  }
}

function lists(set: CompiledQuorumSet | undefined, node: number): boolean {
  return set !== undefined && (hasNode(set.nodes, node) || set.inner.some((inner) => lists(inner, node)));
}

/**
 * For each node the first one that it could change places with, without anything else changing. Large networks, where
 * looking for that would take longer than it saves, get no such pairs.
 */
function interchangeable(network: readonly NetworkNode[]): number[] {
  const first = network.map((_, i) => i);
  if (network.length > SYMMETRY_NODES_MAX) return first;
  const numbers = new Map(network.map(({ node }, i) => [nodeKey(node), i]));
  const textOf = (node: number, names: readonly number[]): string => {
    const nameOf = (member: NodeId): string => `${names[numbers.get(nodeKey(member)) ?? -1] ?? nodeKey(member)}`;
    return canonicalQuorumSet((network[node] as NetworkNode).quorumSet, nameOf); // Callers stay below the length.
  };
  const unchanged = network.map((_, i) => textOf(i, first));
  for (let b = 1; b < network.length; b++) {
    for (let a = 0; a < b && first[b] === b; a++) {
      if (first[a] !== a) continue;
      const swapped = network.map((_, i) => (i === a ? b : i === b ? a : i));
      if (swapped.every((to, from) => textOf(from, swapped) === unchanged[to])) first[b] = a;
    }
  }
  return first;
}

type Disjoint = readonly [NodeSet, NodeSet];

/**
 * Looks for two disjoint quorums. A branch is a set of nodes that the first quorum has (`taken`) and one of nodes that it
 * may have; it ends as soon as no quorum fits between them, or as what is left outside `taken` has no quorum either.
 */
class DisjointSearch {
  branches = 0;
  readonly #system: QuorumSystem;
  readonly #branchesMax: number;

  constructor(system: QuorumSystem, branchesMax: number) {
    this.#system = system;
    this.#branchesMax = branchesMax;
  }

  run(whole: NodeSet): Disjoint | "too-long" | undefined {
    return this.#branch(new Uint32Array(whole.length), whole, whole);
  }

  #branch(taken: NodeSet, allowed: NodeSet, whole: NodeSet): Disjoint | "too-long" | undefined {
    if (this.branches >= this.#branchesMax) return "too-long";
    this.branches++;
    // One of two disjoint quorums has at most half of the nodes: it is enough to look for that one.
    if (2 * countNodes(taken) > countNodes(whole)) return undefined;
    const largest = this.#system.largestQuorum(allowed);
    if (isEmptyNodeSet(largest) || !isSubset(taken, largest)) return undefined;
    const outside = this.#system.largestQuorum(withoutNodes(whole, taken));
    if (isEmptyNodeSet(outside)) return undefined;
    const inside = this.#system.largestQuorum(taken);
    if (!isEmptyNodeSet(inside)) return [inside, outside];

    const next = this.#mostReliedOn(withoutNodes(largest, taken), largest);
    if (next === undefined) return undefined;
    // Of nodes that can change places, the first quorum may as well have the first ones: without this one, without all.
    const without = largest.slice();
    for (const node of nodeNumbers(largest)) {
      if (!hasNode(taken, node) && this.#system.groups[node] === this.#system.groups[next]) removeNode(without, node);
    }
    const withNext = taken.slice();
    addNode(withNext, next);
    return this.#branch(taken, without, whole) ?? this.#branch(withNext, largest, whole);
  }

  #mostReliedOn(candidates: NodeSet, within: NodeSet): number | undefined {
    let best: { readonly node: number; readonly reliance: number } | undefined;
    for (const node of nodeNumbers(candidates)) {
      const reliance = this.#system.reliance(node, within);
      if (best === undefined || reliance > best.reliance) best = { node, reliance };
    }
    return best?.node;
  }
}
