// A whole ledger without its blocks: outputs in their order, the set of key images in ascending order, the state of minting, and
// the checkpoint that says what all of that adds up to. It is read once from beginning to end, by whoever checks it and by
// whoever stores it, and believed when the last record was taken.
import { bytes, equalBytes } from "@fogbow/core-bytes";
import {
  decodeActiveMintConfigs,
  storedTxOutFromWire,
  type TxOut,
  type TxOutMembershipElement,
  txOutHash,
} from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  readBytes,
  readPresent,
  type SnapshotRecord,
  SnapshotRecordSchema,
} from "@fogbow/core-wire";
import { type Block, hasValidId } from "../block.ts";
import { blockFromWire } from "../block-codec.ts";
import { BlockError } from "../error.ts";
import { SNAPSHOT_RECORD_BYTES_MAX } from "../limits.ts";
import { TreeFrontier } from "../tree-frontier.ts";
import { checkpointDigest } from "./checkpoint.ts";
import { type SignedCheckpoint, signedCheckpointFromWire } from "./checkpoint-codec.ts";
import { LedgerSummary } from "./ledger-summary.ts";
import { MintState } from "./mint-state.ts";
import { SortedKeyImages } from "./sorted-key-images.ts";

/** Bytes of a nonce with its token before it. */
const NONCE_ELEMENT_BYTES = 72;

/** What a record added. */
export interface SnapshotAddition {
  readonly txOuts: readonly TxOut[];
  /** Nodes of the tree that are final; after the last record also those that hold room for more. */
  readonly nodes: readonly TxOutMembershipElement[];
  readonly keyImages: readonly Uint8Array[];
  readonly minting: SnapshotMinting | undefined;
  /** The ledger summed up, after the last record. */
  readonly summary: LedgerSummary | undefined;
}

/** What a snapshot says about minting. */
export interface SnapshotMinting {
  readonly active: ReturnType<MintState["active"]>;
  /** As `nonceElement` makes them. */
  readonly nonces: readonly Uint8Array[];
  readonly configNonces: readonly Uint8Array[];
}

const NOTHING: SnapshotAddition = { txOuts: [], nodes: [], keyImages: [], minting: undefined, summary: undefined };

/** Kinds of records, and which may come after each. */
type Kind = "head" | "txOuts" | "keyImages" | "minting" | "end";
const NEXT: Readonly<Record<Kind | "beginning", readonly Kind[]>> = {
  beginning: ["head"],
  head: ["txOuts", "keyImages", "minting"],
  txOuts: ["txOuts", "keyImages", "minting"],
  keyImages: ["keyImages", "minting"],
  minting: ["end"],
  end: [],
};

/** Takes the records of one snapshot. */
export class SnapshotReader {
  readonly #frontier = new TreeFrontier();
  readonly #keyImages = new SortedKeyImages();
  readonly #minting = new MintState();
  #head: { readonly signed: SignedCheckpoint; readonly block: Block } | undefined;
  #last: Kind | "beginning" = "beginning";
  #records = 0;

  /** What it is of. Throws `malformed-snapshot` before the first record. */
  head(): { readonly signed: SignedCheckpoint; readonly block: Block } {
    return this.#head ?? this.#refuse("malformed-snapshot", "there is no head");
  }

  /** Whether the last record was taken, and everything is as the checkpoint says. */
  get isComplete(): boolean {
    return this.#last === "end";
  }

