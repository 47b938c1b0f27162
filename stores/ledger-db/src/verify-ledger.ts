// Derives again everything that a ledger stores about its blocks, and names the first block at which something is wrong.
import {
  type Block,
  type BlockData,
  isMetadataOf,
  ORIGIN_ROOT_ELEMENT,
  TreeFrontier,
  treeWidth,
  verifyBlockSignature,
  verifyMetadataSignature,
} from "@fogbow/core-block";
import { equalBytes, type TokenId } from "@fogbow/core-bytes";
import {
  type ActiveMintConfigs,
  encodeActiveMintConfigs,
  type TxOutMembershipElement,
  txOutHash,
} from "@fogbow/core-transaction";
import { type AppendView, assertAppendable } from "./append-rules.ts";
import { corruptLedger, LedgerError } from "./error.ts";
import type { AuditableLedger, EntryCounts } from "./ledger.ts";

/** How to verify. */
export interface VerifyOptions {
  /** Stops the work with its reason. */
  readonly signal?: AbortSignal;
  /** Told after each block how many are verified. */
  readonly onProgress?: (blocks: bigint) => void;
}

/** What a ledger that verifies holds. */
export interface VerifyReport {
  readonly blocks: bigint;
  readonly txOuts: bigint;
  readonly keyImages: bigint;
  readonly signatures: bigint;
  readonly metadata: bigint;
  readonly root: TxOutMembershipElement;
}

/**
 * Verifies a ledger: that each block follows every rule of appending after those before it; its root element against the
 * tree of the outputs before it, and every stored node of that tree; cumulative counts; that keys, output hashes, key
 * images and the nonces of minting are unique and lead back to their block or output; totals minted; signatures by the
 * keys beside them (not whose keys these are); and that no table has entries besides. A ledger may grow meanwhile.
 * Rejects with `corrupt-ledger`, which names the block.
 */
