// What is to be known of a network's quorum sets before it runs (spec 05 §1.1, §1.10 Q1 and Q2): which are weak, whether any
// two quorums share a node, how many nodes may lie before they do not, and how many may be silent before it stops.
import type { NodeId } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import {
  checkIntersection,
  lintQuorumSet,
  type NetworkNode,
  nodeKey,
  nodesOf,
  survivesSilence,
} from "@fogbow/core-scp";
import { BRANCHES_MAX, GROUPS_MAX } from "./limits.ts";

/** A node as its configuration says. */
export interface ConfiguredNode extends NetworkNode {
  /** What was read. */
  readonly file: string;
  /** Undefined where the file does not say. */
  readonly retention: string | undefined;
}

/** Something that is wrong, or unwise. */
export interface QuorumRemark {
  readonly code:
    | "quorums-disjoint" // Two groups can decide differently although nobody lies.
    | "no-quorum" // Not even all nodes together can decide anything.
    | "node-without-quorum" // This node never decides anything.
    | "key-mismatch" // Two files name different keys for one node.
    | "duplicate-node" // Two configurations are of one node.
    | "intersection-unknown" // The search took too long.
    | "threshold-below-majority" // A level of a quorum set asks fewer than could stop it.
    | "unknown-node" // A node is listed whose configuration was not given.
    | "no-archive-node"; // Nobody keeps the blocks.
  readonly message: string;
}

/** How many nodes may fail in one way. */
export interface Tolerance {
  /** Any so many at once. Undefined when not even none. */
  readonly nodes: number | undefined;
  /** Whether one more was found to be too many, or the search ended. */
  readonly isExact: boolean;
  /** Nodes whose failure together is too much. */
  readonly breaking: readonly string[] | undefined;
}

/** What was found out. */
export interface QuorumFacts {
  readonly nodes: readonly { readonly responderId: string; readonly file: string; readonly quorumSet: string }[];
  /** Two groups that could decide differently when those of `liars` that are breaking lie; absent when none was found. */
  readonly disjoint: readonly (readonly string[])[] | undefined;
  readonly liars: Tolerance | undefined;
  readonly silent: Tolerance | undefined;
  /** With these the network must not run. */
  readonly problems: readonly QuorumRemark[];
  readonly warnings: readonly QuorumRemark[];
}

/** Examines the configurations of a network. With fewer than two there is nothing to compare. */
export function examineQuorums(configured: readonly ConfiguredNode[]): QuorumFacts {
  const problems: QuorumRemark[] = [...duplicates(configured), ...mismatches(configured)];
  const warnings = [...configured.flatMap(weaknesses), ...unknownNodes(configured), ...archiveWarnings(configured)];
  const nodes = configured.map(({ node, file, quorumSet }) => ({
    responderId: node.responderId,
    file,
    quorumSet: quorumText(quorumSet),
  }));
  const facts = { nodes, disjoint: undefined, liars: undefined, silent: undefined, problems, warnings };
  if (configured.length < 2 || problems.length > 0) return facts;

  const { liars, disjoint } = toleratedLiars(configured, problems, warnings);
  const silent = tolerated(configured, (failed) => (survivesSilence(configured, failed) ? "holds" : "breaks"));
  if (silent.nodes === undefined && problems.length === 0) {
    for (const { node } of configured.filter((each) => !isInQuorum(each, configured))) {
      problems.push({ code: "node-without-quorum", message: `${node.responderId} never decides anything.` });
    }
  }
  return { ...facts, disjoint, liars, silent };
}

/** A quorum set in words: `3 of (a:1, b:1, 2 of (c:1, d:1))`. */
function quorumText({ threshold, members }: NetworkNode["quorumSet"]): string {
  const texts = members.map((each) => (each.kind === "node" ? each.node.responderId : quorumText(each.set)));
  return `${threshold} of (${texts.join(", ")})`;
}

type Verdict = "holds" | "breaks" | "unknown";

function toleratedLiars(
  configured: readonly ConfiguredNode[],
  problems: QuorumRemark[],
  warnings: QuorumRemark[],
): Pick<QuorumFacts, "liars" | "disjoint"> {
  let disjoint: QuorumFacts["disjoint"];
  const liars = tolerated(configured, (faulty) => {
    const found = checkIntersection(configured, { faulty, branchesMax: BRANCHES_MAX });
    switch (found.kind) {
      case "intersects":
        return "holds";
      case "disjoint":
        disjoint = found.quorums.map((quorum) => quorum.map(({ responderId }) => responderId));
        if (faulty.length === 0) {
          const [a = [], b = []] = disjoint;
          const message = `${a.join(", ")} could decide one thing, and ${b.join(", ")} another.`;
          problems.push({ code: "quorums-disjoint", message });
        }
        return "breaks";
      case "no-quorum":
        if (faulty.length === 0) {
          problems.push({ code: "no-quorum", message: "All nodes together cannot decide anything." });
        }
        return faulty.length === 0 ? "breaks" : "holds"; // Without a quorum nobody decides differently.
      case "unknown":
        if (faulty.length === 0) {
          const message = `Whether all quorums intersect was not decided in ${found.branches} steps.`;
          warnings.push({ code: "intersection-unknown", message });
        }
        return "unknown";
      default:
        return found satisfies never;
    }
  });
  return { liars, disjoint };
}

