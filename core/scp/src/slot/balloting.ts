// Balloting (spec 05 Appendix A, steps 3 to 8): the candidates become one decision. A ballot is prepared when no lower
// ballot with other values can be committed any more; then its commit is voted for, accepted and confirmed.
import { type Ballot, compareBallots, INFINITE_COUNTER, isAborted, isLowerCompatible } from "../ballot.ts";
import { compareValues, type ValueList } from "../value.ts";
import type { FederatedVote } from "./federated-vote.ts";
import type { StepInputs } from "./nominate.ts";
import { bumpBallot, isBefore, isLastBallot, type SlotState, setBallot, stopBallotTimer } from "./slot-state.ts";
import {
  acceptsCommit,
  acceptsPrepare,
  ballotCounter,
  commitBounds,
  preparedCandidates,
  votesCommit,
  votesPrepare,
} from "./statement.ts";

/** Takes each step of balloting once. Returns whether anything changed. */
export function ballot(inputs: StepInputs): boolean {
  const { state } = inputs;
  if (state.phase === "externalize") return false;
  const candidates = candidatesOf(inputs.vote());
  let changed = acceptPrepared(inputs, candidates);
  if (isBefore(state, "commit")) {
    changed = giveUpAborted(state) || changed;
    changed = confirmPrepared(inputs, candidates) || changed;
  }
  changed = acceptCommit(inputs) || changed;
  if (confirmCommit(inputs)) return false; // Decided: nothing is left to do.
  return catchUp(inputs) || changed;
}

/** Every ballot that somebody gives reason to try, the highest first. */
function candidatesOf({ statements }: FederatedVote): Ballot[] {
  const all: Ballot[] = [];
  for (const statement of statements) {
    for (const each of statement === undefined ? [] : preparedCandidates(statement)) {
      if (each.n > 0 && !all.some((other) => isSame(each, other))) all.push(each);
    }
  }
  return all.sort((a, b) => compareBallots(b, a));
}

/** Step 3: p and pp become the highest ballots accepted prepared. */
function acceptPrepared({ state, vote }: StepInputs, candidates: readonly Ballot[]): boolean {
  const votes = vote();
  let changed = false;
  for (const candidate of candidates) {
    const { b, p, pp, phase } = state;
    if (phase === "commit" && candidate.x !== b.x) continue;
    if (p !== undefined && isLowerCompatible(candidate, p)) continue;
    if (pp !== undefined && compareBallots(candidate, pp) <= 0) continue;
    const isAccepted = votes.accept(
      (statement) => votesPrepare(statement, candidate),
      (statement) => acceptsPrepare(statement, candidate),
    );
    if (isAccepted) changed = raisePrepared(state, candidate) || changed;
  }
  return changed;
}

function raisePrepared(state: SlotState, accepted: Ballot): boolean {
  const { p, pp } = state;
  if (p === undefined) {
    state.p = accepted;
  } else if (compareBallots(accepted, p) > 0) {
    if (accepted.x !== p.x) state.pp = p;
    state.p = accepted;
  } else if (accepted.x !== p.x && (pp === undefined || compareBallots(accepted, pp) > 0)) {
    state.pp = accepted;
  } else {
    return false;
  }
  return true;
}

/** Step 4: a commit vote ends when a ballot that excludes it is accepted as prepared. */
function giveUpAborted(state: SlotState): boolean {
  const { c, p, pp } = state;
  if (c === undefined || !(isAborted(c, p) || isAborted(c, pp))) return false;
  state.c = undefined;
  return true;
}

/** Step 5: a confirmed ballot locks its values, and its commit is voted for. */
function confirmPrepared(inputs: StepInputs, candidates: readonly Ballot[]): boolean {
  const { state, eagerBump } = inputs;
  if (state.p === undefined) return false;
  const confirmed = highestConfirmed(inputs, candidates);
  if (confirmed === undefined) return false;

  const { lock, b, h, c, phase } = state;
  state.lock = confirmed.x;
  if (phase === "nominate-prepare") state.phase = "prepare";
  if (confirmed.n !== INFINITE_COUNTER) {
    if (b.n === 0 || compareBallots(b, confirmed) < 0) setBallot(state, confirmed);
    else if (eagerBump && b.x !== confirmed.x) bumpTo(state, confirmed.x);
    if (state.b.x === confirmed.x) {
      state.h = confirmed;
      state.c ??= lowestToCommit(state, confirmed, b);
    }
  }
  return (
    lock !== state.lock || phase !== state.phase || !isSame(b, state.b) || !isSame(h, state.h) || !isSame(c, state.c)
  );
}

/** The highest ballot above h that a quorum accepts as prepared. */
function highestConfirmed({ state, vote }: StepInputs, candidates: readonly Ballot[]): Ballot | undefined {
  const votes = vote();
  const { h } = state;
  return candidates.find(
    (candidate) =>
      (h === undefined || compareBallots(candidate, h) > 0) &&
      votes.confirm((statement) => acceptsPrepare(statement, candidate)),
  );
}

/** One counter up, with other values. */
function bumpTo(state: SlotState, x: ValueList): void {
  if (!isLastBallot(state)) setBallot(state, { n: state.b.n + 1, x });
}

/**
 * The lowest ballot with the values of `confirmed` that is not below the ballot `b` this node was on and that neither p
 * nor pp aborts; undefined if it would be above `confirmed`, as it is whenever they abort that one.
 */
