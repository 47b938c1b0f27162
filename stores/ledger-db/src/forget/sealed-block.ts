// What a node that forgets stores of a block, as its enclave gives it.
import type { BlockData } from "@fogbow/core-block";
import type { LeafRange } from "@fogbow/core-transaction";

/** Records that only the enclave can read, and the names that it gave them. */
export interface SealedBlock {
  /** In the order of the ledger. */
  readonly txOuts: readonly SealedTxOut[];
  /** Nodes of the tree of outputs that are new or have changed. */
  readonly nodes: readonly SealedNode[];
  /** Key images, in the order of the tags of the block's contents. */
  readonly keyImages: readonly Uint8Array[];
  /** What the enclave needs at its next start; in the place of the last one. */
  readonly sealedLedger: Uint8Array;
}

/** An output. */
export interface SealedTxOut {
  /** What its public key is known by, 32 bytes. */
  readonly publicKeyTag: Uint8Array;
  readonly sealed: Uint8Array;
}

/** A node of the tree. */
export interface SealedNode extends LeafRange {
  readonly sealed: Uint8Array;
}

/** A key image. */
export interface SealedKeyImage {
  /** What it is known by, 32 bytes. */
  readonly tag: Uint8Array;
  readonly sealed: Uint8Array;
}

/** A block with its records. Its contents have tags in the place of key images, and no outputs. */
export interface ForgettingBlock {
  readonly data: BlockData;
  readonly sealed: SealedBlock;
}
