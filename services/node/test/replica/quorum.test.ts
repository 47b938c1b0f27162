// What a set of nodes means to who listens to a quorum set: the known results of spec 05, appendix A.1.
import type { NodeId, QuorumSet, QuorumSetMember } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { isBlocking, isConvincing } from "../../src/replica/quorum.ts";

const node = (n: number): NodeId => ({
  responderId: `${n}:1`,
  publicKey: bytes(new Uint8Array(32).fill(n), 32, "key"),
});
const members = (...numbers: number[]): QuorumSetMember[] => numbers.map((n) => ({ kind: "node", node: node(n) }));
const of =
  (...numbers: number[]) =>
  (id: NodeId) =>
    numbers.includes(id.publicKey[0] as number);

const nested: QuorumSet = {
  threshold: 2,
  members: [
    { kind: "inner-set", set: { threshold: 2, members: members(2, 3, 4) } },
    { kind: "inner-set", set: { threshold: 2, members: members(5, 6, 7) } },
  ],
};

test("blocking sets are those of the specification", () => {
  const flat: QuorumSet = { threshold: 2, members: members(2, 3) };
  expect([[2], [3], [2, 3], []].map((set) => isBlocking(flat, of(...set)))).toEqual([true, true, true, false]);
  expect(isBlocking(nested, of(2, 5))).toBe(false);
  expect(isBlocking(nested, of(2, 3))).toBe(true);
  expect(isBlocking(nested, of(5, 7))).toBe(true);
});

test("a claim convinces when those who make it block and are a slice", () => {
  expect(isConvincing(nested, of(2, 3, 5, 6))).toBe(true);
  expect(isConvincing(nested, of(2, 3, 4, 5))).toBe(false); // They block, and are no slice.
});

test("nobody convinces a node that listens to nobody", () => {
  const alone: QuorumSet = { threshold: 0, members: [] };
  expect([isBlocking(alone, of(1)), isConvincing(alone, of(1))]).toEqual([false, false]);
});
