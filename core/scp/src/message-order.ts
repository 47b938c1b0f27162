// The order of one sender's messages about one slot (spec 05 §1.3). A node sends them in ascending order, and a receiver
// keeps the highest, so the network may lose, repeat and reorder them.
import { compareBallots, compareOptionalBallots } from "./ballot.ts";
import { type CommitPayload, type NominatePayload, type PreparePayload, TOPIC_RANK, type Topic } from "./message.ts";
import { compareValues, type Value } from "./value.ts";

/**
 * Negative, zero or positive as `a` is before, equal to or after `b`. The counter cn does not count: two messages that
 * differ only there are equal.
 */
export function compareTopics(a: Topic, b: Topic): number {
  if (a.kind === "nominate" && b.kind === "nominate") return compareNominations(a.nominate, b.nominate);
  if (a.kind === "nominate-prepare" && b.kind === "nominate-prepare")
    return comparePrepares(a.prepare, b.prepare) || compareNominations(a.nominate, b.nominate);
  if (a.kind === "prepare" && b.kind === "prepare") return comparePrepares(a.prepare, b.prepare);
  if (a.kind === "commit" && b.kind === "commit") return compareCommits(a.commit, b.commit);
  if (a.kind === "externalize" && b.kind === "externalize") return a.externalize.hn - b.externalize.hn;
  return TOPIC_RANK[a.kind] - TOPIC_RANK[b.kind];
}

function compareNominations(a: NominatePayload, b: NominatePayload): number {
  return a.y.length - b.y.length || compareSets(a.y, b.y) || a.x.length - b.x.length || compareSets(a.x, b.x);
}

function comparePrepares(a: PreparePayload, b: PreparePayload): number {
  return (
    compareBallots(a.b, b.b) || compareOptionalBallots(a.p, b.p) || compareOptionalBallots(a.pp, b.pp) || a.hn - b.hn
  );
}

function compareCommits(a: CommitPayload, b: CommitPayload): number {
  return compareBallots(a.b, b.b) || a.pn - b.pn || a.hn - b.hn;
}

/** Compares ascending lists of one length by their first difference. */
function compareSets(a: readonly Value[], b: readonly Value[]): number {
  for (const [i, value] of a.entries()) {
    const order = compareValues(value, b[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
