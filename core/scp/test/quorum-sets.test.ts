// Slices, blocking sets and quorums: the known results of spec 05 A.1, and agreement of the compiled sets with plain ones.

import type { QuorumSet } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { blocking, largestQuorum, slice } from "@fogbow/core-scp-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalQuorumSet,
  checkQuorumSet,
  isIdenticalQuorumSet,
  lintQuorumSet,
  nodeKey,
  nodesOf,
} from "../src/index.ts";
import { compileQuorumSet, isBlocking, isSlice, shrinkToQuorum } from "../src/quorum/compiled-quorum-set.ts";
import { addNode, countNodes, emptyNodeSet, fullNodeSet, type NodeSet, nodeNumbers } from "../src/quorum/node-set.ts";
import { QuorumView } from "../src/quorum/quorum-view.ts";
import { nodeAt, quorumSet } from "./fixtures.ts";
import { FIGURE_2 } from "./simulation/topologies.ts";

const NODES = 40; // More than one word of bits.
const numbers = new Map(Array.from({ length: NODES + 1 }, (_, i) => [nodeKey(nodeAt(i)), i]));
const setOf = (nodes: readonly number[]): NodeSet => {
  const set = emptyNodeSet(NODES + 1);
  for (const each of nodes) addNode(set, each);
  return set;
};
const keysOf = (nodes: readonly number[]): Set<string> => new Set(nodes.map((each) => nodeKey(nodeAt(each))));
const isSliceOf = (set: QuorumSet, nodes: readonly number[]): boolean =>
  isSlice(compileQuorumSet(set, numbers), setOf(nodes));
const isBlockingFor = (set: QuorumSet, nodes: readonly number[]): boolean =>
  isBlocking(compileQuorumSet(set, numbers), setOf(nodes));

/** Quorum sets of up to three levels over the first nodes, no node twice. */
const quorumSets: fc.Arbitrary<QuorumSet> = fc
  .tuple(
    fc.shuffledSubarray(
      Array.from({ length: NODES }, (_, i) => i + 1),
      { minLength: 1 },
    ),
    fc.infiniteStream(fc.nat()),
  )
  .map(([nodes, choices]) => {
    const next = (end: number): number => (choices.next().value as number) % end; // The stream never ends.
    const build = (members: readonly number[], depth: number): QuorumSet => {
      const parts: (number | QuorumSet)[] = [];
      for (let i = 0; i < members.length; ) {
        const size = depth < 3 && next(3) === 0 ? 1 + next(4) : 1;
        const group = members.slice(i, i + size);
        parts.push(size === 1 ? (group[0] ?? 0) : build(group, depth + 1));
        i += size;
      }
      return quorumSet(1 + next(parts.length), parts);
    };
    return build(nodes, 1);
  });
const subsets = fc.subarray(Array.from({ length: NODES }, (_, i) => i + 1));

describe("known results", () => {
  const nested = quorumSet(2, [quorumSet(2, [2, 3, 4]), quorumSet(2, [5, 6, 7])]);

  test("a nested set is blocked inside one group, and satisfied only by both", () => {
    expect(isBlockingFor(nested, [2, 5])).toBe(false);
    expect(isBlockingFor(nested, [2, 3])).toBe(true);
    expect(isBlockingFor(nested, [5, 7])).toBe(true);
    expect(isSliceOf(nested, [2, 3, 5, 6])).toBe(true);
    expect(isSliceOf(nested, [2, 3, 4, 5])).toBe(false);
  });

  test("in the network of figure 2 either neighbour blocks node 1, and only all four are its quorum", () => {
    const [first] = FIGURE_2.quorumSets as [QuorumSet];
    for (const nodes of [[2], [3], [2, 3]]) expect(isBlockingFor(first, nodes)).toBe(true);
    expect(isBlockingFor(first, [4])).toBe(false);
    const quorums = [
      [1, 2, 3, 4],
      [2, 3, 4],
      [1, 2, 3],
      [1, 2, 4],
      [1, 3, 4],
    ].map((nodes) => {
      const view = new QuorumView(nodeKey(nodeAt(1)), first);
      for (const [i, set] of FIGURE_2.quorumSets.entries()) if (i > 0) view.learn(nodeKey(nodeAt(i + 1)), set);
      const set = view.emptySet();
      for (const each of nodes) addNode(set, each - 1);
      return view.hasQuorum(set);
    });
    expect(quorums).toEqual([true, false, false, false, false]);
    const sets = FIGURE_2.quorumSets.map((set) =>
      compileQuorumSet(set, new Map([1, 2, 3, 4].map((i) => [nodeKey(nodeAt(i)), i - 1]))),
    );
    const withoutFirst = Uint32Array.of(0b1110);
    shrinkToQuorum(withoutFirst, sets);
    expect(nodeNumbers(withoutFirst)).toEqual([1, 2, 3]);
  });

  test("in a cycle of three the only quorum is everybody, and each is blocked by the next", () => {
    const sets = [2, 3, 1].map((next) => quorumSet(1, [next]));
    for (const [i, set] of sets.entries()) {
      expect(isBlockingFor(set, [((i + 1) % 3) + 1])).toBe(true);
      expect(isBlockingFor(set, [((i + 2) % 3) + 1])).toBe(false);
    }
    const byNumber = new Map([1, 2, 3].map((i) => [nodeKey(nodeAt(i)), i - 1]));
    const compiled = sets.map((set) => compileQuorumSet(set, byNumber));
    for (let nodes = 0; nodes < 8; nodes++) {
      const set = Uint32Array.of(nodes);
      shrinkToQuorum(set, compiled);
      expect(set[0]).toBe(nodes === 7 ? 7 : 0);
    }
  });

  test("the set of the single node is satisfied by nothing and blocked by nobody", () => {
    const single = quorumSet(0, []);
    expect(isSliceOf(single, [])).toBe(true);
    expect(isBlockingFor(single, [1, 2, 3])).toBe(false);
  });
});

