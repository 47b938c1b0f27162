// The one error this package throws for wrong input.
import { CodedError } from "@fogbow/core-bytes";

/** Why a block, an archive or a tree of outputs was refused. */
export type BlockErrorCode =
  | "malformed-archive" // The bytes are no archive file: cut short, or not the message; `cause` says what is wrong.
  | "unknown-archive-version" // The archived block is of a version that is not 1.
  | "unexpected-block-index" // The block is not the one that belongs at this place.
  | "parent-id-mismatch" // The parent id is not the id of the block before.
  | "contents-hash-mismatch" // The contents are not those that the header names.
  | "block-id-mismatch" // The id does not follow from the header.
  | "invalid-block-signature" // The signature over the block does not verify with the key beside it.
  | "invalid-metadata-signature" // The signature over the metadata does not verify with the key beside it.
  | "metadata-of-another-block" // The metadata speaks of a block with another id.
  | "no-origin-outputs" // An origin block needs at least one output.
  | "invalid-seed" // A seed has 32 bytes.
  | "invalid-bucket" // A merged archive starts at a multiple of its size, which is at least 1.
  | "block-version-decreases" // A block is of its parent's version or of a higher one.
  | "empty-block" // A block is formed of at least one transaction.
  | "too-many-transactions" // A block has room for 5 000 transactions, and for 10 of either kind that mints.
  | "invalid-transaction" // A transaction is not valid as of this block; `cause` is the verdict.
  | "root-element-mismatch" // A transaction was validated against another ledger than the parent's.
  | "duplicate-transaction" // A transaction is in the block twice.
  | "duplicate-key-image" // Two transactions of the block spend the same output.
  | "duplicate-output-public-key" // Two outputs of the block have the same public key.
  | "invalid-mint-config-tx" // A configuration of minting is not valid as of this block; `cause` is the code.
  | "invalid-mint-tx" // A minting transaction is not valid as of this block; `cause` is the code.
  | "duplicate-mint-nonce" // Two minting transactions, or two configurations, have the same nonce and token.
  | "mint-config-used-twice" // Two minting transactions are charged to the same configuration.
  | "no-validator-set" // It is not known whom to trust at the block's height.
  | "too-many-signatures" // There are more signatures than there can be validators.
  | "too-few-signatures" // Those that signed are not enough of the validators of the block's height.
  | "invalid-checkpoint-signature" // A signature over a checkpoint does not verify with the key beside it.
  | "empty-ledger" // There is no block that could be signed.
  | "wrong-output-count" // The block's cumulative count of outputs is not that of the chain.
  | "unchargeable-mint" // Nobody in force may mint what a block mints.
  | "malformed-snapshot" // A record of a snapshot cannot be read, or does not belong where it is.
  | "snapshot-mismatch" // A snapshot is not of the ledger that its checkpoint is of.
  | "unordered-key-images" // Key images are not in ascending order, or one is there twice.
  | "other-key-images" // These are not all key images of a ledger, or others are among them.
  | "malformed-summary" // What was kept of a ledger is none.
  | "output-not-in-block" // An output is not one that the block makes.
  | "leaf-out-of-bounds" // The tree has no leaf with this index.
  | "missing-tree-node"; // A node that the tree needs is not in its store.

/** Wrong input to `@fogbow/core-block`. */
export class BlockError extends CodedError<BlockErrorCode> {
  override readonly name = "BlockError";
  /** The block that is wrong, where one can be named. */
  readonly blockIndex: bigint | undefined;

  constructor(code: BlockErrorCode, message: string, options: BlockErrorOptions = {}) {
    super(code, message, options.cause === undefined ? undefined : { cause: options.cause });
    this.blockIndex = options.blockIndex;
  }
}

/** What a {@link BlockError} may name besides its code. */
export interface BlockErrorOptions {
  readonly blockIndex?: bigint | undefined;
  readonly cause?: unknown;
}
