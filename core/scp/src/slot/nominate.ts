// Nomination (spec 05 Appendix A, steps 1 and 2): which values the nodes would put into the block.

import {
  ADOPTED_VALUES_MAX,
  NOMINATED_LENGTH_MAX,
  NOMINATED_VALUES_MAX,
  OWN_VOTES_LENGTH_MAX,
  OWN_VOTES_MAX,
} from "../limits.ts";
import type { NominatePayload } from "../message.ts";
import type { NodeKey } from "../quorum/node-key.ts";
import { compareValues, type Value } from "../value.ts";
import type { FederatedVote } from "./federated-vote.ts";
import { type Combine, combineCandidates, type SlotState, setBallot } from "./slot-state.ts";
import { acceptsNominate, type Statement, votesNominate } from "./statement.ts";

/** What the steps of a slot share. */
export interface StepInputs {
  readonly state: SlotState;
  readonly now: number;
  readonly self: NodeKey;
  /** The latest statements, this node's own rebuilt at each call. */
  readonly vote: () => FederatedVote;
  /** What a node nominates, if it nominates. */
  readonly nominationBy: (node: NodeKey) => NominatePayload | undefined;
  readonly combine: Combine;
  readonly settleMs: number;
  readonly eagerBump: boolean;
}

/** Votes, accepts and confirms; starts the first ballot when there are candidates. Returns whether anything changed. */
export function nominate(inputs: StepInputs): boolean {
  if (inputs.state.phase !== "nominate-prepare") return false;
  const voted = inputs.state.z.size === 0 && voteForValues(inputs);
  const accepted = acceptValues(inputs);
  const confirmed = confirmValues(inputs);
  const started = startBalloting(inputs);
  return voted || accepted || confirmed || started;
}

/** Votes for what the leaders nominate, this node's own values among them if it leads. */
function voteForValues({ state, self, nominationBy }: StepInputs): boolean {
  let changed = false;
  if (state.leaders.has(self)) changed = voteFor(state, state.w, OWN_VOTES_MAX) > 0;
  for (const leader of state.leaders) {
    const nomination = nominationBy(leader);
    if (nomination === undefined) continue;
    const adopted = state.adopted.get(leader) ?? 0;
    const values = [...nomination.x, ...nomination.y].sort(compareValues);
    const added = voteFor(state, values, ADOPTED_VALUES_MAX - adopted);
    if (added > 0) state.adopted.set(leader, adopted + added);
    changed ||= added > 0;
  }
  return changed;
}

/** Votes for the first `limit` of the values that this node has not voted for yet; says how many they were. */
function voteFor({ x, y }: SlotState, values: Iterable<Value>, limit: number): number {
  let added = 0;
  let length: number | undefined; // Most calls find nothing new.
  for (const value of values) {
    if (added >= limit || x.size + y.size >= OWN_VOTES_MAX) break;
    if (x.has(value) || y.has(value)) continue;
    length = (length ?? lengthOf(x, y)) + value.length;
    if (length > OWN_VOTES_LENGTH_MAX && x.size + y.size > 0) break; // One value fits, however long it is.
    x.add(value);
    added++;
  }
  return added;
}

/** The characters of all values. */
function lengthOf(...sets: readonly ReadonlySet<Value>[]): number {
  let length = 0;
  for (const set of sets) for (const value of set) length += value.length;
  return length;
}

function acceptValues({ state, vote }: StepInputs): boolean {
  const { x, y } = state;
  const votes = vote();
  let changed = false;
  let length: number | undefined;
  for (const value of mentioned(x, votes.statements)
    .filter((each) => !y.has(each))
    .sort(compareValues)) {
    if (!x.has(value)) {
      length ??= lengthOf(x, y);
      // It would not fit into a message.
      if (x.size + y.size >= NOMINATED_VALUES_MAX || length + value.length > NOMINATED_LENGTH_MAX) continue;
    }
    const isAccepted = votes.accept(
      (statement) => votesNominate(statement, value),
      (statement) => acceptsNominate(statement, value),
    );
    if (!isAccepted) continue;
    if (!x.delete(value) && length !== undefined) length += value.length;
    y.add(value);
    changed = true;
  }
  return changed;
}

function confirmValues({ state, vote, now }: StepInputs): boolean {
  const { y, z } = state;
  const votes = vote();
  let changed = false;
  for (const value of [...y].filter((each) => !z.has(each)).sort(compareValues)) {
    if (!votes.confirm((statement) => acceptsNominate(statement, value))) continue;
    z.add(value);
    state.zAt ??= now;
    changed = true;
  }
  return changed;
}

/**
 * Begins with ballot 1 once every own vote has come to something, or has had `settleMs` to. Nodes that begin with
 * different candidates lose a whole timeout, so a short wait is worth it.
 */
function startBalloting({ state, now, combine, settleMs }: StepInputs): boolean {
  const { b, x, y, z, zAt } = state;
  if (b.n !== 0 || zAt === undefined) return false;
  const settled = x.size === 0 && y.size === z.size;
  if (!settled && now < zAt + settleMs) return false;
  const combined = combineCandidates(state, combine);
  if (combined === undefined) return false;
  setBallot(state, { n: 1, x: combined });
  return true;
}

/** The values voted for here, and those that anybody accepts. */
function mentioned(own: ReadonlySet<Value>, statements: readonly (Statement | undefined)[]): Value[] {
  const values = new Set(own);
  for (const statement of statements) for (const value of statement?.accepted ?? []) values.add(value);
  return [...values];
}
