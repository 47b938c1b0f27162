// The check of a whole network (spec 05 §1.10, Q1 and Q2), against the definition and for networks of known properties.

import { slice } from "@fogbow/core-scp-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkIntersection, nodeKey, survivesSilence } from "../src/index.ts";
import { nodeAt, quorumSet } from "./fixtures.ts";
import {
  ASYMMETRIC,
  cycle,
  FIGURE_2,
  hierarchy,
  mesh,
  networkOf,
  organisations,
  type Topology,
} from "./simulation/topologies.ts";

/** Whether two quorums share no node but faulty ones, by trying all sets of nodes. */
function hasDisjointQuorums(topology: Topology, faulty: readonly number[]): boolean | "no-quorum" {
  const correct = topology.quorumSets.map((_, i) => i + 1).filter((each) => !faulty.includes(each));
  const quorums: number[] = [];
  for (let bits = 1; bits < 2 ** correct.length; bits++) {
    const nodes = correct.filter((_, i) => (bits >> i) & 1);
    const helped = new Set([...nodes, ...faulty].map((each) => nodeKey(nodeAt(each))));
    const isQuorum = nodes.every((each) => {
      const set = topology.quorumSets[each - 1];
      return set !== undefined && slice(set, helped);
    });
    if (isQuorum) quorums.push(bits);
  }
  if (quorums.length === 0) return "no-quorum";
  return quorums.some((a) => quorums.some((b) => (a & b) === 0));
}

const kindOf = (topology: Topology, faulty: readonly number[] = []): string =>
  checkIntersection(networkOf(topology), { faulty: faulty.map(nodeAt) }).kind;

/** Networks of up to eight nodes with whatever quorum sets. */
const networks: fc.Arbitrary<Topology> = fc
  .array(fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), { minLength: 1, maxLength: 8 })
  .map((rows) => {
    const quorumSets = rows.map((choices, self) => {
      const others = rows.map((_, i) => i + 1).filter((each) => each !== self + 1 && (choices[each] ?? 0) % 4 !== 0);
      const cut = (choices[9] ?? 0) % (others.length + 1);
      const inner = others.slice(0, cut);
      const rest = others.slice(cut);
      const members = inner.length > 1 ? [...rest, quorumSet(1 + ((choices[10] ?? 0) % inner.length), inner)] : others;
      return members.length === 0 ? quorumSet(0, []) : quorumSet(1 + ((choices[11] ?? 0) % members.length), members);
    });
    return { name: "drawn", quorumSets, faultGroups: [] };
  });

/** Meshes in which some nodes have another quorum set: most of their nodes can change places, and some cannot. */
const nearMeshes: fc.Arbitrary<Topology> = fc
  .tuple(fc.integer({ min: 3, max: 8 }), fc.nat(), networks)
  .map(([n, k, { quorumSets }]) => {
    const base = mesh(n, 1 + (k % (n - 1)), 0);
    const changed = base.quorumSets.map((set, i) => {
      const other = i % 3 === 0 ? quorumSets[i] : undefined;
      return other === undefined || other.threshold === 0 ? set : other;
    });
    return { ...base, quorumSets: changed };
  });

const named = <T extends { topology: Topology }>(cases: readonly T[]): (T & { name: string })[] =>
  cases.map((each) => ({ ...each, name: each.topology.name }));

