// Which blocks are the network's, from what its nodes say (spec 05 §3.2, steps 1 and 2). Archives have no say in this.
import { type Block, encodeBlock, hasValidId, type NodeId, type QuorumSet } from "@fogbow/core-block";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { nodeKey } from "@fogbow/core-scp";
import { isConvincing } from "../replica/quorum.ts";

/** What one node says the blocks after ours are. */
export interface PeerHeaders {
  readonly node: NodeId;
  /** From the block after our last on, ascending; empty when the node has none. */
  readonly headers: readonly Block[];
}

/** What to believe. */
export type SafeBlocks =
  | { readonly kind: "safe"; readonly headers: readonly Block[] } // In order; none when the nodes do not agree on any.
  | Fork;

/**
 * Enough nodes to convince us have another block than our last one: we followed the wrong ones, or they did. Somebody must
 * look into it; nothing is appended. Two blocks that would both convince cannot come in one set of answers: a set that blocks
 * us shares a node with each of our slices, and a node gives one answer.
 */
export interface Fork {
  readonly kind: "fork";
  readonly height: bigint;
  readonly branches: readonly ForkBranch[];
}

/** A block, and who has it: ours has nobody beside it, theirs is the one after the height, which names its parent. */
export interface ForkBranch {
  readonly block: Block;
  readonly nodes: readonly NodeId[];
}

/**
 * The blocks after `tip`, our last, up to the highest one whose nodes are both blocking for us and, with us, a slice. An
 * answer counts only as a whole: every header follows from the one before, the first from our tip, and every id from its
 * header. Pure: the same answers, in any order, give the same blocks.
 */
export function chooseSafeBlocks(quorumSet: QuorumSet, tip: Block, answers: readonly PeerHeaders[]): SafeBlocks {
  const heldTogether = new HeldTogether();
  const sound = distinct(answers).filter(({ headers }) => heldTogether.isChain(headers, tip.index + 1n));
  const ours = sound.filter(({ headers }) => headers.every((first, i) => i > 0 || equalBytes(first.parentId, tip.id)));
  const others = sound.filter((answer) => !ours.includes(answer));
  const fork = forkAtTip(quorumSet, tip, others);
  if (fork !== undefined) {
    return fork;
  }
  const length = Math.max(0, ...ours.map(({ headers }) => headers.length));
  for (let i = length - 1; i >= 0; i--) {
    const [answer] = [...branchesAt(ours, i).values()].find((nodes) => isGroup(quorumSet, nodes)) ?? [];
    if (answer !== undefined) {
      return { kind: "safe", headers: answer.headers.slice(0, i + 1) };
    }
  }
  return { kind: "safe", headers: [] };
}

/** Text that says who has what, for the log and for people: one line of JSON. */
export function forkEvidence({ height, branches }: Fork): string {
  return JSON.stringify({
    height: height.toString(),
    branches: branches.map(({ block, nodes }) => ({
      id: toHex(block.id),
      header: toHex(encodeBlock(block)),
      nodes: nodes.map(({ responderId }) => responderId),
    })),
  });
}

type Group = [PeerHeaders, ...PeerHeaders[]];

/** Who has which block at a place, by its id. */
function branchesAt(answers: readonly PeerHeaders[], i: number): Map<string, Group> {
  const branches = new Map<string, Group>();
  for (const answer of answers) {
    const block = answer.headers[i];
    if (block === undefined) continue;
    const id = toHex(block.id);
    const group = branches.get(id);
    if (group === undefined) branches.set(id, [answer]);
    else group.push(answer);
  }
  return branches;
}

function isGroup(quorumSet: QuorumSet, answers: readonly PeerHeaders[]): boolean {
  const keys = new Set(answers.map(({ node }) => nodeKey(node)));
  return isConvincing(quorumSet, (node) => keys.has(nodeKey(node)));
}

/** Whether a group that we would have to believe has another block than ours at the height of our tip. */
function forkAtTip(quorumSet: QuorumSet, tip: Block, others: readonly PeerHeaders[]): Fork | undefined {
  const byParent = new Map<string, Group>();
  for (const answer of others) {
    const parent = toHex(answer.headers[0]?.parentId ?? new Uint8Array());
    const group = byParent.get(parent);
    if (group === undefined) byParent.set(parent, [answer]);
    else group.push(answer);
  }
  const fork = [...byParent.values()].find((group) => isGroup(quorumSet, group));
  const block = fork?.[0].headers[0];
  if (fork === undefined || block === undefined) return undefined;
  const theirs = { block, nodes: fork.map(({ node }) => node) };
  return { kind: "fork", height: tip.index, branches: [{ block: tip, nodes: [] }, theirs] };
}

/** One answer for each key: two responder ids with one key are one node (spec 05, trap 28). */
function distinct(answers: readonly PeerHeaders[]): PeerHeaders[] {
  const sorted = [...answers].sort((a, b) => (a.node.responderId < b.node.responderId ? -1 : 1));
  const byKey = new Map<string, PeerHeaders>();
  for (const answer of sorted) {
    const key = nodeKey(answer.node);
    if (!byKey.has(key)) byKey.set(key, answer);
  }
  return [...byKey.values()];
}

/** Recomputes each id once, however many nodes sent the same header. */
class HeldTogether {
  readonly #valid = new Map<string, Uint8Array>();

  /** Whether headers start at an index, follow from each other, and have the ids that they should. */
  isChain(headers: readonly Block[], first: bigint): boolean {
    return headers.every((block, i) => {
      const parent = headers[i - 1];
      const follows = parent === undefined || equalBytes(block.parentId, parent.id);
      return block.index === first + BigInt(i) && follows && this.#isValid(block);
    });
  }

  #isValid(block: Block): boolean {
    const id = toHex(block.id);
    const encoded = encodeBlock(block);
    const known = this.#valid.get(id);
    if (known !== undefined && equalBytes(known, encoded)) return true;
    const isValid = hasValidId(block);
    if (isValid) this.#valid.set(id, encoded);
    return isValid;
  }
}
