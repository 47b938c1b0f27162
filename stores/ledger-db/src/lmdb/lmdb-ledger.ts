// The ledger on LMDB: one file, one writer, many readers in any process, one transaction a block (spec 02 §8.6, §8.7).
import {
  appendToTree,
  type Block,
  type BlockContents,
  type BlockData,
  type BlockMetadata,
  type BlockSignature,
  decodeBlock,
  decodeBlockMetadata,
  decodeBlockSignature,
  encodeBlock,
  encodeBlockMetadata,
  encodeBlockSignature,
  proveLeaf,
  type TreeStore,
  treeRoot,
} from "@fogbow/core-block";
import { be64, bytes, CodedError, le64, type TokenId, utf8 } from "@fogbow/core-bytes";
import {
  type ActiveMintConfigs,
  decodeActiveMintConfigs,
  encodeActiveMintConfigs,
  encodeTxOut,
  type LeafRange,
  MINT_NONCE_BYTES,
  type TxOut,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  txOutHash,
} from "@fogbow/core-transaction";
import { assertAppendable } from "../append-rules.ts";
import { corruptLedger, LedgerError } from "../error.ts";
import type { AuditableLedger, EntryCounts, Ledger, TxOutSpan } from "../ledger.ts";
import { assertTxOutIndex } from "../tx-out-index.ts";
import type { Environment } from "./environment.ts";
import { KeptNodes } from "./kept-nodes.ts";
import type { KeyIndex } from "./key-index.ts";
import {
  decodeBe64,
  decodeKeyImages,
  decodeLe64,
  decodeMintConfigTxs,
  decodeMintTxs,
  decodeSpan,
  decodeStoredTxOut,
  encodeKeyImages,
  encodeMintConfigTxs,
  encodeMintTxs,
  encodeSpan,
  nonceKey,
  rangeKey,
} from "./stored-values.ts";
import type { Table } from "./table.ts";
import { entryCounts } from "./tables.ts";

const NUM_BLOCKS = utf8("num_blocks");
const NUM_TX_OUTS = utf8("num_tx_outs");
const MINT_TXS = "list of minting transactions";
const MINT_CONFIG_TXS = "list of minting configurations";

