// Memos as 66-byte payloads and back (spec 01 §6.3). Integers inside memos are big-endian, unlike everywhere else.
import { type Bytes, be64, bytes, fromUtf8, readBe64, u64, utf8 } from "@fogbow/core-bytes";
import { TransactionError } from "../error.ts";
import { hasLength } from "../has-length.ts";
import { MEMO_DATA_BYTES, MEMO_FEE_MAX, MEMO_PAYLOAD_BYTES, MEMO_TYPES, type Memo, type MemoPayload } from "./memo.ts";

/** Most UTF-8 bytes of the note in a gift code funding memo. */
export const GIFT_CODE_FUNDING_NOTE_BYTES_MAX = 53;

/** Most UTF-8 bytes of the note in a gift code sender memo. */
export const GIFT_CODE_SENDER_NOTE_BYTES_MAX = 57;

/**
 * The payload of a memo; bytes without a meaning are zero. Throws `fee-too-large`, `memo-too-long` (a note), and
 * BytesError `out-of-range` or `invalid-length` for other fields.
 */
export function encodeMemo(memo: Memo): MemoPayload {
  const type = memo.kind === "unknown" ? memo.type : MEMO_TYPES[memo.kind];
  if (!Number.isInteger(type) || type < 0 || type > 0xffff) {
    throw new TransactionError("invalid-memo", "A memo type has two bytes.");
  }
  const payload = new Uint8Array(MEMO_PAYLOAD_BYTES);
  payload.set([type >> 8, type & 0xff]);
  writeData(memo, payload.subarray(2));
  return bytes(payload, MEMO_PAYLOAD_BYTES, "memo payload");
}

/**
 * The memo in a payload. A type this code does not know gives kind `unknown` and keeps the bytes. Bytes without a
 * meaning are not checked. Throws `invalid-memo` unless there are 66 bytes, `memo-note-not-utf8` for a bad note.
 */
export function decodeMemo(payload: Uint8Array): Memo {
  const [high, low] = memoPayload(payload);
  const type = ((high as number) << 8) | (low as number); // The payload has 66 bytes.
  const data = new Uint8Array(payload).subarray(2); // A copy: Node's Buffer shares its memory with its slices.
  switch (type) {
    case MEMO_TYPES.unused:
      return { kind: "unused" };
    case MEMO_TYPES["burn-redemption"]:
      return { kind: "burn-redemption", data: bytes(data, MEMO_DATA_BYTES, "memo data") };
    case MEMO_TYPES["gift-code-sender"]:
      return { kind: "gift-code-sender", fee: readFee(data, 0), note: readNote(data, 7) };
    case MEMO_TYPES.defragmentation:
      return {
        kind: "defragmentation",
        fee: readFee(data, 0),
        totalOutlay: readBe64(data, 7),
        defragmentationId: readBe64(data, 15),
      };
    case MEMO_TYPES["authenticated-sender"]:
      return { kind: "authenticated-sender", ...readSender(data) };
    case MEMO_TYPES["authenticated-sender-with-payment-request-id"]:
      return {
        kind: "authenticated-sender-with-payment-request-id",
        ...readSender(data),
        paymentRequestId: readBe64(data, 16),
      };
    case MEMO_TYPES["authenticated-sender-with-payment-intent-id"]:
      return {
        kind: "authenticated-sender-with-payment-intent-id",
        ...readSender(data),
        paymentIntentId: readBe64(data, 16),
      };
    case MEMO_TYPES.destination:
      return { kind: "destination", ...readDestination(data) };
    case MEMO_TYPES["destination-with-payment-request-id"]:
      return {
        kind: "destination-with-payment-request-id",
        ...readDestination(data),
        paymentRequestId: readBe64(data, 32),
      };
    case MEMO_TYPES["destination-with-payment-intent-id"]:
      return {
        kind: "destination-with-payment-intent-id",
        ...readDestination(data),
        paymentIntentId: readBe64(data, 32),
      };
    case MEMO_TYPES["gift-code-funding"]:
      return {
        kind: "gift-code-funding",
        giftHash: bytes(data.slice(0, 4), 4, "gift hash"),
        fee: readFee(data, 4),
        note: readNote(data, 11),
      };
    case MEMO_TYPES["gift-code-cancellation"]:
      return { kind: "gift-code-cancellation", globalIndex: readBe64(data, 0), fee: readFee(data, 8) };
    default:
      return { kind: "unknown", type, data: bytes(data, MEMO_DATA_BYTES, "memo data") };
  }
}

/** The same bytes as a memo payload. Throws `invalid-memo` unless there are 66. */
export function memoPayload(payload: Uint8Array): MemoPayload {
  if (!hasLength(payload, MEMO_PAYLOAD_BYTES)) {
    throw new TransactionError("invalid-memo", `A memo payload has ${MEMO_PAYLOAD_BYTES} bytes.`);
  }
  return bytes(payload, MEMO_PAYLOAD_BYTES, "memo payload");
}

