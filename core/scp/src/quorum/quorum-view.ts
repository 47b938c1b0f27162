// What one node knows of the others' quorum sets, and the questions of federated voting (spec 05 §1.1).
import type { QuorumSet } from "@fogbow/core-block";
import { ScpError } from "../error.ts";
import { SENDERS_MAX } from "../limits.ts";
import { type CompiledQuorumSet, compileQuorumSet, isBlocking, shrinkToQuorum } from "./compiled-quorum-set.ts";
import type { NodeKey } from "./node-key.ts";
import { emptyNodeSet, hasNode, type NodeSet } from "./node-set.ts";

/** The number of the node that looks. */
export const SELF = 0;

/**
 * The quorum sets of all nodes heard so far. Each gets a number when it is first heard; nodes that are only listed by
 * others get none, so nobody can fill the memory with made-up members.
 */
export class QuorumView {
  readonly #numbers: Map<NodeKey, number>;
  readonly #quorumSets: QuorumSet[];
  #compiled: CompiledQuorumSet[] = [];

  constructor(self: NodeKey, quorumSet: QuorumSet) {
    this.#numbers = new Map([[self, SELF]]);
    this.#quorumSets = [quorumSet];
    this.#compileAll();
  }

  /** How many nodes have a number. */
  get size(): number {
    return this.#quorumSets.length;
  }

  /** The number of a node that was heard. */
  numberOf(key: NodeKey): number | undefined {
    return this.#numbers.get(key);
  }

  /** Keeps the quorum set of a node's latest message and returns its number. Throws `too-many-senders`. */
  learn(key: NodeKey, quorumSet: QuorumSet): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      if (this.#quorumSets[known] !== quorumSet) {
        this.#quorumSets[known] = quorumSet;
        this.#compiled[known] = compileQuorumSet(quorumSet, this.#numbers);
      }
      return known;
    }
    if (this.size >= SENDERS_MAX) throw new ScpError("too-many-senders", "Too many nodes sent messages.");
    const number = this.size;
    this.#numbers.set(key, number);
    this.#quorumSets.push(quorumSet);
    this.#compileAll(); // The others may list the new node.
    return number;
  }

  /** An empty set with room for every node heard. */
  emptySet(): NodeSet {
    return emptyNodeSet(this.size);
  }

  /**
   * Whether the nodes block this one: without one of them it can never be in a quorum. Its own number makes no difference,
   * as no node is in its own quorum set.
   */
  isBlocking(set: NodeSet): boolean {
    return isBlocking(this.#own(), set);
  }

  /** Whether the nodes contain a quorum that contains this node. Uses `set` up. */
  hasQuorum(set: NodeSet): boolean {
    if (!hasNode(set, SELF)) return false;
    shrinkToQuorum(set, this.#compiled);
    return hasNode(set, SELF);
  }

  #own(): CompiledQuorumSet {
    return this.#compiled[SELF] as CompiledQuorumSet; // The constructor put it there.
  }

  #compileAll(): void {
    this.#compiled = this.#quorumSets.map((set) => compileQuorumSet(set, this.#numbers));
  }
}
