// The order of one sender's messages (spec 05 §1.3).

import { order } from "@fogbow/core-scp-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareTopics, type PreparePayload, type Topic } from "../src/index.ts";
import { topics } from "./topics.ts";

const b = { n: 2, x: "b" };
const base: PreparePayload = { b, p: undefined, pp: undefined, cn: 0, hn: 0 };
const prepared = (payload: Partial<PreparePayload>): Topic => ({ kind: "prepare", prepare: { ...base, ...payload } });
const nominated = (x: string[], y: string[]): Topic => ({ kind: "nominate", nominate: { x, y } });

describe("compareTopics", () => {
  test("is an order: antisymmetric, and transitive", () => {
    fc.assert(
      fc.property(topics, topics, topics, (a, b, c) => {
        expect(Math.sign(compareTopics(a, b))).toBe(-Math.sign(compareTopics(b, a)) + 0);
        expect(compareTopics(a, a)).toBe(0);
        if (compareTopics(a, b) <= 0 && compareTopics(b, c) <= 0) expect(compareTopics(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["more accepted values", nominated(["a", "b"], []), nominated([], ["a"])],
    ["other accepted values", nominated(["a"], ["b"]), nominated([], ["c"])],
    ["more votes", nominated(["c"], ["b"]), nominated(["a", "c"], ["b"])],
    ["other votes", nominated(["a"], ["b"]), nominated(["c"], ["b"])],
    ["a ballot", nominated(["a"], ["b"]), { kind: "nominate-prepare", nominate: { x: [], y: [] }, prepare: base }],
    [
      "more accepted values beside a ballot",
      { kind: "nominate-prepare", nominate: { x: [], y: [] }, prepare: base },
      { kind: "nominate-prepare", nominate: { x: [], y: ["a"] }, prepare: base },
    ],
    [
      "a higher ballot beside fewer values",
      { kind: "nominate-prepare", nominate: { x: [], y: ["a"] }, prepare: base },
      { kind: "nominate-prepare", nominate: { x: [], y: [] }, prepare: { ...base, b: { n: 3, x: "a" } } },
    ],
    ["the end of nomination", { kind: "nominate-prepare", nominate: { x: [], y: [] }, prepare: base }, prepared({})],
    ["higher values", prepared({}), prepared({ b: { n: 2, x: "c" } })],
    ["a counter, whatever the values", prepared({ p: b, hn: 2 }), prepared({ b: { n: 3, x: "a" } })],
    ["a prepared ballot", prepared({ hn: 2 }), prepared({ p: { n: 1, x: "a" } })],
    ["a second prepared ballot", prepared({ p: b, hn: 2 }), prepared({ p: b, pp: { n: 1, x: "a" } })],
    ["a confirmed ballot", prepared({ p: b, hn: 1 }), prepared({ p: b, hn: 2 })],
    [
      "an accepted commit",
      prepared({ p: b, hn: 2 }),
      { kind: "commit", commit: { b: { n: 1, x: "a" }, pn: 1, cn: 1, hn: 1 } },
    ],
    [
      "a higher pn",
      { kind: "commit", commit: { b, pn: 1, cn: 1, hn: 2 } },
      { kind: "commit", commit: { b, pn: 2, cn: 1, hn: 1 } },
    ],
    [
      "a higher hn",
      { kind: "commit", commit: { b, pn: 1, cn: 1, hn: 1 } },
      { kind: "commit", commit: { b, pn: 1, cn: 1, hn: 2 } },
    ],
    [
      "a decision",
      { kind: "commit", commit: { b, pn: 1, cn: 1, hn: 2 } },
      { kind: "externalize", externalize: { c: b, hn: 2 } },
    ],
    [
      "a higher decision",
      { kind: "externalize", externalize: { c: b, hn: 2 } },
      { kind: "externalize", externalize: { c: b, hn: 3 } },
    ],
  ] as readonly (readonly [string, Topic, Topic])[])("rises with %s", (_, lower, higher) => {
    expect(compareTopics(lower, higher)).toBeLessThan(0);
    expect(compareTopics(higher, lower)).toBeGreaterThan(0);
  });

  test("is that of the model", () => {
    fc.assert(
      fc.property(topics, topics, (a, b) => {
        expect(Math.sign(compareTopics(a, b))).toBe(Math.sign(order(a, b)));
      }),
      { numRuns: 2_000 },
    );
  });

  test("does not see cn", () => {
    expect(compareTopics(prepared({ cn: 1, hn: 2 }), prepared({ cn: 2, hn: 2 }))).toBe(0);
  });
});