export async function verifyLedger(ledger: AuditableLedger, options: VerifyOptions = {}): Promise<VerifyReport> {
  const audit = new Audit(ledger);
  for (;;) {
    options.signal?.throwIfAborted();
    if (audit.nextIndex === ledger.numBlocks()) {
      return audit.finish(); // Nothing is awaited since the count was read, so the tables are of the same moment.
    }
    audit.verifyNext();
    options.onProgress?.(audit.nextIndex);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

class Audit {
  readonly #ledger: AuditableLedger;
  readonly #frontier = new TreeFrontier();
  #parent: Block | undefined;
  #keyImages = 0n;
  #signatures = 0n;
  #metadata = 0n;
  #mintNonces = 0n;
  #mintConfigNonces = 0n;
  /** The configurations in force, and the block that last changed them. */
  readonly #activeMintConfigs = new Map<TokenId, { readonly configs: ActiveMintConfigs; readonly since: bigint }>();
  nextIndex = 0n;

  constructor(ledger: AuditableLedger) {
    this.#ledger = ledger;
  }

  /** Verifies the next block. */
  verifyNext(): void {
    try {
      this.#verifyBlock(this.nextIndex);
    } catch (error) {
      if (error instanceof LedgerError && error.code === "corrupt-ledger" && error.blockIndex === undefined) {
        throw corruptLedger(this.nextIndex, "something it needs cannot be read", error);
      }
      throw error;
    }
    this.nextIndex += 1n;
  }

  #verifyBlock(index: bigint): void {
    const data = this.#ledger.blockData(index);
    if (data === undefined) {
      throw corruptLedger(index, "it is missing");
    }
    const minting = this.#verifyRules(data);
    this.#verifySigners(data);
    this.#verifyKeyImages(data);
    this.#verifyTxOuts(data);
    this.#verifyMinting(data);
    for (const [tokenId, configs] of minting) {
      this.#activeMintConfigs.set(tokenId, { configs, since: index });
    }
    this.#parent = data.block;
  }

  /** Verifies what no block tells: the unfinished edge of the tree, and that there is nothing besides the blocks. */
  finish(): VerifyReport {
    const last = this.nextIndex === 0n ? 0n : this.nextIndex - 1n;
    for (const node of this.#frontier.unfinished()) {
      this.#verifyNode(last, node);
    }
    for (const [tokenId, { configs, since }] of this.#activeMintConfigs) {
      this.#verifyActiveMintConfigs(tokenId, configs, since);
    }
    const size = this.#frontier.size;
    const expected: EntryCounts = {
      blocks: this.nextIndex,
      signatures: this.#signatures,
      metadata: this.#metadata,
      keyImages: this.#keyImages,
      keyImagesByBlock: this.nextIndex,
      txOuts: size,
      txOutsByBlock: this.nextIndex,
      txOutsByHash: size,
      txOutsByPublicKey: size,
      blocksByTxOut: size,
      treeNodes: nodesOfTree(size),
      activeMintConfigs: BigInt(this.#activeMintConfigs.size),
      mintConfigNonces: this.#mintConfigNonces,
      mintConfigTxsByBlock: this.nextIndex,
      mintNonces: this.#mintNonces,
      mintTxsByBlock: this.nextIndex,
    };
    const actual = this.#entryCounts(last);
    for (const [table, count] of Object.entries(expected)) {
      const found = actual[table as keyof EntryCounts]; // The keys of `expected` are those of EntryCounts.
      this.#check(last, found === count, `with it there are ${count} entries of ${table}, but ${found} are stored`);
    }
    this.#check(last, this.#ledger.numTxOuts() === size, "the number of outputs is wrong");
    return {
      blocks: this.nextIndex,
      txOuts: size,
      keyImages: this.#keyImages,
      signatures: this.#signatures,
      metadata: this.#metadata,
      root: this.#frontier.root(),
    };
  }

  #entryCounts(last: bigint): EntryCounts {
    try {
      return this.#ledger.entryCounts();
    } catch (error) {
      if (error instanceof LedgerError && error.code === "corrupt-ledger") {
        throw corruptLedger(last, "with it there are other entries than are stored", error);
      }
      throw error;
    }
  }

  /**
   * What the block had to satisfy when it was appended, to a ledger that held the blocks before it and no more; and what
   * consensus vouched for. Returns the minting configurations that the block changes.
   */
  #verifyRules(data: BlockData): ReadonlyMap<TokenId, ActiveMintConfigs> {
    const index = this.nextIndex;
    const { block, contents } = data;
    const parent = this.#parent;
    const minting = this.#assertAppendable(data);
    const rootElement = parent === undefined ? ORIGIN_ROOT_ELEMENT : this.#frontier.root();
    this.#check(index, equalElements(block.rootElement, rootElement), "its root element is not the root before it");
    const txOuts = this.#frontier.size + BigInt(contents.outputs.length);
    this.#check(index, block.cumulativeTxoCount === txOuts, "its cumulative count of outputs is wrong");
    return minting;
  }

  #assertAppendable(data: BlockData): ReadonlyMap<TokenId, ActiveMintConfigs> {
    const ledger = this.#ledger;
    const index = this.nextIndex;
    const size = this.#frontier.size;
    const before = (found: bigint | undefined, end: bigint): bigint | undefined =>
      found !== undefined && found < end ? found : undefined;
    const then: AppendView = {
      numBlocks: () => index,
      lastBlock: () => this.#parent,
      blockIndexOfKeyImage: (image) => before(ledger.blockIndexOfKeyImage(image), index),
      txOutIndexByPublicKey: (key) => before(ledger.txOutIndexByPublicKey(key), size),
      blockIndexOfMintNonce: (tokenId, nonce) => before(ledger.blockIndexOfMintNonce(tokenId, nonce), index),
      blockIndexOfMintConfigNonce: (tokenId, nonce) =>
        before(ledger.blockIndexOfMintConfigNonce(tokenId, nonce), index),
      activeMintConfigs: (tokenId) => this.#activeMintConfigs.get(tokenId)?.configs,
    };
    try {
      return assertAppendable(then, data);
    } catch (error) {
      if (error instanceof LedgerError && error.code !== "corrupt-ledger" && error.code !== "ledger-closed") {
        throw corruptLedger(index, `it breaks a rule of appending (${error.code})`, error);
      }
      throw error;
    }
  }

  #verifySigners({ block, signature, metadata }: BlockData): void {
    const index = this.nextIndex;
    if (signature !== undefined) {
      this.#check(index, verifyBlockSignature(block, signature), "its signature does not verify");
      this.#signatures += 1n;
    }
    if (metadata !== undefined) {
      this.#check(index, isMetadataOf(metadata, block), "its metadata is about another block");
      this.#check(index, verifyMetadataSignature(metadata), "the signature of its metadata does not verify");
      this.#metadata += 1n;
    }
  }

  /** A key image that two blocks spend leads back to one of them only, and is found at the other. */
  #verifyKeyImages({ contents: { keyImages } }: BlockData): void {
    for (const image of keyImages) {
      const found = this.#ledger.blockIndexOfKeyImage(image);
      this.#check(this.nextIndex, found === this.nextIndex, "a key image does not lead back to it");
    }
    this.#keyImages += BigInt(keyImages.length);
  }

  #verifyTxOuts({ contents: { outputs } }: BlockData): void {
    const ledger = this.#ledger;
    const index = this.nextIndex;
    const span = ledger.txOutsOfBlock(index);
    const fits = span?.first === this.#frontier.size && span.count === BigInt(outputs.length);
    this.#check(index, fits, "its outputs do not follow those before");
    for (const txOut of outputs) {
      const at = this.#frontier.size;
      const hash = txOutHash(txOut);
      this.#check(index, ledger.blockIndexOfTxOut(at) === index, `output ${at} does not lead back to it`);
      this.#check(index, ledger.txOutIndexByHash(hash) === at, `output ${at} is not found by its hash`);
      this.#check(index, ledger.txOutIndexByPublicKey(txOut.publicKey) === at, `output ${at} is not found by its key`);
      for (const node of this.#frontier.append(hash)) {
        this.#verifyNode(index, node);
      }
    }
  }

  /** A nonce that two blocks use leads back to one of them only, and is found at the other. */
  #verifyMinting({ contents }: BlockData): void {
    const ledger = this.#ledger;
    const index = this.nextIndex;
    for (const { prefix } of contents.mintTxs) {
      const found = ledger.blockIndexOfMintNonce(prefix.tokenId, prefix.nonce);
      this.#check(index, found === index, "a nonce of its minting transactions does not lead back to it");
    }
    for (const { mintConfigTx } of contents.validatedMintConfigTxs) {
      const found = ledger.blockIndexOfMintConfigNonce(mintConfigTx.prefix.tokenId, mintConfigTx.prefix.nonce);
      this.#check(index, found === index, "a nonce of its minting configurations does not lead back to it");
    }
    this.#mintNonces += BigInt(contents.mintTxs.length);
    this.#mintConfigNonces += BigInt(contents.validatedMintConfigTxs.length);
  }

  #verifyActiveMintConfigs(tokenId: TokenId, configs: ActiveMintConfigs, since: bigint): void {
    let found: ActiveMintConfigs | undefined;
    try {
      found = this.#ledger.activeMintConfigs(tokenId);
    } catch (error) {
      throw error instanceof LedgerError ? corruptLedger(since, error.message, error) : error;
    }
    const fits = found && equalBytes(encodeActiveMintConfigs(found), encodeActiveMintConfigs(configs));
    this.#check(since, fits === true, `what is stored about minting token ${tokenId} does not follow from the blocks`);
  }

  #verifyNode(index: bigint, { range, hash }: TxOutMembershipElement): void {
    const found = this.#ledger.treeNode(range);
    const fits = found !== undefined && equalBytes(found, hash);
    this.#check(index, fits, `the tree's node over outputs ${range.from} to ${range.to} is wrong`);
  }

  #check(index: bigint, holds: boolean, what: string): void {
    if (!holds) {
      throw corruptLedger(index, what);
    }
  }
}

/** How many nodes a tree of `size` outputs stores: those with an output below them. */
export function nodesOfTree(size: bigint): bigint {
  let nodes = size;
  for (let width = 2n; width <= treeWidth(size); width *= 2n) {
    nodes += (size + width - 1n) / width;
  }
  return nodes;
}

function equalElements(a: TxOutMembershipElement, b: TxOutMembershipElement): boolean {
  return a.range.from === b.range.from && a.range.to === b.range.to && equalBytes(a.hash, b.hash);
}
