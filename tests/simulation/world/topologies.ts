// Networks to simulate: whom each node listens to, and which nodes may be faulty together. Every one of them is checked to
// be safe and live with those faulty (spec 05 §1.10, Q1 and Q2) before it is used. Nodes are numbered from 1.
import type { NodeId, QuorumSet, QuorumSetMember } from "@fogbow/core-block";
import { checkIntersection, type NetworkNode, survivesSilence } from "@fogbow/core-scp";
import type { SeededRandom } from "../engine/random.ts";
import { identity } from "./identity.ts";

/** A network, and what it bears. */
export interface Topology {
  readonly name: string;
  readonly quorumSets: readonly QuorumSet[];
  /** Groups of nodes of which one may be faulty: then all of its nodes may do anything. */
  readonly faultGroups: readonly (readonly number[])[];
}

/** A quorum set of nodes (numbers) and inner sets. `nodeOf` says by which key a node is known. */
export function quorumSet(
  threshold: number,
  members: readonly (number | QuorumSet)[],
  nodeOf: (index: number) => NodeId = (index) => identity(index).node,
): QuorumSet {
  return {
    threshold,
    members: members.map(
      (member): QuorumSetMember =>
        typeof member === "number" ? { kind: "node", node: nodeOf(member) } : { kind: "inner-set", set: member },
    ),
  };
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const without = (nodes: readonly number[], self: number): number[] => nodes.filter((each) => each !== self);

/** Every node listens to k of all others. */
export function mesh(n: number, k: number, faulty = 0): Topology {
  const nodes = range(n);
  const quorumSets = nodes.map((self) => quorumSet(k, without(nodes, self)));
  const faultGroups = faulty === 0 ? [] : nodes.map((i) => range(faulty).map((offset) => ((i + offset) % n) + 1));
  return { name: `mesh_${n}k${k}f${faulty}`, quorumSets, faultGroups };
}

/** Every node listens to the next one. */
export function ring(n: number): Topology {
  const quorumSets = n === 1 ? [quorumSet(0, [])] : range(n).map((self) => quorumSet(1, [(self % n) + 1]));
  return { name: `ring_${n}`, quorumSets, faultGroups: [] };
}

/** Organisations of `servers` nodes each: k of the organisations, m servers of each; `faulty` organisations have a faulty one. */
export function organisations(count: number, k: number, servers: number, m: number, faulty = 0): Topology {
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
    faulty === 0 ? [] : range(servers).map((i) => groups.slice(0, faulty).map((group) => group[i - 1] as number));
  return { name: `orgs_${count}k${k}_${servers}k${m}f${faulty}`, quorumSets, faultGroups };
}

/** Four nodes at the core, outer ones that listen to three of them; nobody listens to the outer ones. */
export function hierarchy(outer: number): Topology {
  const core = range(4);
  const quorumSets = [
    ...core.map((self) => quorumSet(2, without(core, self))),
    ...range(outer).map(() => quorumSet(3, core)),
  ];
  return { name: `hierarchy_${outer}`, quorumSets, faultGroups: core.map((each) => [each]) };
}

/** Nodes of different opinions: a mesh in which one node asks for more, and two for a nested set. */
export const ASYMMETRIC: Topology = {
  name: "asymmetric_5",
  quorumSets: [
    quorumSet(3, [2, 3, 4, 5]),
    quorumSet(4, [1, 3, 4, 5]),
    quorumSet(2, [1, quorumSet(2, [2, 4, 5])]),
    quorumSet(3, [1, 2, 3, 5]),
    quorumSet(3, [1, 2, 3, quorumSet(1, [4])]),
  ],
  faultGroups: [],
};

/** Seven nodes; some ask for more than others, so that one liar convinces some sooner. */
const LOPSIDED: Topology = {
  name: "lopsided_7",
  quorumSets: range(7).map((self) => quorumSet(self % 3 === 0 ? 5 : 4, without(range(7), self))),
  faultGroups: range(7).map((i) => [i]),
};

/** Three levels: a node, or two of three groups, each of which holds a group. */
const NESTED: Topology = {
  name: "nested_7",
  quorumSets: range(7).map((self) => {
    const others = without(range(7), self);
    const [a, b, c, d, e, f] = others as [number, number, number, number, number, number];
    return quorumSet(4, [a, b, quorumSet(1, [quorumSet(1, [c])]), d, quorumSet(1, [e]), f]);
  }),
  faultGroups: range(7).map((i) => [i]),
};

/** The topology as core/scp's checks take it. */
function networkOf({ quorumSets }: Topology): NetworkNode[] {
  return quorumSets.map((set, i) => ({ node: identity(i + 1).node, quorumSet: set }));
}

/** Throws unless any two quorums share a correct node, and the others can decide without the faulty ones. */
export function assertBears(topology: Topology, faulty: readonly number[]): void {
  const key = `${topology.name} ${faulty}`;
  if (borne.has(key)) return;
  const network = networkOf(topology);
  const nodes: NodeId[] = faulty.map((each) => identity(each).node);
  const { kind } = checkIntersection(network, { faulty: nodes });
  if (kind !== "intersects") throw new RangeError(`${topology.name} without ${faulty}: quorums ${kind}`);
  if (!survivesSilence(network, nodes)) throw new RangeError(`${topology.name} cannot do without ${faulty}`);
  borne.add(key);
}

const borne = new Set<string>();

/** The topologies of a size. Networks that bear no faulty node are among them. */
export function topologiesOf(n: number): readonly Topology[] {
  const found = bySize.get(n);
  if (found === undefined) throw new RangeError(`No topology of ${n} nodes.`);
  return found;
}

/** Sizes of networks (spec 05 §6.5), small ones more often: they show most, and cost least. */
export const SIZES: readonly (readonly [n: number, weight: number])[] = [
  [1, 2],
  [2, 4],
  [3, 10],
  [4, 62],
  [5, 16],
  [7, 5],
  [10, 0.6],
  [13, 0.2],
  [16, 0.1],
  [25, 0.1],
];

const bySize = new Map<number, readonly Topology[]>([
  [1, [ring(1)]],
  [2, [mesh(2, 1), ring(2)]],
  [3, [mesh(3, 1), mesh(3, 2), ring(3)]],
  [4, [...Array.from({ length: 8 }, () => mesh(4, 2, 1)), mesh(4, 3), ring(4)]],
  [5, [mesh(5, 3, 1), mesh(5, 3, 1), hierarchy(1), mesh(5, 4), ring(5), ASYMMETRIC]],
  [7, [mesh(7, 4, 2), mesh(7, 4, 2), LOPSIDED, NESTED, hierarchy(3)]],
  [10, [mesh(10, 6, 3), hierarchy(6)]],
  [13, [mesh(13, 8, 4)]],
  [16, [organisations(4, 3, 4, 3, 4), mesh(16, 10, 5)]],
  [25, [organisations(5, 4, 5, 4, 5), mesh(25, 16, 8)]],
]);

/** Draws a topology and, if it bears one, a group of faulty nodes. */
export function drawTopology(
  random: SeededRandom,
  n: number,
  withFaulty: boolean,
): { readonly topology: Topology; readonly faulty: readonly number[] } {
  const topology = random.pick(topologiesOf(n));
  const faulty = withFaulty && topology.faultGroups.length > 0 ? random.pick(topology.faultGroups) : [];
  return { topology, faulty };
}
