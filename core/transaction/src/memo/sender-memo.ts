// Authenticated sender memos: making and checking the MAC that only sender and recipient can compute (spec 01 §6.4).
import {
  type AccountKey,
  DEFAULT_SUBADDRESS,
  type PublicAddress,
  publicAddress,
  shortAddressHash,
  subaddress,
} from "@fogbow/core-account";
import { type Bytes, bytes, equalBytes, utf8, wipeBytes } from "@fogbow/core-bytes";
import {
  type CompressedPoint,
  compressedPoint,
  keyExchange,
  type PrivateKey,
  type PublicKey,
} from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { MEMO_TYPES, type MemoPayload, type SenderMemo } from "./memo.ts";
import { encodeMemo, memoPayload } from "./memo-codec.ts";

const TAG = utf8("mc-memo-mac");
const MAC_BYTES = 16;
/** Where the MAC begins in the payload; it covers everything before. */
const MAC_OFFSET = 50;

/** What it takes to be named as the sender: an address and the right to spend from it. */
export interface SenderCredential {
  /** The short address hash of the sender. */
  readonly addressHash: Bytes<16>;
  /** The subaddress spend private key d of the same address. */
  readonly spendPrivateKey: PrivateKey;
}

/** The credential of an account's subaddress, by default the published one. */
export function senderCredential(account: AccountKey, index: bigint = DEFAULT_SUBADDRESS): SenderCredential {
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, index);
  viewPrivateKey.wipe();
  return { addressHash: bytes(shortAddressHash(publicAddress(account, index)), 16, "address hash"), spendPrivateKey };
}

/** What a sender memo says besides who sent it. */
export type SenderMemoContent =
  | { readonly kind: "authenticated-sender" }
  | { readonly kind: "authenticated-sender-with-payment-request-id"; readonly paymentRequestId: bigint }
  | { readonly kind: "authenticated-sender-with-payment-intent-id"; readonly paymentIntentId: bigint };

/** A sender memo for the output with this public key, sent to the subaddress with this view public key. */
export function createSenderMemo(
  content: SenderMemoContent,
  parts: {
    readonly credential: SenderCredential;
    readonly recipientViewPublicKey: PublicKey;
    readonly txOutPublicKey: CompressedPoint;
  },
): MemoPayload {
  const { credential, recipientViewPublicKey, txOutPublicKey } = parts;
  const memo: SenderMemo = {
    ...content,
    senderHash: credential.addressHash,
    mac: bytes(new Uint8Array(16), 16, "MAC"),
  };
  const payload = encodeMemo(memo);
  const key = keyExchange(credential.spendPrivateKey, recipientViewPublicKey);
  try {
    payload.set(mac(key, txOutPublicKey, payload), MAC_OFFSET);
    return payload;
  } finally {
    wipeBytes(key);
  }
}

/** What a recipient knows when checking a sender memo. */
export interface SenderMemoCheck {
  readonly payload: Uint8Array;
  /** The contact whose short address hash the memo names. */
  readonly sender: PublicAddress;
  /** The view private key c of the **subaddress** that received the output, not the account's. */
  readonly subaddressViewPrivateKey: PrivateKey;
  /** The public key of the TxOut that carries the memo. */
  readonly txOutPublicKey: CompressedPoint;
}

/**
 * Whether the memo is a sender memo written by this sender to this recipient for this output. One answer for every
 * reason: the hash and the MAC are both computed and compared in constant time. Throws `invalid-memo` unless there
 * are 66 bytes.
 */
export function verifySenderMemo(check: SenderMemoCheck): boolean {
  const payload = memoPayload(check.payload);
  if (!isSenderMemo(payload)) {
    return false;
  }
  const key = keyExchange(check.subaddressViewPrivateKey, check.sender.spendPublicKey);
  try {
    const expectedMac = mac(key, check.txOutPublicKey, payload);
    const sameMac = equalBytes(expectedMac, payload.subarray(MAC_OFFSET));
    const sameHash = equalBytes(shortAddressHash(check.sender), payload.subarray(2, 18));
    wipeBytes(expectedMac);
    return (Number(sameMac) & Number(sameHash)) === 1; // No shortcut: both are always computed.
  } finally {
    wipeBytes(key);
  }
}

function isSenderMemo(payload: MemoPayload): boolean {
  const type = ((payload[0] as number) << 8) | (payload[1] as number); // The payload has 66 bytes.
  return (
    type === MEMO_TYPES["authenticated-sender"] ||
    type === MEMO_TYPES["authenticated-sender-with-payment-request-id"] ||
    type === MEMO_TYPES["authenticated-sender-with-payment-intent-id"]
  );
}

/** The MAC covers the output's key, the type and the data before it, meaningless bytes as they are. */
function mac(key: Uint8Array, txOutPublicKey: CompressedPoint, payload: MemoPayload): Uint8Array {
  const full = kernel().hashes.hmac(
    "sha512",
    key,
    TAG,
    compressedPoint(txOutPublicKey),
    payload.subarray(0, MAC_OFFSET),
  );
  try {
    return full.slice(0, MAC_BYTES);
  } finally {
    wipeBytes(full);
  }
}