  /**
   * Takes the next record, encoded. Throws `malformed-snapshot` for one that cannot be read or does not belong there, and
   * `snapshot-mismatch` at the end when it adds up to something else than the checkpoint; both name the record.
   */
  take(encoded: Uint8Array): SnapshotAddition {
    this.#records += 1;
    const { record } = this.#read(encoded);
    if (record.case === undefined || !NEXT[this.#last].includes(record.case)) {
      return this.#refuse("malformed-snapshot", "it does not belong there");
    }
    this.#last = record.case;
    switch (record.case) {
      case "head":
        return this.#begin(record.value);
      case "txOuts": {
        const txOuts = this.#reading(() => record.value.txOuts.map(storedTxOutFromWire));
        return { ...NOTHING, txOuts, nodes: txOuts.flatMap((txOut) => this.#frontier.append(txOutHash(txOut))) };
      }
      case "keyImages":
        return { ...NOTHING, keyImages: this.#takeKeyImages(record.value.keyImages) };
      case "minting":
        return { ...NOTHING, minting: this.#takeMinting(record.value) };
      default:
        return this.#end();
    }
  }

  #read(encoded: Uint8Array): SnapshotRecord {
    return this.#reading(() => decodeMessage(SnapshotRecordSchema, encoded, { bytesMax: SNAPSHOT_RECORD_BYTES_MAX }));
  }

  #begin(head: Parameters<typeof headFromWire>[0]): SnapshotAddition {
    this.#head = this.#reading(() => headFromWire(head));
    const { block, signed } = this.#head;
    const { height, blockId } = signed.checkpoint;
    if (!hasValidId(block) || block.index !== height || !equalBytes(block.id, blockId)) {
      this.#refuse("snapshot-mismatch", "the block is not the one of the checkpoint");
    }
    return NOTHING;
  }

  #takeKeyImages(images: readonly Uint8Array[]): Uint8Array[] {
    const read = this.#reading(() => images.map((image) => readBytes(image, 32, "key_images")));
    this.#reading(() => this.#keyImages.addAll(read));
    return read;
  }

  #takeMinting(message: Parameters<typeof mintingFromWire>[0]): SnapshotMinting {
    const minting = this.#reading(() => mintingFromWire(message));
    for (const configs of minting.active) this.#minting.setActive(configs);
    this.#minting.addNonces(minting.nonces);
    this.#minting.addConfigNonces(minting.configNonces);
    return minting;
  }

  #end(): SnapshotAddition {
    const { signed, block } = this.head();
    const [frontier, keyImages, minting] = [this.#frontier, this.#keyImages, this.#minting];
    if (frontier.size !== block.cumulativeTxoCount) {
      this.#refuse(
        "snapshot-mismatch",
        `there are ${frontier.size} outputs, and should be ${block.cumulativeTxoCount}`,
      );
    }
    const summary = LedgerSummary.of({ block, frontier, keyImages: keyImages.set, minting });
    if (!equalBytes(checkpointDigest(summary.checkpoint(keyImages)), checkpointDigest(signed.checkpoint))) {
      this.#refuse("snapshot-mismatch", "the ledger is not the one of the checkpoint");
    }
    return { ...NOTHING, nodes: summary.unfinished(), summary };
  }

  #reading<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      return this.#refuse("malformed-snapshot", "it cannot be read", cause);
    }
  }

  #refuse(code: "malformed-snapshot" | "snapshot-mismatch", what: string, cause?: unknown): never {
    throw new BlockError(code, `Record ${this.#records} of the snapshot: ${what}.`, { cause });
  }
}

/** A record as bytes. Throws WireError `message-too-large`. */
export function encodeSnapshotRecord(
  record: Parameters<typeof encodeMessage<typeof SnapshotRecordSchema>>[1],
): Uint8Array {
  return encodeMessage(SnapshotRecordSchema, record, { bytesMax: SNAPSHOT_RECORD_BYTES_MAX });
}

function headFromWire(head: Extract<SnapshotRecord["record"], { case: "head" }>["value"]) {
  return {
    signed: signedCheckpointFromWire(readPresent(head.signed, "signed")),
    block: blockFromWire(readPresent(head.block, "block")),
  };
}

function mintingFromWire(message: Extract<SnapshotRecord["record"], { case: "minting" }>["value"]): SnapshotMinting {
  const nonce = (value: Uint8Array) =>
    bytes(readBytes(value, NONCE_ELEMENT_BYTES, "nonces"), NONCE_ELEMENT_BYTES, "nonce");
  return {
    active: message.activeMintConfigs.map(decodeActiveMintConfigs),
    nonces: message.mintNonces.map(nonce),
    configNonces: message.mintConfigNonces.map(nonce),
  };
}
