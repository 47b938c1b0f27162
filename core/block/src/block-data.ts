// A block with everything known about it, and what must hold among the parts (spec 02 §8.5).
import { equalBytes } from "@fogbow/core-bytes";
import { type Block, hasValidId } from "./block.ts";
import { type BlockMetadata, isMetadataOf, verifyMetadataSignature } from "./block-metadata.ts";
import { type BlockSignature, type Ed25519Verifier, verifyBlockSignature } from "./block-signature.ts";
import { type BlockContents, contentsHash } from "./contents.ts";
import { BlockError, type BlockErrorCode } from "./error.ts";

/** A block, its contents, and who vouches for it. */
export interface BlockData {
  readonly block: Block;
  readonly contents: BlockContents;
  readonly signature: BlockSignature | undefined;
  /** Required from block version 3. */
  readonly metadata: BlockMetadata | undefined;
}

/**
 * Checks that the parts belong together: signatures by the keys beside them, contents, id. Whether those keys are to be
 * trusted, and whether the block continues a chain, is for the caller. Throws, in this order,
 * `invalid-block-signature`, `metadata-of-another-block`, `invalid-metadata-signature`, `contents-hash-mismatch`,
 * `block-id-mismatch`.
 */
export function assertBlockData({ block, contents, signature, metadata }: BlockData, verify?: Ed25519Verifier): void {
  const refuse = (code: BlockErrorCode, what: string): never => {
    throw new BlockError(code, `Block ${block.index}: ${what}.`, { blockIndex: block.index });
  };
  if (signature !== undefined && !verifyBlockSignature(block, signature, verify)) {
    refuse("invalid-block-signature", "the signature does not verify");
  }
  if (metadata !== undefined && !isMetadataOf(metadata, block)) {
    refuse("metadata-of-another-block", "the metadata is about another block");
  }
  if (metadata !== undefined && !verifyMetadataSignature(metadata, verify)) {
    refuse("invalid-metadata-signature", "the signature of the metadata does not verify");
  }
  if (!equalBytes(contentsHash(contents), block.contentsHash)) {
    refuse("contents-hash-mismatch", "the contents are not those that the header names");
  }
  if (!hasValidId(block)) {
    refuse("block-id-mismatch", "the id does not follow from the header");
  }
}
