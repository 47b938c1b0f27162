// Topics to draw from, for properties.
import fc from "fast-check";
import type { Ballot, PreparePayload, Topic } from "../src/index.ts";

const values = fc.subarray(["a", "b", "c"]);
/** Ballots with few values and small counters. */
export const ballots: fc.Arbitrary<Ballot> = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  x: fc.constantFrom("a", "a b", "b"),
});
const nominate = fc.record({ x: values, y: values });
const counters = fc.integer({ min: 0, max: 3 });
const prepare: fc.Arbitrary<PreparePayload> = fc.record({
  b: ballots,
  p: fc.option(ballots, { nil: undefined }),
  pp: fc.option(ballots, { nil: undefined }),
  cn: counters,
  hn: counters,
});
/** Topics with few values and small counters, so that they often meet; not all are well-formed. */
export const topics: fc.Arbitrary<Topic> = fc.oneof(
  fc.record({ kind: fc.constant("nominate" as const), nominate }),
  fc.record({ kind: fc.constant("nominate-prepare" as const), nominate, prepare }),
  fc.record({ kind: fc.constant("prepare" as const), prepare }),
  fc.record({
    kind: fc.constant("commit" as const),
    commit: fc.record({ b: ballots, pn: counters, cn: counters, hn: counters }),
  }),
  fc.record({ kind: fc.constant("externalize" as const), externalize: fc.record({ c: ballots, hn: counters }) }),
);
