// What a message asserts: the table of spec 05 §1.3, one function for each row.
import { type Ballot, INFINITE_COUNTER, isLowerCompatible } from "../ballot.ts";
import type { CommitPayload, ExternalizePayload, PreparePayload, Topic } from "../message.ts";
import type { Value, ValueList } from "../value.ts";

/** A topic with its nomination as sets, to be asked many questions. */
export interface Statement {
  readonly voted: ReadonlySet<Value>;
  readonly accepted: ReadonlySet<Value>;
  readonly prepare: PreparePayload | undefined;
  readonly commit: CommitPayload | undefined;
  readonly externalize: ExternalizePayload | undefined;
}

const NO_VALUES: ReadonlySet<Value> = new Set();
const NOTHING: Statement = {
  voted: NO_VALUES,
  accepted: NO_VALUES,
  prepare: undefined,
  commit: undefined,
  externalize: undefined,
};

/** A topic as a statement. */
export function statementOf(topic: Topic): Statement {
  switch (topic.kind) {
    case "nominate":
      return { ...NOTHING, voted: new Set(topic.nominate.x), accepted: new Set(topic.nominate.y) };
    case "nominate-prepare": {
      const { nominate, prepare } = topic;
      return { ...NOTHING, voted: new Set(nominate.x), accepted: new Set(nominate.y), prepare };
    }
    case "prepare":
      return { ...NOTHING, prepare: topic.prepare };
    case "commit":
      return { ...NOTHING, commit: topic.commit };
    case "externalize":
      return { ...NOTHING, externalize: topic.externalize };
    default:
      return topic satisfies never;
  }
}

/** Votes for or accepts nominating the value. */
export function votesNominate({ voted, accepted }: Statement, value: Value): boolean {
  return voted.has(value) || accepted.has(value);
}

/** Accepts nominating the value. */
export function acceptsNominate({ accepted }: Statement, value: Value): boolean {
  return accepted.has(value);
}

/** Votes for or accepts that the ballot is prepared. */
export function votesPrepare(statement: Statement, ballot: Ballot): boolean {
  const { prepare, commit } = statement;
  if (prepare !== undefined && isLowerCompatible(ballot, prepare.b)) return true;
  if (commit !== undefined) return ballot.x === commit.b.x;
  return acceptsPrepare(statement, ballot);
}

/** Accepts that the ballot is prepared. */
export function acceptsPrepare({ prepare, commit, externalize }: Statement, ballot: Ballot): boolean {
  if (prepare !== undefined) {
    const { p, pp } = prepare;
    return (p !== undefined && isLowerCompatible(ballot, p)) || (pp !== undefined && isLowerCompatible(ballot, pp));
  }
  if (commit !== undefined) return ballot.x === commit.b.x && ballot.n <= commit.pn;
  return externalize !== undefined && ballot.x === externalize.c.x;
}

/** Votes for or accepts to commit every ballot ⟨lo…hi, x⟩. */
export function votesCommit(
  { prepare, commit, externalize }: Statement,
  x: ValueList,
  lo: number,
  hi: number,
): boolean {
  if (prepare !== undefined) {
    const { b, cn, hn } = prepare;
    return x === b.x && cn !== 0 && cn <= lo && hi <= hn;
  }
  if (commit !== undefined) return x === commit.b.x && commit.cn <= lo;
  return externalize !== undefined && x === externalize.c.x && externalize.c.n <= lo;
}

/** Accepts to commit every ballot ⟨lo…hi, x⟩. */
export function acceptsCommit({ commit, externalize }: Statement, x: ValueList, lo: number, hi: number): boolean {
  if (commit !== undefined) return x === commit.b.x && commit.cn <= lo && hi <= commit.hn;
  return externalize !== undefined && x === externalize.c.x && externalize.c.n <= lo;
}

/** How far the sender's ballots are; one that has externalized is ahead of all. */
export function ballotCounter({ prepare, commit, externalize }: Statement): number {
  if (externalize !== undefined) return INFINITE_COUNTER;
  return prepare?.b.n ?? commit?.b.n ?? 0;
}

/** The ballots that a statement gives reason to try to accept as prepared. */
export function preparedCandidates({ prepare, commit, externalize }: Statement): Ballot[] {
  if (prepare !== undefined) return [prepare.b, prepare.p, prepare.pp].filter((each) => each !== undefined);
  if (commit !== undefined) return [commit.pn, commit.hn, commit.b.n].map((n) => ({ n, x: commit.b.x }));
  if (externalize === undefined) return [];
  const { c, hn } = externalize;
  return [c.n, hn, INFINITE_COUNTER].map((n) => ({ n, x: c.x }));
}

/** The values that a statement votes or accepts to commit, and the counters at which its interval begins and ends. */
export function commitBounds({ prepare, commit, externalize }: Statement): CommitBounds | undefined {
  if (prepare !== undefined && prepare.cn !== 0) return { x: prepare.b.x, counters: [prepare.cn, prepare.hn] };
  if (commit !== undefined) return { x: commit.b.x, counters: [commit.cn, commit.hn] };
  if (externalize === undefined) return undefined;
  return { x: externalize.c.x, counters: [externalize.c.n, externalize.hn, INFINITE_COUNTER] };
}

/** Counters that bound an interval of one list of values. */
export interface CommitBounds {
  readonly x: ValueList;
  readonly counters: readonly number[];
}
