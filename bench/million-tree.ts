// The Merkle tree of a ledger of a million outputs, of which it keeps only the nodes that some proofs need: all other
// leaves are random hashes, which to a proof are as good as those of outputs.
import { randomBytes } from "node:crypto";
import { proveLeaf, TreeFrontier, treeWidth } from "@fogbow/core-block";
import {
  type LeafRange,
  type LedgerTxOut,
  type TxOut,
  type TxOutMembershipProof,
  txOutHash,
} from "@fogbow/core-transaction";

const SIZE = 1_000_000;

/** Outputs of a ledger, and its own proof of its last one, which gives the root. */
export interface MillionTree {
  readonly members: readonly LedgerTxOut[];
  readonly rootProof: TxOutMembershipProof;
}

/** Spreads the outputs evenly over the ledger and proves each. Takes some seconds. */
export function millionTree(txOuts: readonly TxOut[]): MillionTree {
  const stride = Math.floor(SIZE / txOuts.length);
  const indexes = txOuts.map((_, i) => i * stride);
  const needed = new Set([...indexes, SIZE - 1].flatMap(rangesOfProof));
  const nodes = new Map<string, Uint8Array>();
  const keep = ({ range, hash }: { readonly range: LeafRange; readonly hash: Uint8Array }): void => {
    const key = keyOf(range);
    if (needed.has(key)) nodes.set(key, hash);
  };
  const frontier = new TreeFrontier();
  for (let i = 0; i < SIZE; i++) {
    const txOut = i % stride === 0 ? txOuts[i / stride] : undefined;
    frontier.append(txOut === undefined ? randomBytes(32) : txOutHash(txOut)).forEach(keep);
  }
  frontier.unfinished().forEach(keep);
  const store = { get: (range: LeafRange) => nodes.get(keyOf(range)), put: () => undefined };
  const prove = (index: number): TxOutMembershipProof => proveLeaf(store, BigInt(SIZE), BigInt(index));
  return {
    members: txOuts.map((txOut, i) => ({ txOut, proof: prove(i * stride) })),
    rootProof: prove(SIZE - 1),
  };
}

/** The leaf, and the sibling of every node above it. */
function rangesOfProof(index: number): string[] {
  const keys = [keyOf({ from: BigInt(index), to: BigInt(index) })];
  for (let width = 1; width < treeWidth(BigInt(SIZE)); width *= 2) {
    const from = (Math.floor(index / width) ^ 1) * width;
    keys.push(keyOf({ from: BigInt(from), to: BigInt(from + width - 1) }));
  }
  return keys;
}

const keyOf = ({ from, to }: LeafRange): string => `${from}-${to}`;
