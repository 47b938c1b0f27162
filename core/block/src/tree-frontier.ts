// The right edge of the Merkle tree of outputs: enough to grow the tree and to know its root, in memory that grows with
// the logarithm of the ledger. It reads no store, so it can tell whether a store is right.
import { type LeafRange, leafHash, nilHash, nodeHash, type TxOutMembershipElement } from "@fogbow/core-transaction";
import { readBytes } from "@fogbow/core-wire";
import { BlockError } from "./error.ts";
import { treeWidth } from "./merkle-tree.ts";

const NO_HASH = new Uint8Array();

/** A subtree whose leaves are all filled. */
interface FullSubtree {
  readonly range: LeafRange;
  readonly hash: Uint8Array;
}

/** A growing tree of outputs that remembers only its largest full subtrees. */
export class TreeFrontier {
  /** From left to right, so from large to small; one for each one bit of the size. */
  readonly #subtrees: FullSubtree[] = [];
  #size = 0n;

  /** How many outputs the tree has. */
  get size(): bigint {
    return this.#size;
  }

  /** The frontier of a tree of so many outputs, whose largest full subtrees have these hashes. Throws `malformed-summary`. */
  static from(size: bigint, hashes: readonly Uint8Array[]): TreeFrontier {
    const frontier = new TreeFrontier();
    const widths = [...size.toString(2)].map((bit, i, { length }) => (bit === "1" ? 1n << BigInt(length - 1 - i) : 0n));
    const full = widths.filter((each) => each > 0n);
    if (full.length !== hashes.length) {
      throw new BlockError("malformed-summary", `A tree of ${size} outputs has ${full.length} largest full subtrees.`);
    }
    let from = 0n;
    full.forEach((each, i) => {
      frontier.#subtrees.push({
        range: { from, to: from + each - 1n },
        hash: readBytes(hashes[i] ?? NO_HASH, 32, "subtrees"), // As many.
      });
      from += each;
    });
    frontier.#size = size;
    return frontier;
  }

  /** The largest full subtrees, from left to right. */
  subtrees(): readonly TxOutMembershipElement[] {
    return [...this.#subtrees];
  }

  /** Appends an output, given by its hash (32 bytes). Returns the nodes that are final now, from the leaf up. */
  append(txOutHash: Uint8Array): readonly TxOutMembershipElement[] {
    let top: FullSubtree = { range: { from: this.#size, to: this.#size }, hash: leafHash(txOutHash) };
    const final = [top];
    this.#size += 1n;
    for (let left = this.#subtrees.at(-1); left && width(left) === width(top); left = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      top = { range: { from: left.range.from, to: top.range.to }, hash: nodeHash(left.hash, top.hash) };
      final.push(top);
    }
    this.#subtrees.push(top);
    return final;
  }

  /** The nodes that hold outputs and room for more, from the smallest up. The last one, or else the tree, is the root. */
  unfinished(): readonly TxOutMembershipElement[] {
    const last = this.#subtrees.at(-1);
    if (last === undefined) {
      return [];
    }
    const nil = nilHash();
    const lefts = this.#subtrees.slice(0, -1);
    const nodes: TxOutMembershipElement[] = [];
    let node = last;
    while (width(node) < treeWidth(this.#size)) {
      const isRight = (node.range.from / width(node)) % 2n === 1n;
      const left = isRight ? lefts.pop() : undefined;
      node =
        left === undefined
          ? { range: { from: node.range.from, to: node.range.to + width(node) }, hash: nodeHash(node.hash, nil) }
          : { range: { from: left.range.from, to: node.range.to }, hash: nodeHash(left.hash, node.hash) };
      nodes.push(node);
    }
    return nodes;
  }

  /** The root of the tree as it is; the nil hash over leaf 0 when it is empty. */
  root(): TxOutMembershipElement {
    const empty: TxOutMembershipElement = { range: { from: 0n, to: 0n }, hash: nilHash() };
    return this.unfinished().at(-1) ?? this.#subtrees[0] ?? empty;
  }
}

function width({ range }: FullSubtree): bigint {
  return range.to - range.from + 1n;
}
