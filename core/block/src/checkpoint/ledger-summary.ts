// What has to be kept of a chain to say what it left in the ledger: the newest header, the edge of the tree of outputs, the
// set of key images summed up, and the state of minting. It grows with the logarithm of the ledger and with the tokens that
// are minted, and takes one block after another. Nothing of it tells which block spent or made what.
import { bytes, equalBytes } from "@fogbow/core-bytes";
import { type TxOutMembershipElement, txOutHash } from "@fogbow/core-transaction";
import { decodeMessage, encodeMessage, LedgerSummarySchema } from "@fogbow/core-wire";
import { type Block, hasValidId } from "../block.ts";
import { decodeBlock, encodeBlock } from "../block-codec.ts";
import type { BlockData } from "../block-data.ts";
import { contentsHash } from "../contents.ts";
import { BlockError, type BlockErrorCode } from "../error.ts";
import { LEDGER_SUMMARY_BYTES_MAX } from "../limits.ts";
import { ORIGIN_ROOT_ELEMENT } from "../origin-block.ts";
import { TreeFrontier } from "../tree-frontier.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { MintState } from "./mint-state.ts";
import type { SetDigest } from "./set-digest.ts";
import { keyImageSet, type SortedKeyImages } from "./sorted-key-images.ts";

/** A ledger, summed up. */
export class LedgerSummary {
  #block: Block | undefined;
  readonly #frontier: TreeFrontier;
  readonly #keyImages: SetDigest;
  readonly #minting: MintState;

  private constructor(parts: SummaryParts) {
    this.#block = parts.block;
    this.#frontier = parts.frontier;
    this.#keyImages = parts.keyImages;
    this.#minting = parts.minting;
  }

  /** Of a ledger without blocks. */
  static empty(): LedgerSummary {
    return LedgerSummary.of({ block: undefined });
  }

  /** Of a ledger that ends with a block and holds these; what is not given is empty. */
  static of({ block, frontier, keyImages, minting }: Partial<SummaryParts>): LedgerSummary {
    return new LedgerSummary({
      block,
      frontier: frontier ?? new TreeFrontier(),
      keyImages: keyImages ?? keyImageSet(),
      minting: minting ?? new MintState(),
    });
  }

  /** The newest block; undefined without blocks. */
  get block(): Block | undefined {
    return this.#block;
  }

  /** How many outputs there are. */
  get txOuts(): bigint {
    return this.#frontier.size;
  }

  /** How many key images there are. */
  get keyImages(): bigint {
    return this.#keyImages.count;
  }

  /** Who may mint what, in ascending order of tokens. */
  activeMintConfigs(): ReturnType<MintState["active"]> {
    return this.#minting.active();
  }

  /** The root of the tree of outputs. */
  root(): TxOutMembershipElement {
    return this.#frontier.root();
  }

  /**
   * Takes the next block, if it and its contents belong together and continue this very chain: then whatever is said of the
   * chain follows from the id of its newest block. Whether outputs are spent twice is for whoever has them. Returns the
   * nodes of the tree that are final now. Throws `unexpected-block-index`, `parent-id-mismatch`, `block-id-mismatch`,
   * `contents-hash-mismatch`, `root-element-mismatch`, `wrong-output-count`, `unchargeable-mint`; then nothing has changed,
   * but for the last code, after which it is of no use.
   */
  append({ block, contents }: Pick<BlockData, "block" | "contents">): readonly TxOutMembershipElement[] {
    const refuse = (code: BlockErrorCode, what: string): never => {
      throw new BlockError(code, `Block ${block.index}: ${what}.`, { blockIndex: block.index });
    };
    const parent = this.#block;
    const next = parent === undefined ? 0n : parent.index + 1n;
    if (block.index !== next) refuse("unexpected-block-index", `the next block has index ${next}`);
    if (!equalBytes(block.parentId, parent?.id ?? new Uint8Array(32))) {
      refuse("parent-id-mismatch", "it does not follow the block before");
    }
    if (!hasValidId(block)) refuse("block-id-mismatch", "the id does not follow from the header");
    if (!equalBytes(contentsHash(contents), block.contentsHash)) {
      refuse("contents-hash-mismatch", "the contents are not those that the header names");
    }
    const root = parent === undefined ? ORIGIN_ROOT_ELEMENT : this.root();
    if (!isSame(block.rootElement, root)) refuse("root-element-mismatch", "its root element is not the root before it");
    if (block.cumulativeTxoCount !== this.txOuts + BigInt(contents.outputs.length)) {
      refuse("wrong-output-count", "its cumulative count of outputs is wrong");
    }
    this.#minting.apply(contents);
    this.#keyImages.addAll(contents.keyImages);
    this.#block = block;
    return contents.outputs.flatMap((txOut) => this.#frontier.append(txOutHash(txOut)));
  }

  /** The nodes of the tree that hold outputs and room for more, from the smallest up. */
  unfinished(): readonly TxOutMembershipElement[] {
    return this.#frontier.unfinished();
  }

  /** Whether these are all key images of this ledger, and no others. */
  hasKeyImages({ set }: Pick<SortedKeyImages, "set">): boolean {
    return equalBytes(set.digest(), this.#keyImages.digest());
  }

  /** Whether another state of minting is the same as this ledger's. */
  hasMinting(minting: MintState): boolean {
    return equalBytes(minting.digest(), this.#minting.digest());
  }

  /**
   * What there is to sign. It takes all key images, which are not kept here. Throws `empty-ledger` without blocks, and
   * `other-key-images`.
   */
  checkpoint(keyImages: SortedKeyImages): Checkpoint {
    const block = this.#block;
    if (block === undefined) throw new BlockError("empty-ledger", "There is no block.");
    if (!this.hasKeyImages(keyImages)) {
      throw new BlockError("other-key-images", "These are not the key images of this ledger.");
    }
    return {
      height: block.index,
      blockId: block.id,
      merkleRoot: bytes(this.root().hash, 32, "root"),
      keyImagesDigest: keyImages.digest(),
      mintStateDigest: this.#minting.digest(),
    };
  }

  /** As bytes, to go on from later. They are the same for the same ledger. */
  encode(): Uint8Array {
    const block = this.#block;
    const message = {
      ...(block && { block: encodeBlock(block) }),
      subtrees: this.#frontier.subtrees().map(({ hash }) => hash),
      keyImages: this.#keyImages.summary(),
      ...this.#minting.summary(),
    };
    return encodeMessage(LedgerSummarySchema, message, { bytesMax: LEDGER_SUMMARY_BYTES_MAX });
  }

  /** From bytes. Throws WireError, `malformed-summary`. */
  static decode(encoded: Uint8Array): LedgerSummary {
    const message = decodeMessage(LedgerSummarySchema, encoded, { bytesMax: LEDGER_SUMMARY_BYTES_MAX });
    const block = message.block.length === 0 ? undefined : decodeBlock(message.block);
    return new LedgerSummary({
      block,
      frontier: TreeFrontier.from(block?.cumulativeTxoCount ?? 0n, message.subtrees),
      keyImages: keyImageSet(message.keyImages),
      minting: new MintState(message),
    });
  }
}

/** What a summary is made of. */
export interface SummaryParts {
  readonly block: Block | undefined;
  readonly frontier: TreeFrontier;
  readonly keyImages: SetDigest;
  readonly minting: MintState;
}

function isSame(a: TxOutMembershipElement, b: TxOutMembershipElement): boolean {
  return a.range.from === b.range.from && a.range.to === b.range.to && equalBytes(a.hash, b.hash);
}
