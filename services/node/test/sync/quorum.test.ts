// The known results of spec 05 A.1 for the predicates that say whom to believe.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { expect, test } from "vitest";
import { isBlocking, isConvincing } from "../../src/replica/quorum.ts";
import { node } from "./network.ts";

const of = (threshold: number, ...members: readonly (number | QuorumSet)[]): QuorumSet => ({
  threshold,
  members: members.map((each) =>
    typeof each === "number" ? { kind: "node", node: node(each) } : { kind: "inner-set", set: each },
  ),
});
const among =
  (...nodes: readonly number[]) =>
  ({ publicKey }: NodeId): boolean =>
    nodes.some((i) => publicKey[0] === i);

test("two of two inner sets of two of three", () => {
  const set = of(2, of(2, 2, 3, 4), of(2, 5, 6, 7));
  expect(isBlocking(set, among(2, 5))).toBe(false);
  expect(isBlocking(set, among(2, 3))).toBe(true);
  expect(isBlocking(set, among(5, 7))).toBe(true);
  expect(isConvincing(set, among(2, 3, 5, 6))).toBe(true);
  expect(isConvincing(set, among(2, 3))).toBe(false);
  expect(isConvincing(set, among(2, 3, 4, 5))).toBe(false);
});

test("nobody blocks a node alone", () => {
  expect(isBlocking(of(0), among(1, 2))).toBe(false);
  expect(isConvincing(of(0), among(1, 2))).toBe(false);
});