describe("compiled quorum sets", () => {
  test("are satisfied and blocked as the trees they came from", () => {
    fc.assert(
      fc.property(quorumSets, subsets, (set, nodes) => {
        expect(isSliceOf(set, nodes)).toBe(slice(set, keysOf(nodes)));
        expect(isBlockingFor(set, nodes)).toBe(blocking(set, keysOf(nodes)));
      }),
    );
  });

  test("are blocked exactly by what leaves no slice", () => {
    fc.assert(
      fc.property(quorumSets, subsets, (set, nodes) => {
        const others = nodesOf(set).filter((each) => !keysOf(nodes).has(nodeKey(each)));
        expect(isBlockingFor(set, nodes)).toBe(!slice(set, new Set(others.map(nodeKey))));
      }),
    );
  });

  test("shrink to the largest quorum, as plain sets do", () => {
    fc.assert(
      fc.property(fc.array(quorumSets, { minLength: 1, maxLength: 8 }), (sets) => {
        const nodes = sets.map((_, i) => i + 1);
        const byNumber = new Map(nodes.map((i) => [nodeKey(nodeAt(i)), i - 1]));
        const quorum = fullNodeSet(sets.length);
        shrinkToQuorum(
          quorum,
          sets.map((set) => compileQuorumSet(set, byNumber)),
        );
        const expected = largestQuorum(keysOf(nodes), (key) => sets[byNumber.get(key) ?? -1]);
        expect(nodeNumbers(quorum).map((i) => nodeKey(nodeAt(i + 1)))).toEqual([...expected].sort());
        expect(countNodes(quorum)).toBe(expected.size);
      }),
    );
  });

  test("see a node that was first heard after them", () => {
    const view = new QuorumView(nodeKey(nodeAt(1)), quorumSet(1, [2]));
    view.learn(nodeKey(nodeAt(2)), quorumSet(1, [1]));
    expect(view.size).toBe(2);
    expect(view.hasQuorum(Uint32Array.of(0b11))).toBe(true);
    expect(view.hasQuorum(Uint32Array.of(0b10))).toBe(false);
  });

  test("follow a node that changes its quorum set", () => {
    const view = new QuorumView(nodeKey(nodeAt(1)), quorumSet(1, [2]));
    view.learn(nodeKey(nodeAt(2)), quorumSet(1, [3]));
    expect(view.hasQuorum(Uint32Array.of(0b11))).toBe(false);
    view.learn(nodeKey(nodeAt(2)), quorumSet(1, [1]));
    expect(view.hasQuorum(Uint32Array.of(0b11))).toBe(true);
  });

  test("never count the node itself among those who block it", () => {
    const view = new QuorumView(nodeKey(nodeAt(1)), quorumSet(2, [2, 3]));
    view.learn(nodeKey(nodeAt(2)), quorumSet(2, [1, 3]));
    expect(view.isBlocking(Uint32Array.of(0b01))).toBe(false);
    expect(view.isBlocking(Uint32Array.of(0b10))).toBe(true);
  });
});