describe("checkIntersection", () => {
  test("says what trying all sets of nodes says", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(fc.oneof(networks, nearMeshes), fc.subarray([1, 2, 3], { maxLength: 2 }), (topology, chosen) => {
        const faulty = chosen.filter((each) => each <= topology.quorumSets.length);
        const expected = hasDisjointQuorums(topology, faulty);
        const kind = kindOf(topology, faulty);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        expect(kind).toBe(expected === "no-quorum" ? expected : expected ? "disjoint" : "intersects");
      }),
      { numRuns: 1_000 },
    );
    expect([...kinds.keys()].sort()).toEqual(["disjoint", "intersects", "no-quorum"]);
  });

  test("does not take nodes together that only look alike from where they stand", () => {
    // Nodes 4 and 5 listen to the same others; node 1 asks for 5, and node 2 for either.
    const quorumSets = [
      [2, [3, 5]],
      [1, [3, 4, 5]],
      [1, [5]],
      [1, [1, 2]],
      [1, [1, 2]],
    ] as const;
    const topology: Topology = {
      name: "look-alikes",
      quorumSets: quorumSets.map(([threshold, members]) => quorumSet(threshold, members)),
      faultGroups: [],
    };
    expect(hasDisjointQuorums(topology, [])).toBe(true);
    expect(kindOf(topology)).toBe("disjoint");
  });

  test("names two quorums without a common node", () => {
    const topology = mesh(6, 2, 0);
    const result = checkIntersection(networkOf(topology));
    if (result.kind !== "disjoint") throw new Error("Two of five others is too few.");
    const [first, second] = result.quorums.map((nodes) => new Set(nodes.map(nodeKey)));
    expect([...(first ?? [])].filter((each) => second?.has(each))).toEqual([]);
    for (const quorum of [first, second]) {
      for (const [i, set] of topology.quorumSets.entries()) {
        if (quorum?.has(nodeKey(nodeAt(i + 1)))) expect(slice(set, quorum)).toBe(true);
      }
      expect(quorum?.size).toBeGreaterThan(0);
    }
  });

  test.each(
    named([
      { topology: mesh(1, 0, 0), kind: "intersects" },
      { topology: mesh(4, 2, 0), kind: "intersects" },
      { topology: mesh(4, 1, 0), kind: "disjoint" },
      { topology: mesh(5, 3, 0), kind: "intersects" },
      { topology: cycle(6), kind: "intersects" },
      { topology: FIGURE_2, kind: "intersects" },
      { topology: ASYMMETRIC, kind: "intersects" },
      { topology: hierarchy(3), kind: "intersects" },
      { topology: organisations(3, 2, 3, 1, 0), kind: "disjoint" }, // metamesh_3k2_3k1, which forked in simulation.
      { topology: organisations(3, 2, 3, 2, 0), kind: "intersects" },
      { topology: organisations(3, 2, 4, 3, 0), kind: "intersects" },
      { topology: organisations(3, 2, 5, 4, 0), kind: "intersects" },
      { topology: organisations(5, 4, 5, 4, 0), kind: "intersects" }, // 25 nodes
      { topology: mesh(25, 16, 0), kind: "intersects" },
      { topology: mesh(25, 12, 0), kind: "intersects" },
      { topology: mesh(25, 11, 0), kind: "disjoint" },
    ] as const),
  )("knows whether $name is safe", ({ topology, kind }) => {
    expect(kindOf(topology)).toBe(kind);
  });

  test.each([
    mesh(4, 2, 1),
    mesh(7, 4, 2),
    mesh(10, 6, 3),
    mesh(25, 16, 8),
    hierarchy(2),
    organisations(3, 2, 4, 3, 3),
  ])("$name bears its faulty nodes, lying or silent", (topology) => {
    for (const group of topology.faultGroups) {
      expect(kindOf(topology, group)).toBe("intersects");
      expect(survivesSilence(networkOf(topology), group.map(nodeAt))).toBe(true);
    }
  });

  test("one liar more splits a mesh of 3f + 1", () => {
    expect(kindOf(mesh(4, 2, 0), [1])).toBe("intersects");
    expect(kindOf(mesh(4, 2, 0), [1, 2])).toBe("disjoint");
    expect(kindOf(mesh(7, 4, 0), [1, 2, 3])).toBe("disjoint");
  });

  test("says that it does not know when the bound is reached", () => {
    const network = networkOf(mesh(25, 12, 0));
    expect(checkIntersection(network, { branchesMax: 5 })).toEqual({ kind: "unknown", branches: 5 });
  });

  test("a network of nobody has no quorum, and a node counts once", () => {
    expect(checkIntersection([]).kind).toBe("no-quorum");
    const [first] = networkOf(mesh(2, 1, 0));
    if (first === undefined) throw new Error("A mesh has nodes.");
    expect(() => checkIntersection([first, first])).toThrow(expect.objectContaining({ code: "duplicate-node" }));
    const crowd = Array.from({ length: 1_001 }, () => first);
    expect(() => checkIntersection(crowd)).toThrow(expect.objectContaining({ code: "too-many-nodes" }));
  });
});

describe("survivesSilence", () => {
  test("a mesh goes on without as many as it does not wait for, and no further", () => {
    const network = networkOf(mesh(5, 3, 0));
    expect(survivesSilence(network, [nodeAt(1)])).toBe(true);
    expect(survivesSilence(network, [nodeAt(1), nodeAt(2)])).toBe(false);
    expect(survivesSilence(networkOf(cycle(3)), [nodeAt(1)])).toBe(false);
  });

  test("nobody is no network", () => {
    expect(survivesSilence(networkOf(mesh(1, 0, 0)), [nodeAt(1)])).toBe(false);
  });
});
