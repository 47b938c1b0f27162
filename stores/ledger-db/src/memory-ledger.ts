// A ledger in memory: what simulations use, and the plain model that the stored one is tested against.
import {
  appendToTree,
  type Block,
  type BlockContents,
  type BlockData,
  type BlockMetadata,
  type BlockSignature,
  proveLeaf,
  type TreeStore,
  treeRoot,
} from "@fogbow/core-block";
import { type TokenId, toHex } from "@fogbow/core-bytes";
import {
  type ActiveMintConfigs,
  type LeafRange,
  type TxOut,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  txOutHash,
} from "@fogbow/core-transaction";
import { assertAppendable } from "./append-rules.ts";
import { LedgerError } from "./error.ts";
import type { AuditableLedger, EntryCounts, Ledger, TxOutSpan } from "./ledger.ts";
import { assertTxOutIndex } from "./tx-out-index.ts";

/** A ledger that is gone with the process. */
export class MemoryLedger implements Ledger, AuditableLedger {
  readonly #blocks: BlockData[] = [];
  readonly #spans: TxOutSpan[] = [];
  readonly #txOuts: { readonly txOut: TxOut; readonly blockIndex: bigint }[] = [];
  readonly #indexByPublicKey = new Map<string, bigint>();
  readonly #indexByHash = new Map<string, bigint>();
  readonly #blockByKeyImage = new Map<string, bigint>();
  readonly #blockByMintNonce = new Map<string, bigint>();
  readonly #blockByMintConfigNonce = new Map<string, bigint>();
  readonly #activeMintConfigs = new Map<TokenId, ActiveMintConfigs>();
  readonly #tree = new MemoryTree();
  #closed = false;

