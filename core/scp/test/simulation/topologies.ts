// Networks to simulate, and which of their nodes may lie. Nodes are numbered from 1.
import type { QuorumSet } from "@fogbow/core-block";
import type { NetworkNode } from "../../src/index.ts";
import { nodeAt, quorumSet } from "../fixtures.ts";

/** A network, and how many or which nodes it bears being faulty. */
export interface Topology {
  readonly name: string;
  readonly quorumSets: readonly QuorumSet[];
  /** Groups of nodes of which one may be faulty at a time: all nodes of the group then may say anything. */
  readonly faultGroups: readonly (readonly number[])[];
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const without = (nodes: readonly number[], self: number): number[] => nodes.filter((each) => each !== self);

/** Every node listens to k of all others. */
export function mesh(n: number, k: number, faulty: number): Topology {
  const nodes = range(n);
  const quorumSets = nodes.map((self) => quorumSet(k, without(nodes, self)));
  const faultGroups = faulty === 0 ? [] : nodes.map((i) => range(faulty).map((offset) => ((i + offset) % n) + 1));
  return { name: `mesh_${n}k${k}f${faulty}`, quorumSets, faultGroups };
}

/** Every node listens to the next one. */
export function cycle(n: number): Topology {
  const quorumSets = range(n).map((self) => quorumSet(1, [(self % n) + 1]));
  return { name: `cyclic_${n}`, quorumSets: n === 1 ? [quorumSet(0, [])] : quorumSets, faultGroups: [] };
}

/** Organisations of `servers` nodes each: k of the organisations, m servers of each; one server of each may lie. */
export function organisations(count: number, k: number, servers: number, m: number, faulty: number): Topology {
  const groups = range(count).map((org) => range(servers).map((i) => (org - 1) * servers + i));
  const quorumSets = groups.flatMap((own, org) =>
    own.map((self) => {
      const ownSet = quorumSet(Math.max(m - 1, 1), without(own, self));
      return quorumSet(
        k,
        groups.map((group, other) => (other === org ? ownSet : quorumSet(m, group))),
      );
    }),
  );
  const faultGroups =
    faulty === 0 ? [] : range(servers).map((i) => groups.slice(0, faulty).map((group) => group[i - 1] ?? 0));
  return { name: `orgs_${count}k${k}_${servers}k${m}f${faulty}`, quorumSets, faultGroups };
}

/** Four nodes at the core, outer ones that listen to two of them: nobody listens to the outer ones. */
export function hierarchy(outer: number): Topology {
  const core = range(4);
  const quorumSets = [
    ...core.map((self) => quorumSet(2, without(core, self))),
    ...range(outer).map((i) =>
      quorumSet(
        3,
        [...core].sort((a, b) => ((a + i) % 4) - ((b + i) % 4)),
      ),
    ),
  ];
  return { name: `hierarchy_${outer}`, quorumSets, faultGroups: core.map((each) => [each]) };
}

/** The network of the paper's second figure: 1 depends on the others, and nobody on 1. */
export const FIGURE_2: Topology = {
  name: "figure_2",
  quorumSets: [quorumSet(2, [2, 3]), quorumSet(2, [3, 4]), quorumSet(2, [2, 4]), quorumSet(2, [2, 3])],
  faultGroups: [],
};

/** Nodes of different opinions: a mesh in which one node asks for more, and one for a nested set. */
export const ASYMMETRIC: Topology = {
  name: "asymmetric",
  quorumSets: [
    quorumSet(3, [2, 3, 4, 5]),
    quorumSet(4, [1, 3, 4, 5]),
    quorumSet(2, [1, quorumSet(2, [2, 4, 5])]),
    quorumSet(3, [1, 2, 3, 5]),
    quorumSet(3, [1, 2, 3, quorumSet(1, [4])]),
  ],
  faultGroups: [],
};

/** The topology as `checkIntersection` takes it. */
export function networkOf({ quorumSets }: Topology): NetworkNode[] {
  return quorumSets.map((set, i) => ({ node: nodeAt(i + 1), quorumSet: set }));
}
