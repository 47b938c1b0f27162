// The ledger of a node that forgets: outputs, a set of key images, signed headers. Outputs and the hashes of their tree are
// sealed by the enclave; key images and public keys are known by tags that it alone can make. What it is asked with such tags
// it answers like any ledger. Which block held what, it knows of the newest blocks only, in memory (docs/decisions/0008).
import {
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
  type SnapshotAddition,
  treeRoot,
  treeWidth,
} from "@fogbow/core-block";
import { be64, CodedError, concatBytes, type TokenId, utf8 } from "@fogbow/core-bytes";
import {
  type ActiveMintConfigs,
  decodeActiveMintConfigs,
  encodeActiveMintConfigs,
  type LeafRange,
  MINT_NONCE_BYTES,
  nilHash,
  type TxOut,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "@fogbow/core-transaction";
import { corruptLedger, LedgerError } from "../error.ts";
import type { EntryCounts, Ledger, TxOutSpan } from "../ledger.ts";
import { Environment } from "../lmdb/environment.ts";
import type { OpenOptions } from "../lmdb/open-ledger.ts";
import { FORGETTING_SCHEMA_VERSION } from "../lmdb/schema-version.ts";
import { decodeBe64, nonceKey, rangeKey } from "../lmdb/stored-values.ts";
import type { Entry, Table } from "../lmdb/table.ts";
import { entryCounts } from "../lmdb/tables.ts";
import type { LoadedRecords } from "../snapshot/load-snapshot.ts";
import { assertTxOutIndex } from "../tx-out-index.ts";
import { RecentBlocks } from "./recent-blocks.ts";
import type { SealedBlock, SealedKeyImage } from "./sealed-block.ts";
import { assertStorable } from "./storing-rules.ts";

const NUM_BLOCKS = utf8("num_blocks");
const NUM_TX_OUTS = utf8("num_tx_outs");
const SEALED_LEDGER = utf8("sealed_ledger");

/** What an entry of a set holds: that it is there. */
const PRESENT = Uint8Array.of(1);
const NOTHING = new Uint8Array();
/** Entries that are read at a time. */
const ENTRIES_PER_PAGE = 1_000;

/** A forgetting ledger on LMDB. Open one with `openForgetLedger` or `createForgetLedger`. */
export class ForgetLedger implements Ledger {
  readonly #environment: Environment;
  readonly #recent = new RecentBlocks();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  get #tables(): Environment["tables"] {
    return this.#environment.tables;
  }

  /** What the enclave is initialised with; undefined in an empty ledger. */
  sealedLedger(): Uint8Array | undefined {
    return this.#tables.about.get(SEALED_LEDGER);
  }

  /** A sealed output, for the enclave. */
  sealedTxOut(index: bigint): Uint8Array | undefined {
    return this.#isU64(index) ? this.#tables.txOuts.get(be64(index)) : undefined;
  }

  /** A sealed node of the tree, for the enclave. */
  sealedNode(range: LeafRange): Uint8Array | undefined {
    return this.#tables.treeNodes.get(rangeKey(range));
  }

  /** All sealed key images with their tags, in the order of neither, as they are now. */
  keyImageRecords(): RecordReader<SealedKeyImage> {
    return reader(this.#tables.keyImages, ([tag, sealed]) => ({ tag, sealed }));
  }

  /** All sealed key images, as they are now. */
  sealedKeyImages(): RecordReader<Uint8Array> {
    return reader(this.#tables.keyImages, ([, sealed]) => sealed);
  }

  /** All tags of public keys, as they are now. */
  publicKeyTags(): RecordReader<Uint8Array> {
    return reader(this.#tables.txOutsByPublicKey, ([tag]) => tag);
  }

  /** Configurations of minting in force, encoded, as they are now. */
  activeMintConfigRecords(): RecordReader<Uint8Array> {
    return reader(this.#tables.activeMintConfigs, ([, configs]) => configs);
  }

  /** Nonces of minting with their tokens before them, as they are now. */
  mintNonces(): RecordReader<Uint8Array> {
    return reader(this.#tables.mintNonces, ([key]) => elementOfKey(key));
  }

  /** Nonces of configurations of minting, the same way. */
  mintConfigNonces(): RecordReader<Uint8Array> {
    return reader(this.#tables.mintConfigNonces, ([key]) => elementOfKey(key));
  }

  /** How many entries each table has. */
  entryCounts(): EntryCounts {
    return entryCounts(this.#tables);
  }

  /**
   * Stores a block with the records that the enclave made of it. Throws as `append` of any ledger does, and `forgotten` without
   * records: blocks as they are must not be stored.
   */
  append(data: BlockData, sealed?: SealedBlock): void {
    if (sealed === undefined) {
      throw new LedgerError("forgotten", "A ledger that forgets stores what the enclave has sealed, and nothing else.");
    }
    const { block, contents } = data;
    const tags = sealed.txOuts.map(({ publicKeyTag }) => publicKeyTag);
    const txOuts = { first: block.cumulativeTxoCount - BigInt(tags.length), count: BigInt(tags.length) };
    this.#environment.write(() => {
      const minting = assertStorable(this, { data, sealed });
      this.#writeKeyImages(contents.keyImages, sealed.keyImages);
      this.#tables.txOutsByPublicKey.putAll(tags.map((tag) => [tag, PRESENT]));
      this.#writeSealed(sealed, txOuts);
      this.#writeMinting(contents);
      for (const [tokenId, configs] of minting) {
        this.#tables.activeMintConfigs.put(be64(tokenId), encodeActiveMintConfigs(configs));
      }
      this.#writeHeader(data);
    });
    this.#recent.add({ index: block.index, keyImageTags: contents.keyImages, publicKeyTags: tags, txOuts });
  }

  /** Stores a record of a snapshot, as the enclave made it and as it was read; with the last one, the block that it ends with. */
  load(records: LoadedRecords, { minting, summary }: SnapshotAddition, block: Block): void {
    this.#environment.write(() => {
      const tags = records.txOuts.map(({ publicKeyTag }) => publicKeyTag);
      this.#writeKeyImages(records.keyImageTags, records.keyImages);
      this.#tables.txOutsByPublicKey.putAll(tags.map((tag) => [tag, PRESENT]));
      this.#writeSealed(records, { first: this.numTxOuts(), count: BigInt(tags.length) });
      for (const configs of minting?.active ?? []) {
        this.#tables.activeMintConfigs.put(be64(configs.mintConfigTx.prefix.tokenId), encodeActiveMintConfigs(configs));
      }
      for (const nonce of minting?.nonces ?? []) this.#tables.mintNonces.put(keyOfElement(nonce), PRESENT);
      for (const nonce of minting?.configNonces ?? []) this.#tables.mintConfigNonces.put(keyOfElement(nonce), PRESENT);
      if (summary !== undefined) this.#writeHeader({ block, signature: undefined, metadata: undefined });
    });
  }

  #writeKeyImages(tags: readonly Uint8Array[], sealed: readonly Uint8Array[]): void {
    this.#tables.keyImages.putAll(tags.map((tag, i) => [tag, sealed[i] ?? NOTHING]));
  }

  #writeSealed(sealed: SealedBlock, { first, count }: TxOutSpan): void {
    const tables = this.#tables;
    for (const [i, txOut] of sealed.txOuts.entries()) tables.txOuts.put(be64(first + BigInt(i)), txOut.sealed);
    for (const node of sealed.nodes) tables.treeNodes.put(rangeKey(node), node.sealed);
    tables.txOutCounts.put(NUM_TX_OUTS, be64(first + count));
    if (sealed.sealedLedger.length > 0) tables.about.put(SEALED_LEDGER, sealed.sealedLedger);
  }

  #writeMinting({ mintTxs, validatedMintConfigTxs }: BlockContents): void {
    for (const { prefix } of mintTxs) {
      this.#tables.mintNonces.put(nonceKey(prefix.tokenId, prefix.nonce), PRESENT);
    }
    for (const { mintConfigTx } of validatedMintConfigTxs) {
      const { tokenId, nonce } = mintConfigTx.prefix;
      this.#tables.mintConfigNonces.put(nonceKey(tokenId, nonce), PRESENT);
    }
  }

  #writeHeader({ block, signature, metadata }: Omit<BlockData, "contents">): void {
    const index = be64(block.index);
    this.#tables.blocks.put(index, encodeBlock(block));
    if (signature !== undefined) this.#tables.signatures.put(index, encodeBlockSignature(signature));
    if (metadata !== undefined) this.#tables.metadata.put(index, encodeBlockMetadata(metadata));
    this.#tables.counts.put(NUM_BLOCKS, be64(block.index + 1n));
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
    if (count === 0n) return undefined;
    const last = this.block(count - 1n);
    if (last === undefined) throw corruptLedger(count - 1n, "its header is missing");
    return last;
  }

  blockSignature(index: bigint): BlockSignature | undefined {
    return this.#ofBlock(this.#tables.signatures, index, "signature", decodeBlockSignature);
  }

  blockMetadata(index: bigint): BlockMetadata | undefined {
    return this.#ofBlock(this.#tables.metadata, index, "metadata", decodeBlockMetadata);
  }

  blockTimestamp(index: bigint): bigint | undefined {
    return this.blockSignature(index)?.signedAt;
  }

  /** Throws `forgotten` for a block that there is. */
  blockContents(index: bigint): BlockContents | undefined {
    return index < 0n || index >= this.numBlocks() ? undefined : forgotten("what a block held");
  }

  /** Throws `forgotten` for a block that there is. */
  blockData(index: bigint): BlockData | undefined {
    this.blockContents(index);
    return undefined;
  }

  /** Throws `forgotten` for a block that is far behind. */
  txOutsOfBlock(index: bigint): TxOutSpan | undefined {
    if (index < 0n || index >= this.numBlocks()) return undefined;
    return this.#recent.txOutsOf(index) ?? forgotten("which outputs a block made");
  }

  /** Throws `forgotten` for an output that there is: only the enclave can read it. */
  txOut(index: bigint): TxOut | undefined {
    return index < 0n || index >= this.numTxOuts() ? undefined : forgotten("how to read an output");
  }

  /** Takes a tag. Throws `forgotten` for an output of a block that is far behind. */
  txOutIndexByPublicKey(tag: Uint8Array): bigint | undefined {
    if (!this.containsPublicKey(tag)) return undefined;
    return this.#recent.txOutOfPublicKey(tag) ?? forgotten("which output has a public key");
  }

  /** Throws `forgotten`: outputs are known by nothing but their places and their public keys' tags. */
  txOutIndexByHash(): bigint | undefined {
    return forgotten("the hashes of outputs");
  }

  /** Throws `forgotten` for an output of a block that is far behind. */
  blockIndexOfTxOut(index: bigint): bigint | undefined {
    if (index < 0n || index >= this.numTxOuts()) return undefined;
    return this.#recent.blockOfTxOut(index) ?? forgotten("which block made an output");
  }

  /** Takes a tag. Throws `forgotten` for one that was spent far behind. */
  blockIndexOfKeyImage(tag: Uint8Array): bigint | undefined {
    if (!this.containsKeyImage(tag)) return undefined;
    return this.#recent.blockOfKeyImage(tag) ?? forgotten("which block spent an output");
  }

  /** Takes a tag. */
  containsKeyImage(tag: Uint8Array): boolean {
    return this.#tables.keyImages.get(tag) !== undefined;
  }

  /** Takes a tag. */
  containsPublicKey(tag: Uint8Array): boolean {
    return this.#tables.txOutsByPublicKey.get(tag) !== undefined;
  }

  /** Throws `forgotten` for a nonce that was used. */
  blockIndexOfMintNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined {
    return this.containsMintNonce(tokenId, nonce) ? forgotten("which block minted") : undefined;
  }

  /** Throws `forgotten` for a nonce that was used. */
  blockIndexOfMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined {
    return this.containsMintConfigNonce(tokenId, nonce) ? forgotten("which block configured minting") : undefined;
  }

  containsMintNonce(tokenId: TokenId, nonce: Uint8Array): boolean {
    return nonce.length === MINT_NONCE_BYTES && this.#tables.mintNonces.get(nonceKey(tokenId, nonce)) !== undefined;
  }

  containsMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): boolean {
    const { mintConfigNonces } = this.#tables;
    return nonce.length === MINT_NONCE_BYTES && mintConfigNonces.get(nonceKey(tokenId, nonce)) !== undefined;
  }

  activeMintConfigs(tokenId: TokenId): ActiveMintConfigs | undefined {
    const value = this.#tables.activeMintConfigs.get(be64(tokenId));
    return value && decoded(value, undefined, `who may mint token ${tokenId}`, decodeActiveMintConfigs);
  }

  /** The root, its hash sealed. */
  root(): TxOutMembershipElement {
    const size = this.numTxOuts();
    if (size === 0n) return { range: { from: 0n, to: treeWidth(size) - 1n }, hash: nilHash() };
    return this.#overTree(() => treeRoot(this.#sealedTree, size));
  }

  /** Proofs whose hashes are sealed, but for those of nothing: the enclave can open them. */
  membershipProofs(indexes: readonly bigint[]): readonly TxOutMembershipProof[] {
    const size = this.numTxOuts();
    return indexes.map((index) => {
      assertTxOutIndex(index, size);
      return this.#overTree(() => proveLeaf(this.#sealedTree, size, index));
    });
  }

  readonly #sealedTree = {
    get: (range: LeafRange): Uint8Array | undefined => this.#tables.treeNodes.get(rangeKey(range)),
    put: (): never => forgotten("how to hash outputs"),
  };

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

  #count(table: Table, key: Uint8Array): bigint {
    const value = table.get(key);
    return value === undefined ? 0n : decoded(value, undefined, "a count", decodeBe64);
  }

  #ofBlock<Value>(table: Table, index: bigint, what: string, decode: (value: Uint8Array) => Value): Value | undefined {
    const value = this.#isU64(index) ? table.get(be64(index)) : undefined;
    return value && decoded(value, index, `its ${what}`, decode);
  }

  #isU64(index: bigint): boolean {
    return index >= 0n && index < 2n ** 64n;
  }
}