/** The largest number such that any so many nodes may fail; sizes are tried in order until one group is too much. */
function tolerated(configured: readonly ConfiguredNode[], judge: (failed: readonly NodeId[]) => Verdict): Tolerance {
  const nodes = configured.map(({ node }) => node);
  let groups = 0;
  for (let size = 0; size < nodes.length; size++) {
    for (const failed of subsets(nodes, size)) {
      const verdict = ++groups > GROUPS_MAX ? "unknown" : judge(failed);
      if (verdict === "holds") continue;
      const held = size === 0 ? undefined : size - 1;
      const breaking = verdict === "breaks" ? failed.map(({ responderId }) => responderId) : undefined;
      return { nodes: held, isExact: verdict === "breaks", breaking };
    }
  }
  return { nodes: nodes.length - 1, isExact: true, breaking: undefined };
}

/** All groups of a size, in order. */
function* subsets<Item>(items: readonly Item[], size: number, from = 0): Generator<readonly Item[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= items.length - size; i++) {
    for (const rest of subsets(items, size - 1, i + 1)) yield [items[i] as Item, ...rest]; // i is below the length.
  }
}

/** Whether a node can decide when all others are there: removing nodes that cannot must not remove it. */
function isInQuorum(each: ConfiguredNode, configured: readonly ConfiguredNode[]): boolean {
  let left = configured;
  for (;;) {
    const dead = left.filter((node) => !survivesSilence([node, ...helpers(node, left)], []));
    if (dead.length === 0) return left.includes(each);
    left = left.filter((node) => !dead.includes(node));
  }
}

/** The others as nodes that agree with everything: they only count as members. */
function helpers(of: ConfiguredNode, among: readonly ConfiguredNode[]): readonly NetworkNode[] {
  const agreeing = { threshold: 0, members: [] };
  return among.filter((each) => each !== of).map(({ node }) => ({ node, quorumSet: agreeing }));
}

function weaknesses({ node, quorumSet }: ConfiguredNode): QuorumRemark[] {
  return lintQuorumSet(quorumSet).map(({ path, threshold, members }) => {
    const where = path.length === 0 ? "" : `, in its member ${path.map((i) => i + 1).join(".")}`;
    const message = `${node.responderId}: ${threshold} of ${members} is below a majority${where}.`;
    return { code: "threshold-below-majority", message };
  });
}

function unknownNodes(configured: readonly ConfiguredNode[]): QuorumRemark[] {
  if (configured.length < 2) return [];
  const known = new Set(configured.map(({ node }) => nodeKey(node)));
  const unknown = new Map(
    configured
      .flatMap(({ quorumSet }) => nodesOf(quorumSet))
      .filter((node) => !known.has(nodeKey(node)))
      .map((node) => [nodeKey(node), node.responderId]),
  );
  return [...unknown.values()].map((responderId) => ({
    code: "unknown-node",
    message: `${responderId} is listed and its configuration was not given: it counts as silent.`,
  }));
}

function archiveWarnings(configured: readonly ConfiguredNode[]): QuorumRemark[] {
  const isKnown = configured.every(({ retention }) => retention !== undefined);
  if (!isKnown || configured.some(({ retention }) => retention === "archive")) return [];
  const message =
    "No node keeps the blocks (retention archive): Fog, and wallets that read blocks, need one that does.";
  return [{ code: "no-archive-node", message }];
}

function duplicates(configured: readonly ConfiguredNode[]): QuorumRemark[] {
  return configured.flatMap(({ node, file }, i) => {
    const first = configured.findIndex((each) => nodeKey(each.node) === nodeKey(node));
    if (first === i) return [];
    const other = configured[first]?.file ?? "";
    return [{ code: "duplicate-node", message: `${file} and ${other} are of one node, ${toHex(node.publicKey)}.` }];
  });
}

function mismatches(configured: readonly ConfiguredNode[]): QuorumRemark[] {
  const keys = new Map(configured.map(({ node }) => [node.responderId, nodeKey(node)]));
  return configured.flatMap(({ quorumSet, file }) =>
    nodesOf(quorumSet).flatMap((node) => {
      const right = keys.get(node.responderId);
      if (right === undefined || right === nodeKey(node)) return [];
      const message = `${file} has the key ${nodeKey(node)} for ${node.responderId}, whose own is ${right}.`;
      return [{ code: "key-mismatch" as const, message }];
    }),
  );
}
