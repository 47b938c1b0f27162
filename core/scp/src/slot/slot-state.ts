// What one node remembers of a slot (spec 05 §1.4), and the two operations on its ballot.
import { type Ballot, INFINITE_COUNTER, ZERO_BALLOT } from "../ballot.ts";
import type { Topic } from "../message.ts";
import type { NodeKey } from "../quorum/node-key.ts";
import { compareValues, type Value, type ValueList, valueList } from "../value.ts";

/** How far a node is with a slot. */
export type Phase =
  | "nominate-prepare" // Values are still nominated; balloting may have begun.
  | "prepare" // A ballot is confirmed prepared: its values are locked.
  | "commit" // Commit is accepted: the values cannot change any more.
  | "externalize"; // Decided.

/** The state of a slot. The letters are those of the protocol's paper; the functions beside this file change it. */
export interface SlotState {
  phase: Phase;
  /** Proposed by this node. */
  readonly w: Set<Value>;
  /** Voted nominated, not accepted. */
  readonly x: Set<Value>;
  /** Accepted nominated. */
  readonly y: Set<Value>;
  /** Confirmed nominated: candidates. */
  readonly z: Set<Value>;
  /** Whose nominations this node repeats. */
  readonly leaders: Set<NodeKey>;
  /** How many values were taken from each leader. */
  readonly adopted: Map<NodeKey, number>;
  /** The round of nomination, from 1. */
  round: number;
  /** The current ballot. */
  b: Ballot;
  /** The highest accepted prepared. */
  p: Ballot | undefined;
  /** The highest accepted prepared that is lower than p and has other values. */
  pp: Ballot | undefined;
  /** The highest confirmed prepared; from commit on, the end of the committed interval. */
  h: Ballot | undefined;
  /** The lowest voted commit; from commit on, the start of the committed interval. */
  c: Ballot | undefined;
  /** The values that a confirmed ballot obliges this node to stay with. */
  lock: ValueList | undefined;
  /** When z became non-empty, in milliseconds. */
  zAt: number | undefined;
  /** When the round of nomination ends. */
  nominationAt: number | undefined;
  /** When the ballot is given up. */
  ballotAt: number | undefined;
  /** The ballot's time is over, but what its candidates combine to, and so what to vote for next, is not known yet. */
  isOverdue: boolean;
  /** The last statement that was sent. */
  lastSent: Topic | undefined;
}

/** The state before anything happened. */
export function initialState(firstLeader: NodeKey): SlotState {
  return {
    phase: "nominate-prepare",
    w: new Set(),
    x: new Set(),
    y: new Set(),
    z: new Set(),
    leaders: new Set([firstLeader]),
    adopted: new Map(),
    round: 1,
    b: ZERO_BALLOT,
    p: undefined,
    pp: undefined,
    h: undefined,
    c: undefined,
    lock: undefined,
    zAt: undefined,
    nominationAt: undefined,
    ballotAt: undefined,
    isOverdue: false,
    lastSent: undefined,
  };
}

const PHASES: readonly Phase[] = ["nominate-prepare", "prepare", "commit", "externalize"];

/** Whether the slot has not reached a phase yet. */
export function isBefore({ phase }: SlotState, other: Phase): boolean {
  return PHASES.indexOf(phase) < PHASES.indexOf(other);
}

/** Combines values into the list of a block; undefined when something about a value is not known yet. */
export type Combine = (values: readonly Value[]) => readonly Value[] | undefined;

/** The candidates as the list of a block; undefined when there are none or when they cannot be combined yet. */
export function combineCandidates({ z }: SlotState, combine: Combine): ValueList | undefined {
  if (z.size === 0) return undefined;
  const combined = combine([...z].sort(compareValues));
  return combined === undefined ? undefined : valueList(combined);
}

/** Moves to a ballot. A change of counter restarts its timer; a change of values drops what was confirmed of others. */
export function setBallot(state: SlotState, b: Ballot): void {
  if (b.n !== state.b.n) stopBallotTimer(state);
  state.b = b;
  if (state.h !== undefined && state.h.x !== b.x) {
    state.h = undefined;
    state.c = undefined;
  }
}

/** Forgets how long the ballot has lasted. */
export function stopBallotTimer(state: SlotState): void {
  state.ballotAt = undefined;
  state.isOverdue = false;
}

/** Goes on to the next ballot after a timeout, as soon as it is known what to vote for. */
export function endBallot(state: SlotState, combine: Combine): void {
  if (!isLastBallot(state) && !bumpBallot(state, state.b.n + 1, combine)) return;
  state.isOverdue = false;
}

/** Whether there is no higher counter to go to: the infinite one is no node's own. */
export function isLastBallot({ b }: SlotState): boolean {
  return b.n + 1 >= INFINITE_COUNTER;
}

/**
 * Moves to a counter, with the values that this node is bound to, or else prefers. Returns false, changing nothing, when
 * it has no values yet, or has candidates of which it is not known how they combine.
 */
export function bumpBallot(state: SlotState, counter: number, combine: Combine): boolean {
  const x = valuesToVoteFor(state, combine);
  if (x === undefined || counter >= INFINITE_COUNTER) return false;
  setBallot(state, { n: counter, x });
  return true;
}

function valuesToVoteFor(state: SlotState, combine: Combine): ValueList | undefined {
  if (!isBefore(state, "commit")) return state.b.x;
  if (state.lock !== undefined) return state.lock;
  if (state.z.size > 0) return combineCandidates(state, combine);
  return state.p?.x ?? (state.b.n > 0 ? state.b.x : undefined);
}
