// What messages assert (spec 05 §1.3): the table, against the model that spells it out.

import { ac, ap, counter, vc, vp } from "@fogbow/core-scp-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INFINITE_COUNTER } from "../src/index.ts";
import {
  acceptsCommit,
  acceptsNominate,
  acceptsPrepare,
  ballotCounter,
  statementOf,
  votesCommit,
  votesNominate,
  votesPrepare,
} from "../src/slot/statement.ts";
import { ballots, topics } from "./topics.ts";

describe("a statement", () => {
  test("votes for and accepts prepared what the table says", () => {
    fc.assert(
      fc.property(topics, ballots, (topic, ballot) => {
        expect(votesPrepare(statementOf(topic), ballot)).toBe(vp(topic, ballot));
        expect(acceptsPrepare(statementOf(topic), ballot)).toBe(ap(topic, ballot));
      }),
      { numRuns: 3_000 },
    );
  });

  test("votes for and accepts to commit what the table says", () => {
    fc.assert(
      fc.property(topics, ballots, fc.integer({ min: 1, max: 4 }), (topic, { n, x }, hi) => {
        expect(votesCommit(statementOf(topic), x, n, hi)).toBe(vc(topic, x, n, hi));
        expect(acceptsCommit(statementOf(topic), x, n, hi)).toBe(ac(topic, x, n, hi));
      }),
      { numRuns: 3_000 },
    );
  });

  test("is as far as its ballot, and one that decided is ahead of all", () => {
    fc.assert(
      fc.property(topics, (topic) => {
        expect(ballotCounter(statementOf(topic))).toBe(counter(topic));
      }),
    );
    const decided = statementOf({ kind: "externalize", externalize: { c: { n: 1, x: "a" }, hn: 1 } });
    expect(ballotCounter(decided)).toBe(INFINITE_COUNTER);
  });

  test("of a nomination votes for both lists and accepts one", () => {
    const statement = statementOf({ kind: "nominate", nominate: { x: ["a"], y: ["b"] } });
    expect(["a", "b", "c"].map((value) => votesNominate(statement, value))).toEqual([true, true, false]);
    expect(["a", "b", "c"].map((value) => acceptsNominate(statement, value))).toEqual([false, true, false]);
  });
});
