// Large nodes of the tree of outputs, in memory: each is in a great part of all proofs. Those of one height are beside each
// other, by their position, so that a node is found without making or hashing a name.
import type { LeafRange } from "@fogbow/core-transaction";
import { KEPT_NODES_MAX } from "../limits.ts";

/** Nodes over fewer outputs are not kept: there are many, and each is in few proofs. */
const LEAVES_MIN = 1_024;
const HASH_BYTES = 32;

/** Hashes of 32 bytes by their ranges; only of nodes that never change again. */
export class KeptNodes {
  /** By how many leaves are below each node. */
  readonly #heights = new Map<number, Height>();
  #count = 0;

  /** The node of a range: the kept one, else the one that is read. The caller may write to it. */
  get({ from, to }: LeafRange, read: () => Uint8Array | undefined): Uint8Array | undefined {
    const leaves = Number(to - from) + 1;
    if (leaves < LEAVES_MIN) return read();
    const position = Number(from) / leaves;
    const height = this.#height(leaves);
    const kept = height.get(position);
    if (kept !== undefined) return kept;
    const hash = read();
    if (hash !== undefined && this.#count < KEPT_NODES_MAX && position < KEPT_NODES_MAX) {
      height.set(position, hash);
      this.#count++;
    }
    return hash;
  }

  #height(leaves: number): Height {
    const found = this.#heights.get(leaves) ?? new Height();
    this.#heights.set(leaves, found);
    return found;
  }
}

/** Nodes of one height. */
class Height {
  #hashes = new Uint8Array(HASH_BYTES);
  #isKept = new Uint8Array(1);

  get(position: number): Uint8Array | undefined {
    if (this.#isKept[position] !== 1) return undefined;
    return this.#hashes.slice(position * HASH_BYTES, (position + 1) * HASH_BYTES);
  }

  set(position: number, hash: Uint8Array): void {
    if (position >= this.#isKept.length) this.#grow(2 ** Math.ceil(Math.log2(position + 1)));
    this.#hashes.set(hash, position * HASH_BYTES);
    this.#isKept[position] = 1;
  }

  #grow(length: number): void {
    const [hashes, isKept] = [new Uint8Array(length * HASH_BYTES), new Uint8Array(length)];
    hashes.set(this.#hashes);
    isKept.set(this.#isKept);
    [this.#hashes, this.#isKept] = [hashes, isKept];
  }
}