/** Opens the forgetting ledger in a directory, as `openLedger` does. */
export function openForgetLedger(directory: string, { readOnly = false }: OpenOptions = {}): ForgetLedger {
  return new ForgetLedger(Environment.open(directory, readOnly ? "read" : "write", FORGETTING_SCHEMA_VERSION));
}

/** Makes an empty forgetting ledger in a directory, as `createLedger` does. */
export function createForgetLedger(directory: string): ForgetLedger {
  return new ForgetLedger(Environment.open(directory, "create", FORGETTING_SCHEMA_VERSION));
}

/** The key of a nonce that comes with its token before it. */
function keyOfElement(element: Uint8Array): Uint8Array {
  return concatBytes(element.subarray(8), element.subarray(0, 8));
}

/** Records as they were at one time, to be read some at a time, as often as one likes, until it is closed. */
export interface RecordReader<Item> {
  readonly pages: () => Generator<Item[], void, undefined>;
  readonly close: () => void;
}

function reader<Item>(table: Pick<Table, "snapshot">, map: (entry: Entry) => Item): RecordReader<Item> {
  const { pages, close } = table.snapshot();
  return {
    *pages() {
      for (const page of pages(ENTRIES_PER_PAGE)) yield page.map(map);
    },
    close,
  };
}

/** A nonce with its token before it. */
function elementOfKey(key: Uint8Array): Uint8Array {
  return concatBytes(key.subarray(-8), key.subarray(0, -8));
}

function forgotten(what: string): never {
  throw new LedgerError("forgotten", `This ledger has forgotten ${what}.`);
}

/** Decodes what is stored; when that fails, the store is to blame. */
function decoded<Value>(
  value: Uint8Array,
  blockIndex: bigint | undefined,
  what: string,
  decode: (value: Uint8Array) => Value,
): Value {
  try {
    return decode(value);
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    const place = blockIndex === undefined ? "The ledger" : `Block ${blockIndex}`;
    throw new LedgerError("corrupt-ledger", `${place}: ${what} cannot be read.`, { blockIndex, cause });
  }
}
