// What a ledger can be asked and told, whatever it is kept in.
import type { Block, BlockContents, BlockData, BlockMetadata, BlockSignature } from "@fogbow/core-block";
import type { TokenId } from "@fogbow/core-bytes";
import type {
  ActiveMintConfigs,
  LeafRange,
  MintLedger,
  TxOut,
  TxOutMembershipElement,
  TxOutMembershipProof,
} from "@fogbow/core-transaction";
import type { SealedBlock } from "./forget/sealed-block.ts";

/**
 * Reading a ledger. One that forgets takes and gives tags in the place of key images and public keys, has sealed hashes in its
 * proofs, and throws `forgotten` where it does not know an answer any more. Indexes count from 0; what is not there is undefined. Calls without an `await` between them see one
 * state. Every method throws `corrupt-ledger` when what it finds cannot be right, and `ledger-closed`.
 */
export interface LedgerReader extends MintLedger {
  /** How many blocks there are; the next block has this index. */
  numBlocks(): bigint;
  /** How many outputs there are; the next output has this index. */
  numTxOuts(): bigint;
  /** The header of a block. */
  block(index: bigint): Block | undefined;
  /** The header of the newest block; undefined in an empty ledger. */
  lastBlock(): Block | undefined;
  /** What a block added. */
  blockContents(index: bigint): BlockContents | undefined;
  /** An enclave's signature over a block, if one was stored. */
  blockSignature(index: bigint): BlockSignature | undefined;
  /** How a block came about, if that was stored. */
  blockMetadata(index: bigint): BlockMetadata | undefined;
  /** A block with everything known about it. */
  blockData(index: bigint): BlockData | undefined;
  /** When a block was signed, in seconds since the Unix epoch, as its signer says; undefined without a signature. */
  blockTimestamp(index: bigint): bigint | undefined;
  /** Which outputs a block added. */
  txOutsOfBlock(index: bigint): TxOutSpan | undefined;
  /** An output. */
  txOut(index: bigint): TxOut | undefined;
  /** Where the output with this public key (32 bytes) is. */
  txOutIndexByPublicKey(publicKey: Uint8Array): bigint | undefined;
  /** Where the output with this hash (32 bytes) is. */
  txOutIndexByHash(hash: Uint8Array): bigint | undefined;
  /** Which block added an output. */
  blockIndexOfTxOut(index: bigint): bigint | undefined;
  /** Which block spent the output with this key image (32 bytes). */
  blockIndexOfKeyImage(keyImage: Uint8Array): bigint | undefined;
  /** Whether the output with this key image (32 bytes) was spent. */
  containsKeyImage(keyImage: Uint8Array): boolean;
  /** Whether there is an output with this public key (32 bytes). */
  containsPublicKey(publicKey: Uint8Array): boolean;
  /** Which block minted a token with this nonce (64 bytes). */
  blockIndexOfMintNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined;
  /** Which block configured a token's minting with this nonce (64 bytes). */
  blockIndexOfMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined;
  /** Who may mint a token in the next block, and what they have minted. */
  activeMintConfigs(tokenId: TokenId): ActiveMintConfigs | undefined;
  /** The root of the tree of all outputs: what the next block's `rootElement` must be. */
  root(): TxOutMembershipElement;
  /** Proofs for these outputs, all in the same tree and in this order. Throws `tx-out-index-out-of-bounds`. */
  membershipProofs(indexes: readonly bigint[]): readonly TxOutMembershipProof[];
}

/** Consecutive outputs. */
export interface TxOutSpan {
  readonly first: bigint;
  readonly count: bigint;
}

/** A ledger that can grow. */
export interface Ledger extends LedgerReader {
  /**
   * Appends a block: all of it or nothing, durable when this returns. Throws the first rule of spec 02 §8.6 that is
   * broken, or `ledger-read-only`, `writer-replaced`, `storage-failure`. Signatures, the root element and the cumulative
   * count are not checked: consensus vouches for them, and `verifyLedger` checks them all. A ledger that forgets takes the
   * enclave's records of the block as well, and throws `forgotten` without them; others have no use for them.
   */
  append(data: BlockData, sealed?: SealedBlock): void;
  /** Lets go of everything. Closing again does nothing. */
  close(): Promise<void>;
}

/** What `verifyLedger` compares the blocks with, besides lookups: it finds what no lookup would. */
export interface AuditableLedger extends LedgerReader {
  /** The stored hash of a node of the tree of outputs. */
  treeNode(range: LeafRange): Uint8Array | undefined;
  /** How many entries each table has. Throws `corrupt-ledger` when they cannot be told. */
  entryCounts(): EntryCounts;
}

/** How many entries each table has. */
export interface EntryCounts {
  readonly blocks: bigint;
  readonly signatures: bigint;
  readonly metadata: bigint;
  readonly keyImages: bigint;
  readonly keyImagesByBlock: bigint;
  readonly txOuts: bigint;
  readonly txOutsByBlock: bigint;
  readonly txOutsByHash: bigint;
  readonly txOutsByPublicKey: bigint;
  readonly blocksByTxOut: bigint;
  readonly treeNodes: bigint;
  readonly activeMintConfigs: bigint;
  readonly mintConfigNonces: bigint;
  readonly mintConfigTxsByBlock: bigint;
  readonly mintNonces: bigint;
  readonly mintTxsByBlock: bigint;
}
