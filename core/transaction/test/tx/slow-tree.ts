// The Merkle tree of outputs, written down as its definition says and without any care for speed (spec 02 §7.2, §7.4).
import { nilHash, nodeHash, type TxOutMembershipElement, type TxOutMembershipProof } from "../../src/index.ts";

/** The subtree over leaves `from` to `to`, of which only those below `leaves.length` exist. */
function subtree(leaves: readonly Uint8Array[], from: bigint, to: bigint): TxOutMembershipElement {
  const range = { from, to };
  if (from >= leaves.length) {
    return { range, hash: nilHash() };
  }
  if (from === to) {
    return { range, hash: leaves[Number(from)] as Uint8Array }; // `from` is below the number of leaves.
  }
  const middle = (from + to) / 2n;
  return { range, hash: nodeHash(subtree(leaves, from, middle).hash, subtree(leaves, middle + 1n, to).hash) };
}

/** The root of a tree of at least one leaf. */
export function root(leaves: readonly Uint8Array[]): TxOutMembershipElement {
  return subtree(leaves, 0n, width(leaves) - 1n);
}

/** The proof of one leaf. */
export function prove(leaves: readonly Uint8Array[], index: number): TxOutMembershipProof {
  const elements = [subtree(leaves, BigInt(index), BigInt(index))];
  for (let size = 1n; size < width(leaves); size *= 2n) {
    const from = ((BigInt(index) / size) ^ 1n) * size;
    elements.push(subtree(leaves, from, from + size - 1n));
  }
  return { index: BigInt(index), highestIndex: BigInt(leaves.length - 1), elements };
}

function width(leaves: readonly Uint8Array[]): bigint {
  let width = 1n;
  while (width < leaves.length) {
    width *= 2n;
  }
  return width;
}
