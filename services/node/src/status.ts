// How a node is doing, for its operator.

/** What a node is at. */
export type NodeState =
  | "starting" // Reads its journal, and asks its peers what it has said before.
  | "in-sync" // Takes part.
  | "maybe-behind" // Its peers are further; it still takes part.
  | "behind" // Takes no part, and catches up.
  | "silent" // Listens and says nothing in this slot: it may have forgotten what it said (spec 05 §6.3).
  | "halted" // Has stopped for good; `halted` says why.
  | "stopped";

/** A node at one moment. */
export interface NodeStatus {
  readonly state: NodeState;
  /** Why it halted. */
  readonly halted?: { readonly code: string; readonly message: string };
  readonly blockCount: bigint;
  /** How many blocks its peers have, as far as a quorum of them says so. */
  readonly networkBlockCount: bigint;
  readonly slot: SlotStatus | undefined;
  /** Values that wait for a slot. */
  readonly pending: number;
  /** Transactions that wait to be checked. */
  readonly unchecked: number;
  readonly peers: readonly PeerStatus[];
  readonly quorum: QuorumHealth;
  /** All of it in a few sentences. */
  readonly words: string;
}

/** The slot that is being decided. */
export interface SlotStatus {
  readonly index: bigint;
  /** `idle` while there is nothing to decide. */
  readonly phase: "idle" | "nominate-prepare" | "prepare" | "commit" | "externalize";
  /** Of the node's latest ballot; 0 before the first. */
  readonly ballot: number;
  /** Milliseconds since something was there to decide. */
  readonly ageMs: number;
  /** Messages that wait for transactions. */
  readonly parked: number;
}

/** A peer. */
export interface PeerStatus {
  readonly responderId: string;
  /** Milliseconds since the node last heard from it; undefined before it did. */
  readonly heardMsAgo: number | undefined;
  /** How many blocks it has, as its messages say; undefined before there was one. */
  readonly blockCount: bigint | undefined;
  /** What its latest message is about. */
  readonly slot: bigint | undefined;
  readonly topic: string | undefined;
  /** Whether there is an attested channel to it. */
  readonly hasChannel: boolean;
  /** Messages that wait to be sent to it. */
  readonly queued: number;
}

/** Whether the node's quorum set can still be satisfied. */
export interface QuorumHealth {
  /** Nodes of the quorum set that have been silent for too long, sorted. */
  readonly silent: readonly string[];
  /** Whether those block the node: without one of them nothing is decided here. */
  readonly isBlocked: boolean;
}
