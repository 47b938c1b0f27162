// What Fog keeps of an output for its owner: everything but the hint, with the commitment cut to a checksum
// (spec 01 §9.1).
import { bytes, crc32, u32, u64 } from "@fogbow/core-bytes";
import { type CompressedPoint, compressedPoint } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  readBytes,
  type TxOutRecord as TxOutRecordMessage,
  TxOutRecordSchema,
} from "@fogbow/core-wire";
import { TransactionError } from "../error.ts";
import { MESSAGE_BYTES_MAX } from "../limits.ts";
import type { EncryptedMemo } from "../memo/encrypt-memo.ts";
import { MEMO_PAYLOAD_BYTES } from "../memo/memo.ts";
import { type MaskedFields, maskedTokenId } from "../output/masked-amount.ts";
import type { TxOut } from "../output/tx-out.ts";

/** Where and when an output was found. */
export interface TxOutPlace {
  /** Index of the output in the ledger. */
  readonly globalIndex: bigint;
  /** Index of its block. */
  readonly blockIndex: bigint;
  /** When the block was signed, in seconds since the Unix epoch; {@link UNKNOWN_TIMESTAMP} when nobody knows. */
  readonly timestamp: bigint;
}

/** The timestamp of blocks whose time nobody knows: 2⁶⁴ − 1. */
export const UNKNOWN_TIMESTAMP = 0xffff_ffff_ffff_ffffn;

/** One output in the form Fog hands back to its owner. */
export interface TxOutRecord extends TxOutPlace {
  readonly maskedAmount: MaskedFields;
  /** CRC-32 of the commitment, which the owner can recompute. */
  readonly commitmentCrc32: number;
  readonly targetKey: CompressedPoint;
  readonly publicKey: CompressedPoint;
  /** Undefined before block version 1. */
  readonly encryptedMemo: EncryptedMemo | undefined;
}

/** The record of an output. */
export function createTxOutRecord(txOut: TxOut, place: TxOutPlace): TxOutRecord {
  const { version, maskedValue, maskedTokenId, commitment } = txOut.maskedAmount;
  return {
    maskedAmount: { version, maskedValue, maskedTokenId },
    commitmentCrc32: crc32(commitment),
    targetKey: txOut.targetKey,
    publicKey: txOut.publicKey,
    encryptedMemo: txOut.encryptedMemo,
    globalIndex: u64(place.globalIndex),
    blockIndex: u64(place.blockIndex),
    timestamp: u64(place.timestamp),
  };
}

/**
 * A record as bytes: 187 from block version 2 on, 179 at version 1, 111 at version 0, if nothing in it is zero.
 * Throws WireError `wrong-length`, `invalid-masked-amount` and BytesError `out-of-range` for what could not be decoded.
 */
export function encodeTxOutRecord(record: TxOutRecord): Uint8Array {
  const { version, maskedValue, maskedTokenId: tokenId } = record.maskedAmount;
  return encodeMessage(TxOutRecordSchema, {
    txOutAmountMaskedValue: u64(maskedValue),
    txOutTargetKeyData: readBytes(record.targetKey, 32, "tx_out_target_key_data"),
    txOutPublicKeyData: readBytes(record.publicKey, 32, "tx_out_public_key_data"),
    txOutGlobalIndex: u64(record.globalIndex),
    blockIndex: u64(record.blockIndex),
    timestamp: u64(record.timestamp),
    txOutAmountCommitmentDataCrc32: u32(record.commitmentCrc32),
    txOutEMemoData:
      record.encryptedMemo === undefined
        ? new Uint8Array(0)
        : readBytes(record.encryptedMemo, MEMO_PAYLOAD_BYTES, "tx_out_e_memo_data"),
    txOutAmountMaskedTokenId: {
      case: version === 1 ? "txOutAmountMaskedV1TokenId" : "txOutAmountMaskedV2TokenId",
      value: maskedTokenId(version, tokenId),
    },
  });
}

/**
 * A record from bytes, old forms included: a whole commitment in place of its checksum, and no masked token id, which
 * means token 0. Throws WireError, `invalid-masked-amount`, `invalid-tx-out-record`.
 */
export function decodeTxOutRecord(encoded: Uint8Array): TxOutRecord {
  const message = decodeMessage(TxOutRecordSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX });
  return {
    maskedAmount: maskedFields(message),
    commitmentCrc32: commitmentCrc32(message),
    targetKey: compressedPoint(readBytes(message.txOutTargetKeyData, 32, "tx_out_target_key_data")),
    publicKey: compressedPoint(readBytes(message.txOutPublicKeyData, 32, "tx_out_public_key_data")),
    encryptedMemo: encryptedMemo(message.txOutEMemoData),
    globalIndex: message.txOutGlobalIndex ?? 0n,
    blockIndex: message.blockIndex ?? 0n,
    timestamp: message.timestamp,
  };
}

function maskedFields(message: TxOutRecordMessage): MaskedFields {
  const { case: field, value = new Uint8Array(0) } = message.txOutAmountMaskedTokenId;
  const version = field === "txOutAmountMaskedV2TokenId" ? 2 : 1;
  return {
    version,
    maskedValue: message.txOutAmountMaskedValue ?? 0n,
    maskedTokenId: maskedTokenId(version, value.slice()),
  };
}

function commitmentCrc32(message: TxOutRecordMessage): number {
  const commitment = message.txOutAmountCommitmentData;
  switch (commitment.length) {
    case 0:
      return message.txOutAmountCommitmentDataCrc32;
    case 32:
      return crc32(commitment);
    default:
      throw new TransactionError("invalid-tx-out-record", "The commitment in an old record has 32 bytes.");
  }
}

function encryptedMemo(data: Uint8Array): EncryptedMemo | undefined {
  return data.length === 0
    ? undefined
    : bytes(readBytes(data, MEMO_PAYLOAD_BYTES, "tx_out_e_memo_data"), MEMO_PAYLOAD_BYTES, "encrypted memo");
}
