// What an account needs of Fog Ledger (spec 03 §5).
import type { TxOut, TxOutMembershipProof } from "@fogbow/core-transaction";
import type { BlockRange } from "../view/view-answer.ts";

/** How long the ledger is, by whoever answered. */
export interface LedgerHeight {
  readonly blockCount: bigint;
  readonly txoCount: bigint;
}

/** Whether an output is spent. */
export type KeyImageStatus =
  | { readonly kind: "spent"; readonly spentAt: bigint; readonly timestamp: bigint }
  | { readonly kind: "not-spent" } // In no block below the answer's block count.
  | { readonly kind: "unknown" }; // The server failed: ask again.

/** The answer about key images. */
export interface KeyImageAnswer extends LedgerHeight {
  /** One for each key image, in their order. */
  readonly statuses: readonly KeyImageStatus[];
  /** The version of the latest block, and the newest that the server knows. */
  readonly latestBlockVersion: number;
  readonly maxBlockVersion: number;
}

/** A block as Fog Ledger serves it in the open. */
export interface ServedBlock {
  readonly index: bigint;
  readonly timestamp: bigint;
  /** The index of the block's first output in the ledger. */
  readonly firstGlobalIndex: bigint;
  /** In their order; undefined for one that cannot be read. */
  readonly txOuts: readonly (TxOut | undefined)[];
}

/** Some of the blocks that were asked for. */
export interface BlocksAnswer extends LedgerHeight {
  readonly blocks: readonly ServedBlock[];
}

/** An output of the ledger with its proof. */
export interface ProvenTxOut {
  readonly index: bigint;
  readonly txOut: TxOut;
  readonly proof: TxOutMembershipProof;
}

/** Outputs that are all proven in one tree. */
export interface OutputsAnswer extends LedgerHeight {
  /** One for each index, in their order. */
  readonly outputs: readonly ProvenTxOut[];
  readonly latestBlockVersion: number;
  readonly maxBlockVersion: number;
}

/** Where an output is, or undefined if it is in no block below the answer's block count. */
export type OutputPlace =
  | { readonly globalIndex: bigint; readonly blockIndex: bigint; readonly timestamp: bigint }
  | undefined;

/** Where outputs are. */
export interface LookupAnswer extends LedgerHeight {
  /** One for each public key, in their order. */
  readonly places: readonly OutputPlace[];
}

/** What a payment needs of Fog Ledger to be built. */
export interface OutputService {
  /** Outputs with proofs in one tree, in rings of eleven, padded. Throws SdkError, and the signal's reason. */
  getOutputs(
    indices: readonly bigint[],
    question: { readonly txoCount: bigint; readonly signal?: AbortSignal },
  ): Promise<OutputsAnswer>;
}

/** What a payment needs of Fog Ledger to know whether it has happened. */
export interface LookupService {
  /** Where outputs are, by their public keys, which only the enclave reads. Throws SdkError, and the signal's reason. */
  lookupOutputs(publicKeys: readonly Uint8Array[], signal?: AbortSignal): Promise<LookupAnswer>;
}

/** What an account needs of Fog Ledger to know its balance. */
export interface LedgerService {
  /** Checks at most 64 key images at once. Throws SdkError, and the signal's reason. */
  checkKeyImages(keyImages: readonly Uint8Array[], signal?: AbortSignal): Promise<KeyImageAnswer>;
  /** Downloads blocks in the open; some may be missing. Throws SdkError, and the signal's reason. */
  getBlocks(ranges: readonly BlockRange[], signal?: AbortSignal): Promise<BlocksAnswer>;
}
