// Which of the newest blocks held what: in the memory of the process and nowhere else, so that what is dropped is gone, and what a
// disk keeps of old pages never had it.
import { toHex } from "@fogbow/core-bytes";
import type { TxOutSpan } from "../ledger.ts";
import { REMEMBERED_BLOCKS_MAX } from "../limits.ts";

/** What is remembered of one block. */
export interface RecentBlock {
  readonly index: bigint;
  readonly keyImageTags: readonly Uint8Array[];
  /** In the order of the ledger. */
  readonly publicKeyTags: readonly Uint8Array[];
  readonly txOuts: TxOutSpan;
}

/** The newest blocks that this process has stored. */
export class RecentBlocks {
  readonly #blocks: RecentBlock[] = [];
  readonly #byKeyImage = new Map<string, bigint>();
  readonly #byPublicKey = new Map<string, bigint>();

  /** Remembers the newest block, and forgets the one that is too far behind it now. */
  add(block: RecentBlock): void {
    this.#blocks.push(block);
    for (const tag of block.keyImageTags) this.#byKeyImage.set(toHex(tag), block.index);
    for (const [i, tag] of block.publicKeyTags.entries()) {
      this.#byPublicKey.set(toHex(tag), block.txOuts.first + BigInt(i));
    }
    while (this.#blocks[0] !== undefined && block.index - this.#blocks[0].index >= REMEMBERED_BLOCKS_MAX) {
      const [old] = this.#blocks.splice(0, 1);
      for (const tag of old?.keyImageTags ?? []) this.#byKeyImage.delete(toHex(tag));
      for (const tag of old?.publicKeyTags ?? []) this.#byPublicKey.delete(toHex(tag));
    }
  }

  /** The block that spent what a tag stands for; undefined when it is none of these. */
  blockOfKeyImage(tag: Uint8Array): bigint | undefined {
    return this.#byKeyImage.get(toHex(tag));
  }

  /** The output whose public key a tag stands for; undefined when it is of none of these blocks. */
  txOutOfPublicKey(tag: Uint8Array): bigint | undefined {
    return this.#byPublicKey.get(toHex(tag));
  }

  /** The block that made an output; undefined when it is none of these. */
  blockOfTxOut(index: bigint): bigint | undefined {
    return this.#blocks.find(({ txOuts }) => txOuts.first <= index && index < txOuts.first + txOuts.count)?.index;
  }

  /** The outputs of a block; undefined when it is none of these. */
  txOutsOf(blockIndex: bigint): TxOutSpan | undefined {
    return this.#blocks.find(({ index }) => index === blockIndex)?.txOuts;
  }
}