export function lowestToCommit(
  { p, pp }: Pick<SlotState, "p" | "pp">,
  confirmed: Ballot,
  b: Ballot,
): Ballot | undefined {
  const { x } = confirmed;
  let lowest: Ballot = { n: Math.max(b.n, 1), x };
  if (b.n > 0 && compareBallots(lowest, b) < 0) lowest = { n: lowest.n + 1, x };
  for (const higher of [p, pp]) {
    if (higher !== undefined && isAborted(lowest, higher)) lowest = { n: x > higher.x ? higher.n : higher.n + 1, x };
  }
  return lowest.n <= confirmed.n ? lowest : undefined;
}

/** Step 6: accepts to commit an interval of counters; from then on the values stay. */
function acceptCommit({ state, vote }: StepInputs): boolean {
  const votes = vote();
  let changed = false;
  for (const [x, counters] of boundsByValues(votes)) {
    if (state.phase === "commit" && x !== state.b.x) continue;
    const interval = findInterval(counters, (lo, hi) =>
      votes.accept(
        (statement) => votesCommit(statement, x, lo, hi),
        (statement) => acceptsCommit(statement, x, lo, hi),
      ),
    );
    if (interval !== undefined) changed = moveToCommit(state, x, interval) || changed;
  }
  return changed;
}

function moveToCommit(state: SlotState, x: ValueList, found: Interval): boolean {
  const { c, h } = state;
  const interval = state.phase === "commit" && c !== undefined && h !== undefined ? extend(found, c.n, h.n) : found;
  if (interval === undefined) return false;
  const { lo, hi } = interval;
  if (state.phase !== "commit") {
    state.phase = "commit";
    state.pp = undefined;
    state.lock = x;
    stopBallotTimer(state);
    if (state.b.x !== x) state.b = { n: counterForOther(state.b, hi), x };
    if (state.p === undefined || state.p.x !== x) state.p = { n: hi, x };
  }
  state.c = { n: lo, x };
  state.h = { n: hi, x };
  if (hi !== INFINITE_COUNTER && state.b.n < hi) state.b = { n: hi, x };
  return true;
}

/** Higher than the ballot left behind and not below `hi`, but never infinite. */
function counterForOther(b: Ballot, hi: number): number {
  return Math.min(Math.max(b.n + 1, hi === INFINITE_COUNTER ? 1 : hi), INFINITE_COUNTER - 1);
}

/**
 * The interval to go on with when [c, h] was accepted before; undefined when that is the same. What was accepted stays
 * accepted, so h never falls: a lower interval counts only where it touches and extends the old one downwards.
 */
function extend({ lo, hi }: Interval, c: number, h: number): Interval | undefined {
  if (hi > h) return { lo, hi };
  return lo < c && hi >= c - 1 ? { lo, hi: h } : undefined;
}

/** Step 7: a quorum accepts to commit, so the slot is decided. */
function confirmCommit({ state, vote }: StepInputs): boolean {
  const { phase, b, c, h } = state;
  if (phase !== "commit" || c === undefined || h === undefined) return false;
  const votes = vote();
  const counters = new Set([c.n, h.n]);
  for (const statement of votes.statements) {
    const bounds = statement === undefined || statement.prepare !== undefined ? undefined : commitBounds(statement);
    if (bounds?.x === b.x) for (const counter of bounds.counters) counters.add(counter);
  }
  const interval = findInterval(counters, (lo, hi) =>
    votes.confirm((statement) => acceptsCommit(statement, b.x, lo, hi)),
  );
  if (interval === undefined) return false;
  state.c = { n: interval.lo, x: b.x };
  state.h = { n: interval.hi, x: b.x };
  state.phase = "externalize";
  return true;
}

/** Step 8: joins those it cannot do without on the lowest counter at which they are no longer ahead. */
function catchUp({ state, vote, combine }: StepInputs): boolean {
  const votes = vote();
  const isBehind = (counter: number): boolean => votes.isBlocking((statement) => ballotCounter(statement) > counter);
  if (!isBehind(state.b.n)) return false;
  const counters = votes.statements.flatMap((statement) => (statement === undefined ? [] : ballotCounter(statement)));
  const ahead = [...new Set(counters)].filter((counter) => counter > state.b.n).sort((a, b) => a - b);
  const next = ahead.find((counter) => !isBehind(counter));
  return next !== undefined && bumpBallot(state, next, combine); // Which does nothing for the infinite counter.
}

/** For each list of values somebody would commit, in order, the counters at which intervals begin and end. */
function boundsByValues({ statements }: FederatedVote): [ValueList, Set<number>][] {
  const byValues = new Map<ValueList, Set<number>>();
  for (const statement of statements) {
    const bounds = statement === undefined ? undefined : commitBounds(statement);
    if (bounds === undefined) continue;
    const counters = byValues.get(bounds.x) ?? new Set();
    byValues.set(bounds.x, counters);
    for (const counter of bounds.counters) counters.add(counter);
  }
  return [...byValues].sort(([a], [b]) => compareValues(a, b));
}

/** Counters from `lo` to `hi`, both included. */
interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** The highest counter that holds by itself, extended downwards as far as the whole interval holds. */
function findInterval(counters: Iterable<number>, holds: (lo: number, hi: number) => boolean): Interval | undefined {
  let interval: Interval | undefined;
  for (const counter of [...counters].filter((each) => each > 0).sort((a, b) => b - a)) {
    if (interval === undefined) {
      if (holds(counter, counter)) interval = { lo: counter, hi: counter };
    } else if (holds(counter, interval.hi)) {
      interval = { lo: counter, hi: interval.hi };
    } else {
      break;
    }
  }
  return interval;
}

function isSame(a: Ballot | undefined, b: Ballot | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.n === b.n && a.x === b.x);
}