describe("checkQuorumSet", () => {
  const nest = (depth: number): QuorumSet => (depth === 1 ? quorumSet(1, [2]) : quorumSet(1, [nest(depth - 1)]));
  const many = (count: number): QuorumSet => ({
    threshold: 1,
    members: Array.from({ length: count }, (_, i) => ({
      kind: "node",
      node: {
        ...nodeAt(0),
        publicKey: bytes(
          Uint8Array.from({ length: 32 }, (_, j) => (j === 0 ? i & 255 : j === 1 ? i >> 8 : 99)),
          32,
          "A key",
        ),
      },
    })),
  });

  test.each([
    ["the single node", quorumSet(0, []), undefined],
    ["one of one", quorumSet(1, [2]), undefined],
    ["no threshold", quorumSet(0, [2]), "threshold-zero"],
    ["an inner set without a threshold", quorumSet(1, [quorumSet(0, [])]), "threshold-zero"],
    ["more than there are", quorumSet(2, [2]), "threshold-too-high"],
    ["an inner set of more than there are", quorumSet(1, [2, quorumSet(3, [3, 4])]), "threshold-too-high"],
    ["half a node", quorumSet(1.5, [2, 3]), "threshold-too-high"],
    ["less than nothing", quorumSet(-1, [2, 3]), "threshold-too-high"],
    ["four levels", nest(4), undefined],
    ["five levels", nest(5), "nested-too-deep"],
    ["1 000 nodes", many(1_000), undefined],
    ["1 001 nodes", many(1_001), "too-many-nodes"],
    ["a node twice", quorumSet(1, [2, 2]), "duplicate-node"],
    ["a node twice, once inside", quorumSet(1, [2, quorumSet(1, [3, 2])]), "duplicate-node"],
    ["the owner", quorumSet(1, [1, 2]), "owner-listed"],
  ] as const)("judges %s", (_, set, fault) => {
    expect(checkQuorumSet(set, nodeKey(nodeAt(1)))).toBe(fault);
  });

  test("warns of levels that fewer can decide than can stop", () => {
    expect(lintQuorumSet(quorumSet(3, [2, 3, 4, 5]))).toEqual([]);
    expect(lintQuorumSet(quorumSet(0, []))).toEqual([]);
    expect(lintQuorumSet(quorumSet(2, [2, 3, quorumSet(1, [4, 5])]))).toEqual([
      { code: "threshold-below-majority", path: [2], threshold: 1, members: 2 },
    ]);
    expect(lintQuorumSet(quorumSet(1, [2, 3, 4]))).toHaveLength(1);
  });

  test("a set has one canonical text in any order of members, and another with any other threshold", () => {
    const set = quorumSet(2, [2, 3, quorumSet(1, [4, 5])]);
    expect(canonicalQuorumSet(quorumSet(2, [quorumSet(1, [5, 4]), 3, 2]))).toBe(canonicalQuorumSet(set));
    expect(canonicalQuorumSet(quorumSet(1, [2, 3, quorumSet(1, [4, 5])]))).not.toBe(canonicalQuorumSet(set));
    expect(canonicalQuorumSet(set)).not.toBe(canonicalQuorumSet(quorumSet(2, [2, 3, 4, 5])));
  });

  test("sets are identical to the letter only", () => {
    const of = () => quorumSet(2, [2, 3, quorumSet(1, [4, 5])]);
    const renamed = (set: QuorumSet): QuorumSet => ({
      ...set,
      members: set.members.map((each) =>
        each.kind === "node" ? { kind: "node", node: { ...each.node, responderId: "other:1" } } : each,
      ),
    });
    expect(isIdenticalQuorumSet(of(), of())).toBe(true);
    for (const other of [
      quorumSet(2, [quorumSet(1, [4, 5]), 2, 3]),
      quorumSet(2, [2, 3, quorumSet(1, [5, 4])]),
      quorumSet(2, [2, 3, quorumSet(2, [4, 5])]),
      quorumSet(1, [2, 3, quorumSet(1, [4, 5])]),
      quorumSet(2, [2, 3, 4]),
      quorumSet(2, [2, 3]),
      renamed(of()),
    ]) {
      expect(isIdenticalQuorumSet(of(), other)).toBe(false);
      expect(isIdenticalQuorumSet(other, of())).toBe(false);
    }
  });
});
