// Federated voting (spec 05 §1.1): when a vote of many becomes something one node accepts, and when all that matter to it
// accept.
import type { NodeSet } from "../quorum/node-set.ts";
import { addNode } from "../quorum/node-set.ts";
import type { QuorumView } from "../quorum/quorum-view.ts";
import type { Statement } from "./statement.ts";

/** A question about one statement. */
export type Predicate = (statement: Statement) => boolean;

/** The latest statements of all nodes, by number; the first is what this node would state now. */
export class FederatedVote {
  readonly statements: readonly (Statement | undefined)[];
  readonly #view: QuorumView;

  constructor(view: QuorumView, statements: readonly (Statement | undefined)[]) {
    this.#view = view;
    this.statements = statements;
  }

  /** Whether this node may accept: those it cannot do without accept, or a quorum votes for it or accepts it. */
  accept(votesOrAccepts: Predicate, accepts: Predicate): boolean {
    return this.isBlocking(accepts) || this.hasQuorum(votesOrAccepts);
  }

  /** Whether a quorum accepts, so that no two nodes can ever accept to the contrary. */
  confirm(accepts: Predicate): boolean {
    return this.hasQuorum(accepts);
  }

  /** Whether the other nodes of which the predicate holds block this one. */
  isBlocking(holds: Predicate): boolean {
    return this.#view.isBlocking(this.#where(holds));
  }

  /** Whether the nodes of which the predicate holds contain a quorum of this one. */
  hasQuorum(holds: Predicate): boolean {
    return this.#view.hasQuorum(this.#where(holds));
  }

  #where(holds: Predicate): NodeSet {
    const set = this.#view.emptySet();
    for (const [number, statement] of this.statements.entries()) {
      if (statement !== undefined && holds(statement)) addNode(set, number);
    }
    return set;
  }
}
