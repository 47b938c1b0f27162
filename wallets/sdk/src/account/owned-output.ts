// An output of the wallet's own, and how it is recognised (spec 03 §8.1).
import {
  type AccountKey,
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  subaddress,
} from "@fogbow/core-account";
import type { Amount } from "@fogbow/core-bytes";
import type { CompressedPoint } from "@fogbow/core-crypto";
import {
  keyImage,
  type MemoPayload,
  matchTxOutRecord,
  type OwnedTxOut,
  onetimePrivateKey,
  openTxOut,
  SubaddressTable,
  type TxOut,
  type TxOutPlace,
  type TxOutRecord,
} from "@fogbow/core-transaction";
import { SdkError } from "../error.ts";
import { isOwner, viewAccountOf, type WalletKeys } from "./fog-view-keys.ts";

/** What is known about whether an output is spent. */
export type SpentStatus =
  | { readonly kind: "spent"; readonly at: bigint } // The index of the block.
  | { readonly kind: "not-spent"; readonly below: bigint } // In no block below this count.
  | { readonly kind: "unknown" }; // A view-only wallet has not been told the key image.

/** An output that the wallet can spend, or could. */
export interface OwnedOutput extends TxOutPlace {
  readonly amount: Amount;
  readonly subaddressIndex: bigint;
  /** Undefined for a view-only wallet that was not told. */
  readonly keyImage: CompressedPoint | undefined;
  /** Decrypted: who paid, or where a payment went. */
  readonly memo: MemoPayload;
  /** With a zero hint where Fog View had it: fetch the ledger's output before putting it into a ring. */
  readonly txOut: TxOut;
  readonly status: SpentStatus;
}

/** The subaddress that old wallets sent their change to. */
const HISTORIC_CHANGE_SUBADDRESS = 1n;
const WATCHED_SUBADDRESSES = [DEFAULT_SUBADDRESS, HISTORIC_CHANGE_SUBADDRESS, CHANGE_SUBADDRESS, GIFT_CODE_SUBADDRESS];

/** Recognises the outputs of one account. */
export class OutputReader {
  readonly #keys: WalletKeys;
  readonly #subaddresses: SubaddressTable;

  /** With the subaddresses that every wallet watches, and others. */
  static of(keys: WalletKeys, others: readonly bigint[]): OutputReader {
    return new OutputReader(keys, [...WATCHED_SUBADDRESSES, ...others]);
  }

  private constructor(keys: WalletKeys, subaddressIndices: Iterable<bigint>) {
    this.#keys = keys;
    this.#subaddresses = new SubaddressTable(viewAccountOf(keys), subaddressIndices);
  }

  /** The output of a record. Throws SdkError `record-damaged` for one that is not ours, or came to an unknown subaddress. */
  ofRecord(record: TxOutRecord): OwnedOutput {
    const matched = this.#read(() => matchTxOutRecord(record, this.#reader()));
    if (matched === undefined) throw damaged(record, "it is not for this wallet");
    return this.#own(matched, matched.txOut, record);
  }

  /** The output if it is ours, else undefined. Throws SdkError `record-damaged` for one to an unknown subaddress. */
  ofTxOut(txOut: TxOut, place: TxOutPlace): OwnedOutput | undefined {
    const opened = this.#read(() => openTxOut(txOut, this.#reader()));
    return opened === undefined ? undefined : this.#own(opened, txOut, place);
  }

  #reader(): { readonly viewPrivateKey: AccountKey["viewPrivateKey"]; readonly subaddresses: SubaddressTable } {
    return { viewPrivateKey: this.#keys.viewPrivateKey, subaddresses: this.#subaddresses };
  }

  /** What cannot be read is nobody's. */
  #read<Read>(read: () => Read | undefined): Read | undefined {
    try {
      return read();
    } catch {
      return undefined;
    }
  }

  #own({ amount, memo, subaddressIndex, sharedSecret }: OwnedTxOut, txOut: TxOut, place: TxOutPlace): OwnedOutput {
    try {
      if (subaddressIndex === undefined)
        throw damaged(place, "it came to a subaddress that this wallet does not watch");
      const { globalIndex, blockIndex, timestamp } = place;
      const keyImage = isOwner(this.#keys) ? keyImageFor(this.#keys, sharedSecret, subaddressIndex) : undefined;
      return {
        globalIndex,
        blockIndex,
        timestamp,
        amount: { value: amount.value, tokenId: amount.tokenId },
        subaddressIndex,
        keyImage,
        memo,
        txOut,
        status: keyImage === undefined ? { kind: "unknown" } : { kind: "not-spent", below: blockIndex + 1n },
      };
    } finally {
      amount.blinding.wipe();
      sharedSecret.wipe();
    }
  }
}

/** The key image of an output to a subaddress of an account. */
function keyImageFor(account: AccountKey, sharedSecret: OwnedTxOut["sharedSecret"], index: bigint): CompressedPoint {
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, index);
  const onetimeKey = onetimePrivateKey(sharedSecret, spendPrivateKey);
  try {
    return keyImage(onetimeKey);
  } finally {
    onetimeKey.wipe();
    viewPrivateKey.wipe();
    spendPrivateKey.wipe();
  }
}

function damaged({ globalIndex }: TxOutPlace, why: string): SdkError {
  return new SdkError("record-damaged", `Output ${globalIndex} was skipped: ${why}.`);
}
