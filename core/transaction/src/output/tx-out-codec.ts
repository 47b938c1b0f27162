// Outputs and masked amounts as protobuf messages (spec 01 §5.1).
import { bytes, u64 } from "@fogbow/core-bytes";
import { compressedPoint, publicKey } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  type MaskedAmount as MaskedAmountMessage,
  type Receipt as ReceiptMessage,
  readBytes,
  readData,
  readPresent,
  type TxOut as TxOutMessage,
  TxOutSchema,
} from "@fogbow/core-wire";
import { MESSAGE_BYTES_MAX } from "../limits.ts";
import { MEMO_PAYLOAD_BYTES } from "../memo/memo.ts";
import { type MaskedAmount, maskedTokenId } from "./masked-amount.ts";
import { FOG_HINT_BYTES, type TxOut } from "./tx-out.ts";

/**
 * An output as the published protobuf message, fields in ascending order. Throws WireError `wrong-length` and
 * `invalid-masked-amount` for what could not be decoded again.
 */
export function encodeTxOut(txOut: TxOut): Uint8Array {
  return encodeMessage(TxOutSchema, txOutToWire(txOut));
}

/**
 * An output from the published protobuf message. Throws WireError (`malformed-message`, `message-too-large`,
 * `missing-field`, `wrong-length`), CryptoError `invalid-public-key` when a key is not a point, and
 * `invalid-masked-amount`.
 */
export function decodeTxOut(encoded: Uint8Array): TxOut {
  return txOutFromWire(decodeMessage(TxOutSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX }));
}

/** A wrapped byte string of a message. */
interface Data {
  readonly data: Uint8Array;
}

/** A masked amount as `encodeMessage` takes it, inside a TxOut or Receipt. */
export interface MaskedAmountInit {
  readonly case: "maskedAmountV1" | "maskedAmountV2";
  readonly value: { readonly commitment: Data; readonly maskedValue: bigint; readonly maskedTokenId: Uint8Array };
}

/** An output as `encodeMessage` takes it. */
export interface TxOutInit {
  readonly maskedAmount: MaskedAmountInit;
  readonly targetKey: Data;
  readonly publicKey: Data;
  readonly eFogHint: Data;
  readonly eMemo?: Data;
}

/** An output as a message, to be put into larger ones. Errors as {@link encodeTxOut}. */
export function txOutToWire(txOut: TxOut): TxOutInit {
  return {
    maskedAmount: maskedAmountToWire(txOut.maskedAmount),
    targetKey: { data: readBytes(txOut.targetKey, 32, "target_key") },
    publicKey: { data: readBytes(txOut.publicKey, 32, "public_key") },
    eFogHint: { data: readBytes(txOut.encryptedFogHint, FOG_HINT_BYTES, "e_fog_hint") },
    ...(txOut.encryptedMemo !== undefined && {
      eMemo: { data: readBytes(txOut.encryptedMemo, MEMO_PAYLOAD_BYTES, "e_memo") },
    }),
  };
}

/** An output from a message that someone sent: its keys must be points. Errors as {@link decodeTxOut}. */
export function txOutFromWire(message: TxOutMessage): TxOut {
  const txOut = storedTxOutFromWire(message);
  return { ...txOut, targetKey: publicKey(txOut.targetKey), publicKey: publicKey(txOut.publicKey) };
}

/** An output from a message that the ledger stored: its keys are only measured. Errors as {@link decodeTxOut}. */
export function storedTxOutFromWire(message: TxOutMessage): TxOut {
  const memo = message.eMemo?.data ?? new Uint8Array(0);
  return {
    maskedAmount: maskedAmountFromWire(message.maskedAmount),
    targetKey: compressedPoint(readData(message.targetKey, 32, "target_key")),
    publicKey: compressedPoint(readData(message.publicKey, 32, "public_key")),
    encryptedFogHint: bytes(readData(message.eFogHint, FOG_HINT_BYTES, "e_fog_hint"), FOG_HINT_BYTES, "e_fog_hint"),
    encryptedMemo:
      memo.length === 0
        ? undefined
        : bytes(readData({ data: memo }, MEMO_PAYLOAD_BYTES, "e_memo"), MEMO_PAYLOAD_BYTES, "e_memo"),
  };
}

/** A masked amount as the oneof that TxOut and Receipt share. */
export function maskedAmountToWire(masked: MaskedAmount): MaskedAmountInit {
  return {
    case: masked.version === 1 ? "maskedAmountV1" : "maskedAmountV2",
    value: {
      commitment: { data: readBytes(masked.commitment, 32, "commitment") },
      maskedValue: u64(masked.maskedValue),
      maskedTokenId: maskedTokenId(masked.version, masked.maskedTokenId),
    },
  };
}

/** A masked amount from the oneof that TxOut and Receipt share. A masked value of 0 may be left out on the wire. */
export function maskedAmountFromWire(
  oneof: TxOutMessage["maskedAmount"] | ReceiptMessage["maskedAmount"],
): MaskedAmount {
  const message: MaskedAmountMessage = readPresent(oneof.value, "masked_amount");
  const version = oneof.case === "maskedAmountV1" ? 1 : 2;
  return {
    version,
    commitment: compressedPoint(readData(message.commitment, 32, "commitment")),
    maskedValue: message.maskedValue ?? 0n,
    maskedTokenId: maskedTokenId(version, message.maskedTokenId.slice()),
  };
}
