// The ledger of a node that forgets, as its enclave knows it: summed up, with the key that its records are under. The host
// keeps both in one sealed blob, which changes with every block, in the transaction that stores the block.
import { type Block, compareBytes, LedgerSummary, type NewBlock, SnapshotReader } from "@fogbow/core-block";
import { concatBytes, equalBytes, type Random, utf8, wipeBytes } from "@fogbow/core-bytes";
import type { TxOut, TxOutMembershipElement } from "@fogbow/core-transaction";
import type { SealedBlock } from "@fogbow/core-wire";
import type { Sealing } from "@fogbow/runtime-enclave";
import { ConsensusError } from "../error.ts";
import { RecordVault, STORE_KEY_BYTES } from "./record-vault.ts";

const PURPOSE = utf8("fogbow-kept-ledger-v1");

/** What to store of a block, as `encodeMessage` takes it. */
export type SealedBlockInit = Omit<SealedBlock, "$typeName" | "$unknown" | "txOuts" | "nodes" | "keyImages"> & {
  readonly txOuts: { readonly publicKeyTag: Uint8Array; readonly sealed: Uint8Array }[];
  readonly nodes: { readonly from: bigint; readonly to: bigint; readonly sealed: Uint8Array }[];
  readonly keyImages: Uint8Array[];
};

/** What to store of a record of a snapshot, as `encodeMessage` takes it. */
export type LoadedRecordsInit = SealedBlockInit & { readonly keyImageTags: Uint8Array[] };

/** A block as the host sees it, and what it is to store of it. */
export interface KeptBlock {
  /** Ascending, so that their order says nothing of that of the key images. */
  readonly keyImageTags: Uint8Array[];
  readonly sealed: SealedBlockInit;
}

/** The ledger as of the newest block, and as of the one after it, which may or may not have been stored. */
export class KeptLedger {
  readonly vault: RecordVault;
  readonly #sealing: Sealing;
  #settled: LedgerSummary;
  #next: LedgerSummary | undefined;
  #loading: { readonly snapshot: SnapshotReader; readonly txOuts: bigint } | undefined;

  private constructor(vault: RecordVault, sealing: Sealing, settled: LedgerSummary) {
    this.vault = vault;
    this.#sealing = sealing;
    this.#settled = settled;
  }

  /**
   * The ledger of an earlier run, or an empty one under a new key. Throws what sealing throws: a seal that does not open is
   * never answered with a new key, under which nothing stored would be found; and {@link ConsensusError} `invalid-sealed-key`.
   */
  static open(
    sealed: Uint8Array,
    { sealing, random }: { readonly sealing: Sealing; readonly random: Random },
  ): KeptLedger {
    if (sealed.length === 0) {
      return new KeptLedger(new RecordVault(random(STORE_KEY_BYTES), random), sealing, LedgerSummary.empty());
    }
    const opened = sealing.unseal(sealed, PURPOSE);
    try {
      if (opened.length < STORE_KEY_BYTES) {
        throw new ConsensusError("invalid-sealed-key", "What was unsealed is no kept ledger.");
      }
      const vault = new RecordVault(opened.slice(0, STORE_KEY_BYTES), random);
      return new KeptLedger(vault, sealing, LedgerSummary.decode(opened.subarray(STORE_KEY_BYTES)));
    } finally {
      wipeBytes(opened);
    }
  }

