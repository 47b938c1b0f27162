// Sealed records: a TxOutRecord boxed to its owner, under the search key its owner will ask for (spec 01 §9.2).
import { type Bytes, bytes, type Random, wipeBytes } from "@fogbow/core-bytes";
import { openBox, type PrivateKey, type PublicKey, SEARCH_KEY_BYTES, sealBox } from "@fogbow/core-crypto";
import { decodeMessage, ETxOutRecordSchema, encodeMessage, readBytes, readPresent } from "@fogbow/core-wire";
import { MESSAGE_BYTES_MAX } from "../limits.ts";
import { decodeTxOutRecord, encodeTxOutRecord, type TxOutRecord } from "./tx-out-record.ts";

/** A record that only its owner can find and open. */
export interface ETxOutRecord {
  readonly searchKey: Bytes<16>;
  /** A crypto box around the encoded record, 50 bytes longer than it. */
  readonly payload: Uint8Array;
}

/**
 * Seals a record for the view public key C of the owner's default subaddress, the one in the hint. Draws 64 random
 * bytes. Throws BytesError `invalid-length` unless the search key has 16 bytes.
 */
export function sealTxOutRecord(
  record: TxOutRecord,
  owner: { readonly searchKey: Uint8Array; readonly viewPublicKey: PublicKey },
  random: Random,
): ETxOutRecord {
  return {
    searchKey: bytes(owner.searchKey, SEARCH_KEY_BYTES, "search key"),
    payload: sealBox(owner.viewPublicKey, encodeTxOutRecord(record), random),
  };
}

/**
 * Opens the payload of a sealed record with the view private key c of the **default subaddress**, not the account's.
 * Throws CryptoError `box-…` when it is damaged or for someone else, and whatever `decodeTxOutRecord` throws.
 */
export function openTxOutRecord(payload: Uint8Array, subaddressViewPrivateKey: PrivateKey): TxOutRecord {
  const plaintext = openBox(subaddressViewPrivateKey, payload);
  try {
    return decodeTxOutRecord(plaintext);
  } finally {
    wipeBytes(plaintext);
  }
}

/** A sealed record as bytes. Throws WireError `wrong-length`, `message-too-large`. */
export function encodeETxOutRecord({ searchKey, payload }: ETxOutRecord): Uint8Array {
  const message = {
    searchKey: readBytes(searchKey, SEARCH_KEY_BYTES, "search_key"),
    payload: readPresent(payload, "payload"),
  };
  return encodeMessage(ETxOutRecordSchema, message, { bytesMax: MESSAGE_BYTES_MAX });
}

/** A sealed record from bytes. Throws WireError. */
export function decodeETxOutRecord(encoded: Uint8Array): ETxOutRecord {
  const message = decodeMessage(ETxOutRecordSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX });
  return {
    searchKey: bytes(readBytes(message.searchKey, SEARCH_KEY_BYTES, "search_key"), SEARCH_KEY_BYTES, "search key"),
    payload: readPresent(message.payload, "payload").slice(),
  };
}
