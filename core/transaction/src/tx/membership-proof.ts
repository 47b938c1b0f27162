// Proofs that an output is in the ledger: its leaf in the Merkle tree of outputs, and the sibling of every node on the
// way to the root (spec 02 §7).
import { bytes, equalBytes, U64_MAX, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { TransactionError } from "../error.ts";
import type { TxOut } from "../output/tx-out.ts";
import { txOutHash } from "../output/tx-out-hash.ts";

/** Consecutive leaves, the first and the last one included. Unsigned 64-bit. */
export interface LeafRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** The subtree over a range of leaves. */
export interface TxOutMembershipElement {
  readonly range: LeafRange;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** Where an output is in the ledger, and why. */
export interface TxOutMembershipProof {
  /** The output's place in the ledger. */
  readonly index: bigint;
  /** The last output of the tree that the proof was made in. */
  readonly highestIndex: bigint;
  /** The leaf first, then the siblings from the leaf to the root. */
  readonly elements: readonly TxOutMembershipElement[];
}

/**
 * Whether the output is in the tree with this root. False only when everything fits together and leads to another root;
 * otherwise throws `highest-index-mismatch`, `missing-leaf-hash`, `incorrect-leaf-hash`, `invalid-range`,
 * `unexpected-membership-element` or `root-not-covering-zero`.
 */
export function verifyMembershipProof(txOut: TxOut, proof: TxOutMembershipProof, rootHash: Uint8Array): boolean {
  return verifyMembershipProofOfHash(txOutHash(txOut), proof, rootHash);
}

/** As {@link verifyMembershipProof}, when the output's hash (32 bytes) is already known. */
export function verifyMembershipProofOfHash(
  hash: Uint8Array,
  proof: TxOutMembershipProof,
  rootHash: Uint8Array,
): boolean {
  if (proof.index > proof.highestIndex) {
    throw highestIndexMismatch();
  }
  if (!equalBytes(provenLeaf(proof).hash, leafHash(hash))) {
    throw new TransactionError("incorrect-leaf-hash", "The membership proof is for another output.");
  }
  const root = impliedRoot(proof);
  if (root.range.from !== 0n) {
    throw new TransactionError("root-not-covering-zero", "The membership proof does not reach the first output.");
  }
  if (proof.highestIndex > root.range.to) {
    throw highestIndexMismatch();
  }
  return equalBytes(root.hash, rootHash);
}

/**
 * The root that a proof leads to. Throws `invalid-range`, `missing-leaf-hash` unless the first element is the leaf, and
 * `unexpected-membership-element` for an element that is no neighbour of those before it.
 */
export function impliedRoot(proof: TxOutMembershipProof): TxOutMembershipElement {
  for (const { range } of proof.elements) {
    if (range.from > range.to) {
      throw new TransactionError("invalid-range", "A range of a membership proof ends before it begins.");
    }
  }
  const leaf = provenLeaf(proof);
  const n = proof.elements.length - 1;
  const [siblings, sides] = [new Uint8Array(HASH_BYTES * n), new Uint8Array(n)];
  let { from, to } = leaf.range;
  for (let i = 0; i < n; i++) {
    const { range, hash } = proof.elements[i + 1] as TxOutMembershipElement; // There are one more.
    // The two touch on exactly one side. After the last of 2⁶⁴ leaves comes the first one.
    const isRight = follows(to, range.from);
    if (isRight === follows(range.to, from)) throw unexpectedElement(i + 1);
    if (isRight) to = range.to;
    else {
      from = range.from;
      sides[i] = 1;
    }
    siblings.set(bytes(hash, HASH_BYTES, "The hash of a node"), HASH_BYTES * i);
  }
  return {
    range: { from, to },
    hash: kernel().hashes.blake2b256Path({ tag: NODE_TAG, start: leaf.hash, siblings, sides }),
  };
}

/** Whether a leaf follows another at once. */
function follows(leaf: bigint, next: bigint): boolean {
  return leaf < next ? next - leaf === 1n : next === 0n && leaf === U64_MAX;
}

/**
 * What this proof was when its own leaf was the ledger's last: siblings to the right of the leaf are empty again, those
 * that only a larger tree has are gone. A node so learns which root to check an older proof against (spec 02 §7.4).
 * Throws `index-too-large` for the last possible index, `unexpected-membership-element` for an element that holds the
 * leaf besides others.
 */
export function proofWhenLast({ index, elements }: TxOutMembershipProof): TxOutMembershipProof {
  const oldRoot = { from: 0n, to: nextPowerOfTwo(index + 1n) - 1n };
  if (oldRoot.to > U64_MAX >> 1n) {
    throw new TransactionError("index-too-large", "No tree of outputs is that large.");
  }
  const kept = elements.flatMap(({ range, hash }, position): TxOutMembershipElement[] => {
    if (compareRanges(range, oldRoot) > 0) {
      return [];
    }
    if (range.from > index) {
      return [{ range, hash: nilHash() }];
    }
    if (range.from !== range.to && range.to > index) {
      throw unexpectedElement(position);
    }
    return [{ range, hash }];
  });
  return { index, highestIndex: index, elements: kept };
}

/** The hash of the leaf for an output's hash, both 32 bytes. */
export function leafHash(hash: Uint8Array): Uint8Array {
  return kernel().hashes.blake2b256(LEAF_TAG, bytes(hash, 32, "An output's hash"));
}

/** The hash of the node above two nodes, all 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return kernel().hashes.blake2b256(NODE_TAG, left, right);
}

/** The hash of a subtree without any output, whatever its height: 32 bytes. */
export function nilHash(): Uint8Array {
  return kernel().hashes.blake2b256(NIL_TAG);
}

const HASH_BYTES = 32;
const LEAF_TAG = utf8("mc_tx_out_merkle_leaf");
const NODE_TAG = utf8("mc_tx_out_merkle_node");
const NIL_TAG = utf8("mc_tx_out_merkle_nil");

function provenLeaf({ index, elements: [leaf] }: TxOutMembershipProof): TxOutMembershipElement {
  if (leaf === undefined || leaf.range.from !== index || leaf.range.to !== index) {
    throw new TransactionError("missing-leaf-hash", "A membership proof begins with the leaf it is for.");
  }
  return leaf;
}

/** Shorter ranges come first, then those that begin earlier. */
function compareRanges(a: LeafRange, b: LeafRange): bigint {
  const lengths = a.to - a.from - (b.to - b.from);
  return lengths === 0n ? a.from - b.from : lengths;
}

function nextPowerOfTwo(n: bigint): bigint {
  let power = 1n;
  while (power < n) {
    power *= 2n;
  }
  return power;
}

function highestIndexMismatch(): TransactionError {
  return new TransactionError("highest-index-mismatch", "The membership proof's tree is smaller than it says.");
}

function unexpectedElement(position: number): TransactionError {
  return new TransactionError(
    "unexpected-membership-element",
    `Element ${position} of a membership proof is misplaced.`,
  );
}
