// Archive files: a block, or consecutive blocks, with everything known about them (spec 02 §8.5).
import { CodedError, equalBytes } from "@fogbow/core-bytes";
import {
  type ArchiveBlock as ArchiveBlockMessage,
  ArchiveBlockSchema,
  ArchiveBlocksSchema,
  decodeMessage,
  encodeMessage,
  readPresent,
} from "@fogbow/core-wire";
import { blockFromWire, blockToWire } from "./block-codec.ts";
import { assertBlockData, type BlockData } from "./block-data.ts";
import { blockMetadataFromWire, blockMetadataToWire, encodeBlockMetadata } from "./block-metadata-codec.ts";
import { blockSignatureFromWire, blockSignatureToWire, type Ed25519Verifier } from "./block-signature.ts";
import { contentsFromWire, contentsToWire } from "./contents-codec.ts";
import { BlockError } from "./error.ts";
import { ARCHIVE_BLOCK_BYTES_MAX, METADATA_BYTES_MAX } from "./limits.ts";
import { splitArchive } from "./split-archive.ts";

/** An archive file of one block. */
export function encodeArchiveBlock(data: BlockData): Uint8Array {
  return encodeMessage(ArchiveBlockSchema, archiveBlockToWire(data));
}

/** A merged archive file of consecutive blocks. */
export function encodeArchiveBlocks(blocks: readonly BlockData[]): Uint8Array {
  return encodeMessage(ArchiveBlocksSchema, { blocks: blocks.map(archiveBlockToWire) });
}

/**
 * The block in an archive file that should hold block `index`, its parts checked against each other. Throws BlockError
 * with that index: `malformed-archive`, `unknown-archive-version`, `unexpected-block-index`, and
 * whatever `assertBlockData` does.
 */
export function parseArchiveBlock(encoded: Uint8Array, index: bigint, verify?: Ed25519Verifier): BlockData {
  const data = decodeArchiveBlock(encoded, index);
  if (data.block.index !== index) {
    throw new BlockError("unexpected-block-index", `Block ${data.block.index} is in the place of block ${index}.`, {
      blockIndex: index,
    });
  }
  assertBlockData(data, verify);
  return data;
}

/**
 * The blocks in a merged archive file that should start with block `firstIndex`, one at a time: each checked as by
 * {@link parseArchiveBlock}, and to follow the one before (`parent-id-mismatch`). A file that is damaged somewhere
 * yields the blocks before that place, then throws with the index of the block that is damaged.
 */
export function* parseArchiveBlocks(
  encoded: Uint8Array,
  firstIndex: bigint,
  verify?: Ed25519Verifier,
): Generator<BlockData, void, undefined> {
  let index = firstIndex;
  let parent: BlockData | undefined;
  for (const part of splitArchive(encoded, firstIndex)) {
    const data = parseArchiveBlock(part, index, verify);
    if (parent !== undefined && !equalBytes(parent.block.id, data.block.parentId)) {
      throw new BlockError("parent-id-mismatch", `Block ${index} does not follow the block before it.`, {
        blockIndex: index,
      });
    }
    yield data;
    parent = data;
    index += 1n;
  }
}

function decodeArchiveBlock(encoded: Uint8Array, blockIndex: bigint): BlockData {
  try {
    const data = archiveBlockFromWire(
      decodeMessage(ArchiveBlockSchema, encoded, { bytesMax: ARCHIVE_BLOCK_BYTES_MAX }),
    );
    if (data.metadata !== undefined && encoded.length > METADATA_BYTES_MAX) {
      encodeBlockMetadata(data.metadata); // Throws when it is too large: a ledger could not read it again.
    }
    return data;
  } catch (cause) {
    if (cause instanceof BlockError) {
      throw new BlockError(cause.code, `Block ${blockIndex}: ${cause.message}`, { blockIndex, cause });
    }
    if (cause instanceof CodedError) {
      throw new BlockError("malformed-archive", `Block ${blockIndex}: ${cause.message}`, { blockIndex, cause });
    }
    throw cause;
  }
}

function archiveBlockFromWire({ block: version }: ArchiveBlockMessage): BlockData {
  if (version.case !== "v1") {
    throw new BlockError("unknown-archive-version", "Only version 1 of archived blocks is known.");
  }
  const { block, blockContents, signature, metadata } = version.value;
  return {
    block: blockFromWire(readPresent(block, "block")),
    contents: contentsFromWire(readPresent(blockContents, "block_contents")),
    signature: signature && blockSignatureFromWire(signature),
    metadata: metadata && blockMetadataFromWire(metadata),
  };
}

// The shape is that of the message; naming its types once more would say nothing.
const archiveBlockToWire = ({ block, contents, signature, metadata }: BlockData) => ({
  block: {
    case: "v1" as const,
    value: {
      block: blockToWire(block),
      blockContents: contentsToWire(contents),
      ...(signature && { signature: blockSignatureToWire(signature) }),
      ...(metadata && { metadata: blockMetadataToWire(metadata) }),
    },
  },
});
