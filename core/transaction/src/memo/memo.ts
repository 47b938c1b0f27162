// The memo types as one discriminated union (spec 01 §6.2 and §6.3).
import type { Bytes } from "@fogbow/core-bytes";

/** Bytes of a memo payload: 2 for the type, 64 for the data. */
export const MEMO_PAYLOAD_BYTES = 66;

/** Bytes of a memo's data. */
export const MEMO_DATA_BYTES = 64;

/** A memo in the clear: 2 type bytes, then 64 data bytes. */
export type MemoPayload = Bytes<66>;

/** The largest fee a memo can name: 2⁵⁶ − 1 of the token's smallest unit. */
export const MEMO_FEE_MAX = 0x00ff_ffff_ffff_ffffn;

/** Nothing to say; also what a TxOut without a memo is taken for. Type `0000`. */
export interface UnusedMemo {
  readonly kind: "unused";
}

/** Tells the issuer of a token what a burn redeems, in 64 bytes of its own format. Type `0001`. */
export interface BurnRedemptionMemo {
  readonly kind: "burn-redemption";
  readonly data: Bytes<64>;
}

/** Written on the change when an own gift code was redeemed. The note has at most 57 bytes. Type `0002`. */
export interface GiftCodeSenderMemo {
  readonly kind: "gift-code-sender";
  readonly fee: bigint;
  readonly note: string;
}

/** Written on both outputs of a transaction that only merges outputs of one account. Type `0003`. */
export interface DefragmentationMemo {
  readonly kind: "defragmentation";
  readonly fee: bigint;
  readonly totalOutlay: bigint;
  readonly defragmentationId: bigint;
}

/** What every authenticated memo tells: who sent it, if {@link verifySenderMemo} agrees. */
interface FromSender {
  /** The short address hash of the sender. */
  readonly senderHash: Bytes<16>;
  readonly mac: Bytes<16>;
}

/** Names the sender, provably to the recipient only. Type `0100`. */
export interface AuthenticatedSenderMemo extends FromSender {
  readonly kind: "authenticated-sender";
}

/** Names the sender and the payment request this output answers. Type `0101`. */
export interface AuthenticatedSenderWithPaymentRequestIdMemo extends FromSender {
  readonly kind: "authenticated-sender-with-payment-request-id";
  readonly paymentRequestId: bigint;
}

/** Names the sender and the payment intent this output fulfils. Type `0102`. */
export interface AuthenticatedSenderWithPaymentIntentIdMemo extends FromSender {
  readonly kind: "authenticated-sender-with-payment-intent-id";
  readonly paymentIntentId: bigint;
}

/** What every destination memo tells, on the change output, to the sender's own later self. */
interface ToRecipient {
  /** The short address hash of the (last) recipient. */
  readonly recipientHash: Bytes<16>;
  /** How many payment outputs the transaction had, 0 … 255. */
  readonly recipientCount: number;
  readonly fee: bigint;
  /** The fee and all payment outputs together. */
  readonly totalOutlay: bigint;
}

/** Records where a payment went. Type `0200`. */
export interface DestinationMemo extends ToRecipient {
  readonly kind: "destination";
}

/** Records where a payment went and which payment request it answered. Type `0203`. */
export interface DestinationWithPaymentRequestIdMemo extends ToRecipient {
  readonly kind: "destination-with-payment-request-id";
  readonly paymentRequestId: bigint;
}

/** Records where a payment went and which payment intent it fulfilled. Type `0204`. */
export interface DestinationWithPaymentIntentIdMemo extends ToRecipient {
  readonly kind: "destination-with-payment-intent-id";
  readonly paymentIntentId: bigint;
}

/** Written on the change when a gift code is funded. The note has at most 53 bytes. Type `0201`. */
export interface GiftCodeFundingMemo {
  readonly kind: "gift-code-funding";
  /** See {@link giftShortHash}. */
  readonly giftHash: Bytes<4>;
  readonly fee: bigint;
  readonly note: string;
}

/** Written on the change when a gift code is taken back. Type `0202`. */
export interface GiftCodeCancellationMemo {
  readonly kind: "gift-code-cancellation";
  /** Index in the ledger of the cancelled gift's output. */
  readonly globalIndex: bigint;
  readonly fee: bigint;
}

/** A type this code does not know; its bytes are kept. */
export interface UnknownMemo {
  readonly kind: "unknown";
  /** The two type bytes, most significant first. */
  readonly type: number;
  readonly data: Bytes<64>;
}

/** The memos that name their sender and carry a MAC. */
export type SenderMemo =
  | AuthenticatedSenderMemo
  | AuthenticatedSenderWithPaymentRequestIdMemo
  | AuthenticatedSenderWithPaymentIntentIdMemo;

/** What a memo says. Fees are bigints below 2⁵⁶, other integers are unsigned 64-bit. */
export type Memo =
  | UnusedMemo
  | BurnRedemptionMemo
  | GiftCodeSenderMemo
  | DefragmentationMemo
  | SenderMemo
  | DestinationMemo
  | DestinationWithPaymentRequestIdMemo
  | DestinationWithPaymentIntentIdMemo
  | GiftCodeFundingMemo
  | GiftCodeCancellationMemo
  | UnknownMemo;

/** The two type bytes of each kind of memo, as one number. */
export const MEMO_TYPES: Readonly<Record<Exclude<Memo["kind"], "unknown">, number>> = {
  unused: 0x0000,
  "burn-redemption": 0x0001,
  "gift-code-sender": 0x0002,
  defragmentation: 0x0003,
  "authenticated-sender": 0x0100,
  "authenticated-sender-with-payment-request-id": 0x0101,
  "authenticated-sender-with-payment-intent-id": 0x0102,
  destination: 0x0200,
  "gift-code-funding": 0x0201,
  "gift-code-cancellation": 0x0202,
  "destination-with-payment-request-id": 0x0203,
  "destination-with-payment-intent-id": 0x0204,
};