  /** Another ledger that holds the same now. Takes no longer for what the blocks took to make. */
  copy(): MemoryLedger {
    this.#assertOpen();
    const copy = new MemoryLedger();
    copy.#blocks.push(...this.#blocks);
    copy.#spans.push(...this.#spans);
    copy.#txOuts.push(...this.#txOuts);
    copyEntries(this.#indexByPublicKey, copy.#indexByPublicKey);
    copyEntries(this.#indexByHash, copy.#indexByHash);
    copyEntries(this.#blockByKeyImage, copy.#blockByKeyImage);
    copyEntries(this.#blockByMintNonce, copy.#blockByMintNonce);
    copyEntries(this.#blockByMintConfigNonce, copy.#blockByMintConfigNonce);
    copyEntries(this.#activeMintConfigs, copy.#activeMintConfigs);
    this.#tree.copyTo(copy.#tree);
    return copy;
  }

  append(data: BlockData): void {
    this.#assertOpen();
    const minting = assertAppendable(this, data);
    const { block, contents } = data;
    const first = this.numTxOuts();
    for (const image of contents.keyImages) {
      this.#blockByKeyImage.set(toHex(image), block.index);
    }
    const hashes = contents.outputs.map(txOutHash);
    contents.outputs.forEach((txOut, i) => {
      const index = first + BigInt(i);
      this.#txOuts.push({ txOut, blockIndex: block.index });
      this.#indexByPublicKey.set(toHex(txOut.publicKey), index);
      this.#indexByHash.set(toHex(hashes[i] as Uint8Array), index); // One hash for each output.
    });
    appendToTree(this.#tree, first, hashes);
    this.#spans.push({ first, count: BigInt(hashes.length) });
    this.#appendMinting(data);
    for (const [tokenId, configs] of minting) {
      this.#activeMintConfigs.set(tokenId, configs);
    }
    this.#blocks.push(data);
  }

  #appendMinting({ block, contents }: BlockData): void {
    for (const { prefix } of contents.mintTxs) {
      this.#blockByMintNonce.set(nonceKey(prefix.tokenId, prefix.nonce), block.index);
    }
    for (const { mintConfigTx } of contents.validatedMintConfigTxs) {
      const { tokenId, nonce } = mintConfigTx.prefix;
      this.#blockByMintConfigNonce.set(nonceKey(tokenId, nonce), block.index);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  numBlocks(): bigint {
    this.#assertOpen();
    return BigInt(this.#blocks.length);
  }

  numTxOuts(): bigint {
    this.#assertOpen();
    return BigInt(this.#txOuts.length);
  }

  block(index: bigint): Block | undefined {
    return this.blockData(index)?.block;
  }

  lastBlock(): Block | undefined {
    return this.block(this.numBlocks() - 1n);
  }

  blockContents(index: bigint): BlockContents | undefined {
    return this.blockData(index)?.contents;
  }

  blockSignature(index: bigint): BlockSignature | undefined {
    return this.blockData(index)?.signature;
  }

  blockMetadata(index: bigint): BlockMetadata | undefined {
    return this.blockData(index)?.metadata;
  }

  blockData(index: bigint): BlockData | undefined {
    this.#assertOpen();
    return this.#blocks[Number(index)];
  }

  blockTimestamp(index: bigint): bigint | undefined {
    return this.blockSignature(index)?.signedAt;
  }

  txOutsOfBlock(index: bigint): TxOutSpan | undefined {
    this.#assertOpen();
    return this.#spans[Number(index)];
  }

  txOut(index: bigint): TxOut | undefined {
    this.#assertOpen();
    return this.#txOuts[Number(index)]?.txOut;
  }

  txOutIndexByPublicKey(publicKey: Uint8Array): bigint | undefined {
    this.#assertOpen();
    return this.#indexByPublicKey.get(toHex(publicKey));
  }

  txOutIndexByHash(hash: Uint8Array): bigint | undefined {
    this.#assertOpen();
    return this.#indexByHash.get(toHex(hash));
  }

  blockIndexOfTxOut(index: bigint): bigint | undefined {
    this.#assertOpen();
    return this.#txOuts[Number(index)]?.blockIndex;
  }

  blockIndexOfKeyImage(keyImage: Uint8Array): bigint | undefined {
    this.#assertOpen();
    return this.#blockByKeyImage.get(toHex(keyImage));
  }

  containsKeyImage(keyImage: Uint8Array): boolean {
    return this.blockIndexOfKeyImage(keyImage) !== undefined;
  }

  containsPublicKey(publicKey: Uint8Array): boolean {
    return this.txOutIndexByPublicKey(publicKey) !== undefined;
  }

  blockIndexOfMintNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined {
    this.#assertOpen();
    return this.#blockByMintNonce.get(nonceKey(tokenId, nonce));
  }

  blockIndexOfMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): bigint | undefined {
    this.#assertOpen();
    return this.#blockByMintConfigNonce.get(nonceKey(tokenId, nonce));
  }

  containsMintNonce(tokenId: TokenId, nonce: Uint8Array): boolean {
    return this.blockIndexOfMintNonce(tokenId, nonce) !== undefined;
  }

  containsMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): boolean {
    return this.blockIndexOfMintConfigNonce(tokenId, nonce) !== undefined;
  }

  activeMintConfigs(tokenId: TokenId): ActiveMintConfigs | undefined {
    this.#assertOpen();
    return this.#activeMintConfigs.get(tokenId);
  }

  root(): TxOutMembershipElement {
    return treeRoot(this.#tree, this.numTxOuts());
  }

  membershipProofs(indexes: readonly bigint[]): readonly TxOutMembershipProof[] {
    const size = this.numTxOuts();
    return indexes.map((index) => {
      assertTxOutIndex(index, size);
      return proveLeaf(this.#tree, size, index);
    });
  }

  treeNode(range: LeafRange): Uint8Array | undefined {
    return this.#tree.get(range);
  }

  entryCounts(): EntryCounts {
    const blocks = BigInt(this.#blocks.length);
    const txOuts = BigInt(this.#txOuts.length);
    return {
      blocks,
      signatures: BigInt(this.#blocks.filter(({ signature }) => signature).length),
      metadata: BigInt(this.#blocks.filter(({ metadata }) => metadata).length),
      keyImages: BigInt(this.#blockByKeyImage.size),
      keyImagesByBlock: blocks,
      txOuts,
      txOutsByBlock: BigInt(this.#spans.length),
      txOutsByHash: BigInt(this.#indexByHash.size),
      txOutsByPublicKey: BigInt(this.#indexByPublicKey.size),
      blocksByTxOut: txOuts,
      treeNodes: BigInt(this.#tree.size),
      activeMintConfigs: BigInt(this.#activeMintConfigs.size),
      mintConfigNonces: BigInt(this.#blockByMintConfigNonce.size),
      mintConfigTxsByBlock: blocks,
      mintNonces: BigInt(this.#blockByMintNonce.size),
      mintTxsByBlock: blocks,
    };
  }

  #assertOpen(): void {
    if (this.#closed) {
      throw new LedgerError("ledger-closed", "The ledger was closed.");
    }
  }
}

const nonceKey = (tokenId: TokenId, nonce: Uint8Array): string => `${tokenId} ${toHex(nonce)}`;

function copyEntries<Key, Value>(from: ReadonlyMap<Key, Value>, to: Map<Key, Value>): void {
  for (const [key, value] of from) to.set(key, value);
}

class MemoryTree implements TreeStore {
  readonly #nodes = new Map<string, Uint8Array>();

  copyTo(other: MemoryTree): void {
    copyEntries(this.#nodes, other.#nodes);
  }

  get size(): number {
    return this.#nodes.size;
  }

  get({ from, to }: LeafRange): Uint8Array | undefined {
    return this.#nodes.get(`${from}-${to}`)?.slice(); // Whoever asked may write to it.
  }

  put({ from, to }: LeafRange, hash: Uint8Array): void {
    this.#nodes.set(`${from}-${to}`, hash);
  }
}
