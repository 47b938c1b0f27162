// Networks for one machine: who calls whom, and who listens to whom (spec 05 §4.5).
import { CommandError } from "../error.ts";
import { NODES_MAX } from "./limits.ts";

/** A quorum set whose members are numbers of nodes. */
export interface NumberedSet {
  readonly threshold: number;
  readonly members: readonly (number | NumberedSet)[];
}

/** A node of a topology. */
export interface TopologyNode {
  /** Whom it is connected with; its own quorum set is among them. */
  readonly peers: readonly { readonly node: number; readonly broadcast: boolean }[];
  readonly quorumSet: NumberedSet;
}

/** What the help says. */
export const TOPOLOGIES = "dense5, ring5, orgs3x3 (and other numbers), ring5b, a-b-c";

/** The nodes of a topology, by its name; `nodes` replaces the number in it. Throws `invalid-argument`. */
export function topology(name: string, nodes?: number): readonly TopologyNode[] {
  const [, kind = "", first = "", last = ""] = /^(dense|ring|orgs)([0-9]{1,3})(b|x[0-9]{1,3})?$/.exec(name) ?? [];
  const count = nodes ?? Number(first);
  const made =
    name === "a-b-c" && nodes === undefined
      ? line()
      : kind === "dense" && last === ""
        ? dense(bounded(count, 1))
        : kind === "ring" && !last.startsWith("x")
          ? ring(bounded(count, 3), last === "b")
          : kind === "orgs" && last.startsWith("x") && nodes === undefined
            ? organisations(bounded(Number(first), 2), bounded(Number(last.slice(1)), 1))
            : undefined;
  if (made === undefined) {
    throw new CommandError("invalid-argument", `A topology is one of ${TOPOLOGIES}; --nodes goes with dense and ring.`);
  }
  bounded(made.length, 1);
  return made;
}

/** All connected; slices of more than two thirds, so that one of four, two of seven … may fail. Three: any two agree. */
function dense(count: number): TopologyNode[] {
  const mayFail = Math.floor((count - 1) / 3);
  const threshold = count === 3 ? 1 : count - 1 - mayFail;
  return numbers(count).map((node) => {
    const others = numbers(count).filter((each) => each !== node);
    return { peers: connected(others), quorumSet: { threshold, members: others } };
  });
}

/** Each needs the next; connected both ways, or with consensus messages sent forward only. */
function ring(count: number, forwardOnly: boolean): TopologyNode[] {
  return numbers(count).map((node) => {
    const next = (node + 1) % count;
    const previous = (node + count - 1) % count;
    const peers = [
      { node: next, broadcast: true },
      { node: previous, broadcast: !forwardOnly },
    ];
    return { peers, quorumSet: { threshold: 1, members: [next] } };
  });
}

/** Three in a line, who all need each other. */
function line(): TopologyNode[] {
  const all = (others: readonly number[]): NumberedSet => ({ threshold: 2, members: others });
  return [
    { peers: connected([1]), quorumSet: all([1, 2]) },
    { peers: connected([0, 2]), quorumSet: all([0, 2]) },
    { peers: connected([1]), quorumSet: all([0, 1]) },
  ];
}

/** Most of the organisations, and most of the nodes of each; of its own organisation a node needs most beside itself. */
function organisations(groups: number, size: number): TopologyNode[] {
  const group = (number: number): number[] => numbers(size).map((i) => number * size + i);
  return numbers(groups * size).map((node) => {
    const members = numbers(groups)
      .map((number) => group(number).filter((each) => each !== node))
      .filter((each) => each.length > 0)
      .map((each): number | NumberedSet =>
        each.length === 1 ? (each[0] as number) : { threshold: majority(each.length), members: each },
      );
    const others = numbers(groups * size).filter((each) => each !== node);
    return { peers: connected(others), quorumSet: { threshold: majority(members.length), members } };
  });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const majority = (count: number): number => Math.floor(count / 2) + 1;

const connected = (nodes: readonly number[]): TopologyNode["peers"] => nodes.map((node) => ({ node, broadcast: true }));

function bounded(count: number, least: number): number {
  if (Number.isInteger(count) && count >= least && count <= NODES_MAX) return count;
  throw new CommandError("invalid-argument", `Such a network has from ${least} to ${NODES_MAX} nodes.`);
}