/** A stored ledger. Open one with `openLedger` or `createLedger`. */
export class LmdbLedger implements Ledger, AuditableLedger {
  readonly #environment: Environment;
  readonly #tree: TreeStore;
  readonly #keptNodes = new KeptNodes();

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#tree = {
      get: (range) => this.treeNode(range),
      put: (range, hash) => this.#tables.treeNodes.put(rangeKey(range), hash),
    };
  }

  get #tables(): Environment["tables"] {
    return this.#environment.tables;
  }

  /**
   * Makes all appends of `appends` one transaction: when this returns they are on the disk together, in about the time of
   * one. When it throws, none was stored. Reads within see what was appended before them. Let every
   * error through: what an append that failed had written would stay. Throws what `appends` throws.
   */
  appendTogether(appends: () => void): void {
    this.#environment.write(appends);
  }

  append(data: BlockData): void {
    this.#environment.write(() => {
      const minting = assertAppendable(this, data);
      this.#writeKeyImages(data);
      this.#writeTxOuts(data);
      this.#writeMinting(data);
      for (const [tokenId, configs] of minting) {
        this.#tables.activeMintConfigs.put(be64(tokenId), encodeActiveMintConfigs(configs));
      }
      this.#writeBlock(data);
    });
  }

  #writeKeyImages({ block, contents: { keyImages } }: BlockData): void {
    this.#tables.keyImages.putAll(keyImages.map((image) => [image, le64(block.index)]));
    this.#tables.keyImagesByBlock.put(be64(block.index), encodeKeyImages(keyImages));
  }

  #writeTxOuts({ block, contents: { outputs } }: BlockData): void {
    const tables = this.#tables;
    const first = this.numTxOuts();
    const hashes = outputs.map(txOutHash);
    const indexes = outputs.map((_, i) => be64(first + BigInt(i)));
    outputs.forEach((txOut, i) => {
      const index = indexes[i] as Uint8Array; // One index for each output.
      tables.txOuts.put(index, encodeTxOut(txOut));
      tables.blocksByTxOut.put(index, be64(block.index));
    });
    tables.txOutsByPublicKey.putAll(
      indexes.map((index, i) => [(outputs[i] as TxOut).publicKey, index]), // As many.
    );
    tables.txOutsByHash.putAll(
      indexes.map((index, i) => [hashes[i] as Uint8Array, index]), // As many.
    );
    appendToTree(this.#tree, first, hashes);
    const count = BigInt(outputs.length);
    tables.txOutsByBlock.put(be64(block.index), encodeSpan({ first, count }));
    tables.txOutCounts.put(NUM_TX_OUTS, be64(first + count));
  }

  #writeMinting({ block, contents }: BlockData): void {
    const { mintTxs, validatedMintConfigTxs } = contents;
    const tables = this.#tables;
    const index = be64(block.index);
    for (const { prefix } of mintTxs) {
      tables.mintNonces.put(nonceKey(prefix.tokenId, prefix.nonce), index);
    }
    for (const { mintConfigTx } of validatedMintConfigTxs) {
      const { tokenId, nonce } = mintConfigTx.prefix;
      tables.mintConfigNonces.put(nonceKey(tokenId, nonce), index);
    }
    tables.mintTxsByBlock.put(index, encodeMintTxs(mintTxs));
    tables.mintConfigTxsByBlock.put(index, encodeMintConfigTxs(validatedMintConfigTxs));
  }

  #writeBlock({ block, signature, metadata }: BlockData): void {
    const index = be64(block.index);
    this.#tables.blocks.put(index, encodeBlock(block));
    if (signature !== undefined) {
      this.#tables.signatures.put(index, encodeBlockSignature(signature));
    }
    if (metadata !== undefined) {
      this.#tables.metadata.put(index, encodeBlockMetadata(metadata));
    }
    this.#tables.counts.put(NUM_BLOCKS, be64(block.index + 1n));
  }

  /** Copies the ledger as it is into another directory, while it is in use. Rejects with `ledger-exists`, `storage-failure`. */
  async backup(directory: string): Promise<void> {
    await this.#environment.backup(directory);
  }

  async close(): Promise<void> {
    await this.#environment.close();
  }

  numBlocks(): bigint {
    return this.#count(this.#tables.counts, NUM_BLOCKS);
  }

  numTxOuts(): bigint {
    return this.#count(this.#tables.txOutCounts, NUM_TX_OUTS);
  }

  block(index: bigint): Block | undefined {
    return this.#ofBlock(this.#tables.blocks, index, "header", decodeBlock);
  }

  lastBlock(): Block | undefined {
    const count = this.numBlocks();
    return count === 0n ? undefined : this.#present(this.block(count - 1n), count - 1n, "header");
  }

  blockContents(index: bigint): BlockContents | undefined {
    if (index < 0n || index >= this.numBlocks()) {
      return undefined;
    }
    const images = this.#ofBlock(this.#tables.keyImagesByBlock, index, "list of key images", decodeKeyImages);
    const { first, count } = this.#present(this.txOutsOfBlock(index), index, "list of outputs");
    if (first + count > this.numTxOuts()) {
      throw corruptLedger(index, "its outputs are more than there are");
    }
    const outputs = Array.from({ length: Number(count) }, (_, i) =>
      this.#present(this.#txOutOf(first + BigInt(i), index), index, "output"),
    );
    const { mintConfigTxsByBlock, mintTxsByBlock } = this.#tables;
    const configurations = this.#ofBlock(mintConfigTxsByBlock, index, MINT_CONFIG_TXS, decodeMintConfigTxs);
    const mintTxs = this.#ofBlock(mintTxsByBlock, index, MINT_TXS, decodeMintTxs);
    return {
      keyImages: this.#present(images, index, "list of key images"),
      outputs,
      validatedMintConfigTxs: this.#present(configurations, index, MINT_CONFIG_TXS),
      mintTxs: this.#present(mintTxs, index, MINT_TXS),
    };
  }

  blockSignature(index: bigint): BlockSignature | undefined {
    return this.#ofBlock(this.#tables.signatures, index, "signature", decodeBlockSignature);
  }

  blockMetadata(index: bigint): BlockMetadata | undefined {
    return this.#ofBlock(this.#tables.metadata, index, "metadata", decodeBlockMetadata);
  }

  blockData(index: bigint): BlockData | undefined {
    const contents = this.blockContents(index);
    return (
      contents && {
        block: this.#present(this.block(index), index, "header"),
        contents,
        signature: this.blockSignature(index),
        metadata: this.blockMetadata(index),
      }
    );
  }

  blockTimestamp(index: bigint): bigint | undefined {
    return this.blockSignature(index)?.signedAt;
  }

  txOutsOfBlock(index: bigint): TxOutSpan | undefined {
    return this.#ofBlock(this.#tables.txOutsByBlock, index, "list of outputs", decodeSpan);
  }

  txOut(index: bigint): TxOut | undefined {
    return this.#isU64(index) ? this.#txOutOf(index) : undefined;
  }

  txOutIndexByPublicKey(publicKey: Uint8Array): bigint | undefined {
    return this.#lookup(this.#tables.txOutsByPublicKey, publicKey, decodeBe64);
  }

  txOutIndexByHash(hash: Uint8Array): bigint | undefined {
    return this.#lookup(this.#tables.txOutsByHash, hash, decodeBe64);
  }

  blockIndexOfTxOut(index: bigint): bigint | undefined {
    const value = this.#isU64(index) ? this.#tables.blocksByTxOut.get(be64(index)) : undefined;
    return value && this.#decoded(value, undefined, `the block of output ${index}`, decodeBe64);
  }

  blockIndexOfKeyImage(keyImage: Uint8Array): bigint | undefined {
    return this.#lookup(this.#tables.keyImages, keyImage, decodeLe64);
  }

  containsKeyImage(keyImage: Uint8Array): boolean {
    return this.#tables.keyImages.get(keyImage) !== undefined;
  }

  containsPublicKey(publicKey: Uint8Array): boolean {
    return this.#tables.txOutsByPublicKey.get(publicKey) !== undefined;
  }

  blockIndexOfMintNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined {
    return this.#lookupNonce(this.#tables.mintNonces, tokenId, nonce);
  }

  blockIndexOfMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined {
    return this.#lookupNonce(this.#tables.mintConfigNonces, tokenId, nonce);
  }

  containsMintNonce(tokenId: TokenId, nonce: Uint8Array): boolean {
    return this.blockIndexOfMintNonce(tokenId, nonce) !== undefined;
  }

  containsMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): boolean {
    return this.blockIndexOfMintConfigNonce(tokenId, nonce) !== undefined;
  }

  activeMintConfigs(tokenId: TokenId): ActiveMintConfigs | undefined {
    const value = this.#tables.activeMintConfigs.get(be64(tokenId));
    return value && this.#decoded(value, undefined, `who may mint token ${tokenId}`, decodeActiveMintConfigs);
  }

  root(): TxOutMembershipElement {
    return this.#overTree(() => treeRoot(this.#tree, this.numTxOuts()));
  }

  membershipProofs(indexes: readonly bigint[]): readonly TxOutMembershipProof[] {
    const size = this.numTxOuts();
    const tree = { ...this.#tree, get: (range: LeafRange) => this.#nodeForProof(range, size) };
    return indexes.map((index) => {
      assertTxOutIndex(index, size);
      return this.#overTree(() => proveLeaf(tree, size, index));
    });
  }

  /** A node of a tree of `size` outputs. Large ones that are full never change again, and nearly every proof needs them. */
  #nodeForProof(range: LeafRange, size: bigint): Uint8Array | undefined {
    return range.to < size ? this.#keptNodes.get(range, () => this.treeNode(range)) : this.treeNode(range);
  }

  treeNode(range: LeafRange): Uint8Array | undefined {
    const hash = this.#tables.treeNodes.get(rangeKey(range));
    return hash && this.#decoded(hash, undefined, "a node of the tree", (value) => bytes(value, 32, "A stored hash"));
  }

  entryCounts(): EntryCounts {
    return entryCounts(this.#tables);
  }

  #count(table: Table, key: Uint8Array): bigint {
    const value = table.get(key);
    return value === undefined ? 0n : this.#decoded(value, undefined, "a count", decodeBe64);
  }

  /** A value that belongs to a block; undefined when there is none. */
  #ofBlock<Value>(table: Table, index: bigint, what: string, decode: (value: Uint8Array) => Value): Value | undefined {
    const value = this.#isU64(index) ? table.get(be64(index)) : undefined;
    return value && this.#decoded(value, index, `its ${what}`, decode);
  }

  #txOutOf(index: bigint, blockIndex = this.blockIndexOfTxOut(index)): TxOut | undefined {
    const value = this.#tables.txOuts.get(be64(index));
    return value && this.#decoded(value, blockIndex, `output ${index}`, decodeStoredTxOut);
  }

  /** The number that a key leads to. */
  #lookup(index: KeyIndex, key: Uint8Array, decode: (value: Uint8Array) => bigint): bigint | undefined {
    const value = index.get(key);
    return value && this.#decoded(value, undefined, "an index", decode);
  }

  /** The block that a nonce leads to; nonces of other lengths than 64 bytes lead nowhere. */
  #lookupNonce(table: Table, tokenId: TokenId, nonce: Uint8Array): bigint | undefined {
    const value = nonce.length === MINT_NONCE_BYTES ? table.get(nonceKey(tokenId, nonce)) : undefined;
    return value && this.#decoded(value, undefined, "the block of a nonce", decodeBe64);
  }

  /** Decodes what is stored; when that fails, the store is to blame. */
  #decoded<Value>(
    value: Uint8Array,
    blockIndex: bigint | undefined,
    what: string,
    decode: (value: Uint8Array) => Value,
  ): Value {
    try {
      return decode(value);
    } catch (cause) {
      if (!(cause instanceof CodedError)) {
        throw cause;
      }
      const place = blockIndex === undefined ? "The ledger" : `Block ${blockIndex}`;
      throw new LedgerError("corrupt-ledger", `${place}: ${what} cannot be read.`, { blockIndex, cause });
    }
  }

  #present<Value>(value: Value | undefined, blockIndex: bigint, what: string): Value {
    if (value === undefined) {
      throw corruptLedger(blockIndex, `its ${what} is missing`);
    }
    return value;
  }

  /** Reads the tree; a node that is missing is the store's fault. */
  #overTree<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof CodedError && cause.code === "missing-tree-node") {
        throw new LedgerError("corrupt-ledger", `The ledger: ${cause.message}`, { cause });
      }
      throw cause;
    }
  }

  #isU64(index: bigint): boolean {
    return index >= 0n && index < 2n ** 64n;
  }
}
