// What a state shows to others (spec 05 §1.6): prepared ballots only as far as the current one.
import { describe, expect, test } from "vitest";
import type { Ballot, PreparePayload } from "../src/index.ts";
import { buildTopic, ownStatement } from "../src/slot/build-topic.ts";
import { initialState, type SlotState } from "../src/slot/slot-state.ts";
import { statementOf } from "../src/slot/statement.ts";

const at = (n: number, x: string): Ballot => ({ n, x });

function shown(state: Partial<SlotState>): PreparePayload {
  const topic = buildTopic({ ...initialState("00"), phase: "prepare", ...state });
  if (topic?.kind !== "prepare") throw new Error("The phase is prepare.");
  return topic.prepare;
}

describe("the prepared ballots", () => {
  test.each([
    ["as they are, up to the current one", { b: at(3, "b"), p: at(3, "b"), pp: at(3, "a") }, at(3, "b"), at(3, "a")],
    ["at its counter when their values are lower", { b: at(3, "b"), p: at(5, "a") }, at(3, "a"), undefined],
    ["one below it when their values are higher", { b: at(3, "b"), p: at(5, "c") }, at(2, "c"), undefined],
    ["not at all when that is zero", { b: at(1, "b"), p: at(5, "c"), pp: at(1, "a") }, undefined, undefined],
    ["the second one up to the first", { b: at(3, "b"), p: at(5, "c"), pp: at(4, "b") }, at(2, "c"), at(2, "b")],
    ["the second one below the first", { b: at(3, "b"), p: at(5, "a"), pp: at(4, "b") }, at(3, "a"), at(2, "b")],
    [
      "the second one not when it comes to nothing",
      { b: at(1, "b"), p: at(5, "a"), pp: at(4, "b") },
      at(1, "a"),
      undefined,
    ],
  ])("are shown %s", (_, state, p, pp) => {
    expect(shown(state)).toMatchObject({ p, pp });
  });
});

describe("the counters", () => {
  test.each([
    ["are those of h and c", { b: at(3, "b"), h: at(2, "b"), c: at(1, "b") }, 1, 2],
    ["are zero without h", { b: at(3, "b") }, 0, 0],
    ["are zero when h has other values", { b: at(3, "b"), h: at(2, "a"), c: at(1, "a") }, 0, 0],
    ["have no cn when nothing is voted to commit", { b: at(3, "b"), h: at(2, "b") }, 0, 2],
  ])("%s", (_, state, cn, hn) => {
    expect(shown(state)).toMatchObject({ cn, hn });
  });
});

test("a node that has nothing to say says nothing", () => {
  expect(buildTopic(initialState("00"))).toBeUndefined();
});

test("what a node states to itself is what it shows to others", () => {
  const [b, h, c] = [at(3, "b"), at(2, "b"), at(1, "b")];
  const base = { ...initialState("00"), x: new Set(["b", "a"]), y: new Set(["c"]), p: at(2, "b"), b, h, c };
  for (const phase of ["nominate-prepare", "prepare", "commit", "externalize"] as const) {
    const topic = buildTopic({ ...base, phase });
    if (topic === undefined) throw new Error("Every one of these states shows something.");
    expect(ownStatement({ ...base, phase })).toEqual(statementOf(topic));
  }
});
