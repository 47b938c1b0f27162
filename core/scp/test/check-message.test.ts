// Each rule of well-formedness (spec 05 §1.3) refuses with its own code, one step past what it allows.
import { describe, expect, test } from "vitest";
import {
  type CommitPayload,
  checkMessage,
  type ExternalizePayload,
  INFINITE_COUNTER,
  type NominatePayload,
  type PreparePayload,
  type Topic,
} from "../src/index.ts";
import { message, quorumSet } from "./fixtures.ts";

const set = quorumSet(2, [2, 3, 4]);
const faultOf = (topic: Topic): string | undefined => checkMessage(message(1, set, topic));
const nominate = (nominate: Partial<NominatePayload>): Topic => ({
  kind: "nominate",
  nominate: { x: [], y: [], ...nominate },
});
const b = { n: 5, x: "b" };
const prepare = (payload: Partial<PreparePayload>): Topic => ({
  kind: "prepare",
  prepare: { b, p: undefined, pp: undefined, cn: 0, hn: 0, ...payload },
});
const commit = (payload: Partial<CommitPayload>): Topic => ({
  kind: "commit",
  commit: { b, pn: 1, cn: 1, hn: 1, ...payload },
});
const externalize = (payload: Partial<ExternalizePayload>): Topic => ({
  kind: "externalize",
  externalize: { c: b, hn: 5, ...payload },
});
const values = (count: number): string[] => Array.from({ length: count }, (_, i) => `${10_000 + i}`);

describe("nominations", () => {
  test.each([
    ["an empty one", nominate({}), undefined],
    ["10 000 values", nominate({ x: values(5_000), y: values(10_000).slice(5_000) }), undefined],
    ["10 001 values", nominate({ x: values(5_001), y: values(10_001).slice(5_001) }), "too-many-values"],
    ["an empty value", nominate({ x: [""] }), "malformed-value"],
    ["a value with a space", nominate({ y: ["a b"] }), "malformed-value"],
    ["a value outside ASCII", nominate({ x: ["é"] }), "malformed-value"],
    ["the longest value", nominate({ x: ["1".repeat(131_073)] }), undefined],
    ["one character more", nominate({ x: ["1".repeat(131_074)] }), "malformed-value"],
    ["descending votes", nominate({ x: ["b", "a"] }), "unsorted-values"],
    ["a vote twice", nominate({ x: ["a", "a"] }), "unsorted-values"],
    ["an acceptance twice", nominate({ y: ["a", "a"] }), "unsorted-values"],
    ["a vote for what is accepted", nominate({ x: ["a", "b"], y: ["b"] }), "voted-and-accepted"],
  ])("%s", (_, topic, fault) => expect(faultOf(topic)).toBe(fault));

  test("that go with a prepared ballot are checked too", () => {
    const topic: Topic = { ...prepare({}), kind: "nominate-prepare", nominate: { x: ["a"], y: ["a"] } } as Topic;
    expect(faultOf(topic)).toBe("voted-and-accepted");
    const other: Topic = { ...prepare({ cn: 1 }), kind: "nominate-prepare", nominate: { x: ["a"], y: [] } } as Topic;
    expect(faultOf(other)).toBe("commit-above-high");
  });
});

describe("ballots", () => {
  test.each([
    ["the first", prepare({ b: { n: 1, x: "a" } }), undefined],
    ["the largest counter", prepare({ b: { n: INFINITE_COUNTER, x: "a" } }), undefined],
    ["a larger counter", prepare({ b: { n: INFINITE_COUNTER + 1, x: "a" } }), "invalid-counter"],
    ["a broken counter", prepare({ b: { n: 1.5, x: "a" } }), "invalid-counter"],
    ["a negative counter", prepare({ b: { n: -1, x: "a" } }), "invalid-counter"],
    ["5 020 values", prepare({ b: { n: 1, x: values(5_020).join(" ") } }), undefined],
    ["5 021 values", prepare({ b: { n: 1, x: values(5_021).join(" ") } }), "too-many-values"],
    ["an empty value among others", prepare({ b: { n: 1, x: "a  b" } }), "malformed-value"],
    ["p equal to b", prepare({ p: b }), undefined],
    ["p above b", prepare({ p: { n: 5, x: "c" } }), "prepared-above-ballot"],
    ["p and a lower pp", prepare({ p: b, pp: { n: 5, x: "a" } }), undefined],
    ["pp without p", prepare({ pp: { n: 4, x: "a" } }), "prepared-prime-alone"],
    ["pp above p", prepare({ p: { n: 4, x: "b" }, pp: { n: 5, x: "a" } }), "prepared-prime-not-below"],
    ["pp with the values of p", prepare({ p: b, pp: { n: 4, x: "b" } }), "prepared-prime-compatible"],
    ["hn as high as b", prepare({ hn: 5, cn: 5 }), undefined],
    ["hn above b", prepare({ hn: 6 }), "high-above-ballot"],
    ["cn above hn", prepare({ hn: 2, cn: 3 }), "commit-above-high"],
    ["cn without hn", prepare({ hn: 0, cn: 1 }), "commit-above-high"],
    ["a broken hn", prepare({ hn: 0.5 }), "invalid-counter"],
    ["a broken cn", prepare({ cn: Number.NaN }), "invalid-counter"],
  ])("%s", (_, topic, fault) => expect(faultOf(topic)).toBe(fault));
});

describe("commits", () => {
  test.each([
    ["the least", commit({}), undefined],
    ["an infinite hn, which only those who decided were heard with", commit({ hn: INFINITE_COUNTER }), undefined],
    ["no pn", commit({ pn: 0 }), "missing-counter"],
    ["no cn", commit({ cn: 0 }), "missing-counter"],
    ["cn above hn", commit({ cn: 2 }), "commit-above-high"],
    ["a broken pn", commit({ pn: -1 }), "invalid-counter"],
    ["a broken cn", commit({ cn: 0.5 }), "invalid-counter"],
    ["a broken hn", commit({ hn: 2 ** 32 }), "invalid-counter"],
  ])("%s", (_, topic, fault) => expect(faultOf(topic)).toBe(fault));
});

describe("decisions", () => {
  test.each([
    ["the least", externalize({ c: { n: 1, x: "a" }, hn: 1 }), undefined],
    ["no counter", externalize({ c: { n: 0, x: "a" } }), "missing-counter"],
    ["c above hn", externalize({ hn: 4 }), "commit-above-high"],
    ["a broken hn", externalize({ hn: 5.5 }), "invalid-counter"],
  ])("%s", (_, topic, fault) => expect(faultOf(topic)).toBe(fault));
});

test("slot 0 and quorum sets that break a rule are refused before anything else", () => {
  const good = message(1, set, externalize({}));
  expect(checkMessage({ ...good, slotIndex: 0n })).toBe("origin-slot");
  expect(checkMessage({ ...good, quorumSet: quorumSet(4, [2, 3, 4]) })).toBe("invalid-quorum-set");
  expect(checkMessage({ ...good, quorumSet: quorumSet(1, [1, 2]) })).toBe("invalid-quorum-set"); // Lists its owner.
  expect(checkMessage({ ...good, quorumSet: quorumSet(0, []) })).toBeUndefined();
});