  /** The roots that the host's proofs may lead to: it may have stored the newest block, or not yet. */
  roots(): TxOutMembershipElement[] {
    return [this.#settled, ...(this.#next === undefined ? [] : [this.#next])].map((summary) => summary.root());
  }

  /** The root of the ledger that ends with a block. Throws {@link ConsensusError} `unknown-parent`. */
  rootOf(parentId: Uint8Array): TxOutMembershipElement {
    return this.#endingWith(parentId).root();
  }

  /** The ledger that ends with a block, which stays as it is. Throws {@link ConsensusError} `unknown-parent`. */
  summaryOf(blockId: Uint8Array): LedgerSummary {
    return LedgerSummary.decode(this.#endingWith(blockId).encode());
  }

  /** The ledger as it was when this enclave was started, or as of the newest block. */
  newest(): LedgerSummary {
    return LedgerSummary.decode((this.#next ?? this.#settled).encode());
  }

  /**
   * Takes the next block, and says what to store of it. That the host has stored it shows when something goes on from it;
   * until then another one may take its place. Throws {@link ConsensusError} `unknown-parent`, and BlockError for a block that
   * does not continue the ledger.
   */
  keep(data: NewBlock): KeptBlock {
    const { block, contents } = data;
    const before = this.#endingWith(block.parentId);
    const next = LedgerSummary.decode(before.encode());
    const first = before.txOuts;
    const nodes = [...next.append(data), ...next.unfinished()];
    this.#settled = before;
    this.#next = next;
    const { keyImageTags, keyImages } = this.#sealKeyImages(contents.keyImages);
    return {
      keyImageTags,
      sealed: {
        keyImages,
        txOuts: this.#sealTxOuts(contents.outputs, first),
        nodes: this.#sealNodes(nodes),
        sealedLedger: this.#seal(next),
      },
    };
  }

  /**
   * Takes the next record of a snapshot, or the first of another one. After the last the ledger is that of the snapshot. Throws
   * {@link ConsensusError} `ledger-not-empty` with blocks, BlockError `malformed-snapshot` or `snapshot-mismatch`; then the
   * snapshot begins anew.
   */
  load(record: Uint8Array): LoadedRecordsInit {
    if (this.#settled.block !== undefined || this.#next !== undefined) {
      throw new ConsensusError("ledger-not-empty", "A snapshot begins a ledger, and this one has blocks.");
    }
    const reader = this.#loading ?? { snapshot: new SnapshotReader(), txOuts: 0n };
    this.#loading = undefined; // Until it is taken.
    const { txOuts, keyImages, nodes, summary } = reader.snapshot.take(record);
    const first = reader.txOuts;
    if (summary === undefined) this.#loading = { ...reader, txOuts: first + BigInt(txOuts.length) };
    else this.#settled = summary;
    return {
      ...this.#sealKeyImages(keyImages),
      txOuts: this.#sealTxOuts(txOuts, first),
      nodes: this.#sealNodes(nodes),
      sealedLedger: summary === undefined ? new Uint8Array() : this.#seal(summary),
    };
  }

  /** In the order of their tags. */
  #sealKeyImages(images: readonly Uint8Array[]): Pick<LoadedRecordsInit, "keyImageTags" | "keyImages"> {
    const tagged = images
      .map((image) => ({ tag: this.vault.keyImageTag(image), sealed: this.vault.sealKeyImage(image) }))
      .sort((a, b) => compareBytes(a.tag, b.tag));
    return { keyImageTags: tagged.map(({ tag }) => tag), keyImages: tagged.map(({ sealed }) => sealed) };
  }

  #sealTxOuts(txOuts: readonly TxOut[], first: bigint): SealedBlockInit["txOuts"] {
    return txOuts.map((txOut, i) => ({
      publicKeyTag: this.vault.publicKeyTag(txOut.publicKey),
      sealed: this.vault.sealTxOut(first + BigInt(i), txOut),
    }));
  }

  #sealNodes(nodes: readonly TxOutMembershipElement[]): SealedBlockInit["nodes"] {
    return nodes.map(({ range, hash }) => ({ ...range, sealed: this.vault.sealNode(range, hash) }));
  }

  #endingWith(blockId: Uint8Array): LedgerSummary {
    const isLast = (summary: LedgerSummary | undefined): summary is LedgerSummary =>
      summary !== undefined && equalBytes(idOf(summary.block), blockId);
    const found = [this.#next, this.#settled].find(isLast);
    if (found !== undefined) return found;
    throw new ConsensusError("unknown-parent", "The enclave keeps another ledger than one that ends with this block.");
  }

  #seal(summary: LedgerSummary): Uint8Array {
    const plaintext = concatBytes(this.vault.storeKey(), summary.encode());
    try {
      return this.#sealing.seal(plaintext, PURPOSE, "signer");
    } finally {
      wipeBytes(plaintext);
    }
  }
}

/** The id of a block; zeros, as origin blocks have it for their parent, without one. */
function idOf(block: Block | undefined): Uint8Array {
  return block?.id ?? new Uint8Array(32);
}
