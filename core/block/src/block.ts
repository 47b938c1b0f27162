// The header of a block: it binds the contents, the ledger before it and the chain of blocks (spec 02 §8.1).
import { type Bytes, bytes, equalBytes } from "@fogbow/core-bytes";
import { aggregate, appendStrict, bytesOf, type Digestible, Transcript, uint32, uint64 } from "@fogbow/core-crypto";
import { membershipElementDigestible, type TxOutMembershipElement } from "@fogbow/core-transaction";
import { type BlockContents, contentsHash } from "./contents.ts";

/** What a block's id is made from. */
export interface BlockHeader {
  /** The rules the block was made by, unsigned 32-bit; may be one that this code does not know. */
  readonly version: number;
  /** The id of the block before; zero in an origin block. */
  readonly parentId: Bytes<32>;
  readonly index: bigint;
  /** How many outputs the ledger has with this block. */
  readonly cumulativeTxoCount: bigint;
  /** The root of the tree of outputs **before** this block. */
  readonly rootElement: TxOutMembershipElement;
  readonly contentsHash: Bytes<32>;
}

/** A block: its header with the digest of it. */
export interface Block extends BlockHeader {
  readonly id: Bytes<32>;
}

/** What an enclave decides about the block after a parent. */
export interface NextBlock {
  readonly version: number;
  /** The root of the tree of outputs as the parent left it. */
  readonly rootElement: TxOutMembershipElement;
  readonly contents: BlockContents;
}

/** The block that follows a parent. Checks nothing: the ledger's rules of appending do. */
export function createBlock(parent: Block, { version, rootElement, contents }: NextBlock): Block {
  return withId({
    version,
    parentId: parent.id,
    index: parent.index + 1n,
    cumulativeTxoCount: parent.cumulativeTxoCount + BigInt(contents.outputs.length),
    rootElement,
    contentsHash: contentsHash(contents),
  });
}

/** The block with a header, its id computed. */
export function withId(header: BlockHeader): Block {
  return { ...header, id: blockId(header) };
}

/** The digest of a header, under a label of its own. */
export function blockId(header: BlockHeader): Bytes<32> {
  const transcript = new Transcript("mobilecoin-block-id");
  appendStrict(transcript, "version", uint32(header.version));
  appendStrict(transcript, "parent_id", bytesOf(header.parentId));
  appendStrict(transcript, "index", uint64(header.index));
  appendStrict(transcript, "cumulative_txo_count", uint64(header.cumulativeTxoCount));
  appendStrict(transcript, "root_element", membershipElementDigestible(header.rootElement));
  appendStrict(transcript, "contents_hash", bytesOf(header.contentsHash));
  return bytes(transcript.challenge("digest32", 32), 32, "block id");
}

/** Whether a block's id follows from its header. */
export function hasValidId(block: Block): boolean {
  return equalBytes(block.id, blockId(block));
}

/** A block as part of a larger hashed object, its id included. */
export function blockDigestible(block: Block): Digestible {
  return aggregate("Block", [
    ["id", bytesOf(block.id)],
    ["version", uint32(block.version)],
    ["parent_id", bytesOf(block.parentId)],
    ["index", uint64(block.index)],
    ["cumulative_txo_count", uint64(block.cumulativeTxoCount)],
    ["root_element", membershipElementDigestible(block.rootElement)],
    ["contents_hash", bytesOf(block.contentsHash)],
  ]);
}