/** The same fee, checked to fit the 56 bits that memos have for it. Throws `fee-too-large`, BytesError `out-of-range`. */
export function memoFee(fee: bigint): bigint {
  if (u64(fee) > MEMO_FEE_MAX) {
    throw new TransactionError("fee-too-large", `A memo can name a fee of at most ${MEMO_FEE_MAX}.`);
  }
  return fee;
}

/** The note as UTF-8. Throws `memo-too-long` beyond `bytesMax` bytes. */
export function memoNote(note: string, bytesMax: number): Uint8Array {
  const encoded = utf8(note);
  if (encoded.length > bytesMax) {
    throw new TransactionError("memo-too-long", `The note has ${encoded.length} bytes, ${bytesMax} fit.`);
  }
  return encoded;
}

function writeData(memo: Memo, data: Uint8Array): void {
  switch (memo.kind) {
    case "unused":
      return;
    case "burn-redemption":
    case "unknown":
      data.set(bytes(memo.data, MEMO_DATA_BYTES, "memo data"));
      return;
    case "gift-code-sender":
      writeFee(memo.fee, data, 0);
      data.set(memoNote(memo.note, GIFT_CODE_SENDER_NOTE_BYTES_MAX), 7);
      return;
    case "defragmentation":
      writeFee(memo.fee, data, 0);
      data.set(be64(memo.totalOutlay), 7);
      data.set(be64(memo.defragmentationId), 15);
      return;
    case "authenticated-sender":
      writeSender(memo, data);
      return;
    case "authenticated-sender-with-payment-request-id":
      writeSender(memo, data);
      data.set(be64(memo.paymentRequestId), 16);
      return;
    case "authenticated-sender-with-payment-intent-id":
      writeSender(memo, data);
      data.set(be64(memo.paymentIntentId), 16);
      return;
    case "destination":
      writeDestination(memo, data);
      return;
    case "destination-with-payment-request-id":
      writeDestination(memo, data);
      data.set(be64(memo.paymentRequestId), 32);
      return;
    case "destination-with-payment-intent-id":
      writeDestination(memo, data);
      data.set(be64(memo.paymentIntentId), 32);
      return;
    case "gift-code-funding":
      data.set(bytes(memo.giftHash, 4, "gift hash"));
      writeFee(memo.fee, data, 4);
      data.set(memoNote(memo.note, GIFT_CODE_FUNDING_NOTE_BYTES_MAX), 11);
      return;
    case "gift-code-cancellation":
      data.set(be64(memo.globalIndex));
      writeFee(memo.fee, data, 8);
      return;
    default:
      memo satisfies never;
  }
}

type SenderFields = { readonly senderHash: Bytes<16>; readonly mac: Bytes<16> };

function readSender(data: Uint8Array): SenderFields {
  return {
    senderHash: bytes(data.slice(0, 16), 16, "sender hash"),
    mac: bytes(data.slice(48), 16, "memo MAC"),
  };
}

function writeSender({ senderHash, mac }: SenderFields, data: Uint8Array): void {
  data.set(bytes(senderHash, 16, "sender hash"));
  data.set(bytes(mac, 16, "memo MAC"), 48);
}

type DestinationFields = {
  readonly recipientHash: Bytes<16>;
  readonly recipientCount: number;
  readonly fee: bigint;
  readonly totalOutlay: bigint;
};

function readDestination(data: Uint8Array): DestinationFields {
  return {
    recipientHash: bytes(data.slice(0, 16), 16, "recipient hash"),
    recipientCount: data[16] as number, // The data has 64 bytes.
    fee: readFee(data, 17),
    totalOutlay: readBe64(data, 24),
  };
}

function writeDestination(
  { recipientHash, recipientCount, fee, totalOutlay }: DestinationFields,
  data: Uint8Array,
): void {
  if (!Number.isInteger(recipientCount) || recipientCount < 0 || recipientCount > 0xff) {
    throw new TransactionError("too-many-recipients", "A destination memo counts 0 to 255 outputs.");
  }
  data.set(bytes(recipientHash, 16, "recipient hash"));
  data[16] = recipientCount;
  writeFee(fee, data, 17);
  data.set(be64(totalOutlay), 24);
}

/** A 56-bit fee is a 64-bit one without its first byte. */
function writeFee(fee: bigint, data: Uint8Array, offset: number): void {
  data.set(be64(memoFee(fee)).subarray(1), offset);
}

function readFee(data: Uint8Array, offset: number): bigint {
  const fee = new Uint8Array(8);
  fee.set(data.subarray(offset, offset + 7), 1);
  return readBe64(fee);
}

/** A note fills the rest of the data and ends at the first zero byte, if there is one. */
function readNote(data: Uint8Array, offset: number): string {
  const field = data.subarray(offset);
  const end = field.indexOf(0);
  try {
    return fromUtf8(end < 0 ? field : field.subarray(0, end));
  } catch (cause) {
    throw new TransactionError("memo-note-not-utf8", "The note of this memo is not UTF-8 text.", { cause });
  }
}
