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
