// Known answers of memos: authenticated sender memos and destination memos, each alone, with a payment request id and
// with a payment intent id (spec 01 §6.3, §6.4, §10.1). The files call them encrypted, but hold their 64 plain bytes.
import { DEFAULT_SUBADDRESS, decodePublicAddress, shortAddressHash, subaddress } from "@fogbow/core-account";
import { be64, bytes, concatBytes, equalBytes } from "@fogbow/core-bytes";
import { publicKey } from "@fogbow/core-crypto";
import {
  createSenderMemo,
  decodeMemo,
  encodeMemo,
  MEMO_TYPES,
  type Memo,
  type SenderMemo,
  senderCredential,
  verifySenderMemo,
} from "@fogbow/core-transaction";
import { type Case, expectEqual, expectThat } from "./case.ts";
import { findOtherParty, findSenderMemo, linesToDraw, type PublishedSenderMemo } from "./published-keys.ts";

/** The memos that name their sender and carry a MAC. */
export type SenderKind = SenderMemo["kind"];

/** The memos that record where a payment went. */
export type DestinationKind = Extract<Memo, { recipientHash: unknown }>["kind"];

/** Where the MAC begins in a payload. */
const MAC_OFFSET = 50;

const ADDRESS = "sender_public_address_hex_proto_bytes";
const VIEW_KEY = "recipient_view_public_key_hex_raw_bytes";
const HASH = "recipient_short_address_hash_hex_raw_bytes";

/**
 * Checks a sender memo whose data is in `memoField`: its sender's hash, its id and, where the keys behind the case are
 * known, its MAC.
 */
export function checkSenderMemo(one: Case, kind: SenderKind, memoField: string): void {
  const { memo, payload } = readMemo(one, kind, memoField);
  checkPaymentIds(one, memo);
  const sender = decodePublicAddress(one.hex(ADDRESS));
  const recipientViewPublicKey = publicKey(one.hex(VIEW_KEY));
  expectThat(
    equalBytes(memo.senderHash, shortAddressHash(sender)) !== one.mustNotMatch,
    one.mustNotMatch ? "the sender's hash matches" : "the sender's hash differs",
  );

  const line = findSenderMemo(linesToDraw(one), sender);
  const madeForOther = line !== undefined && equalBytes(remakeMac(memo, line), memo.mac);
  const isOther = line !== undefined && equalBytes(line.other.address.viewPublicKey, recipientViewPublicKey);
  if (line === undefined || !(isOther || madeForOther)) {
    one.leftOut.push("MAC");
    return;
  }
  expectThat(isOther, "the MAC was made for another recipient");
  expectThat(madeForOther !== one.mustNotMatch, one.mustNotMatch ? "the MAC matches" : "the MAC differs");
  const { txOutPublicKey, other } = line;
  const subaddressViewPrivateKey = subaddress(other.account, DEFAULT_SUBADDRESS).viewPrivateKey;
  const verified = verifySenderMemo({ payload, sender, subaddressViewPrivateKey, txOutPublicKey });
  expectThat(verified !== one.mustNotMatch, `the recipient ${verified ? "believes" : "does not believe"} the memo`);
}

/** The MAC of the same memo if the line's sender had sent it to the line's other account. */
function remakeMac(memo: SenderMemo, { sender, other, txOutPublicKey }: PublishedSenderMemo): Uint8Array {
  const { spendPrivateKey } = senderCredential(sender.account);
  const remade = createSenderMemo(memo, {
    credential: { addressHash: memo.senderHash, spendPrivateKey },
    recipientViewPublicKey: other.address.viewPublicKey,
    txOutPublicKey,
  });
  return remade.subarray(MAC_OFFSET);
}

/** Checks a destination memo whose data is in `memoField`: recipient, count, fee, outlay and id. */
export function checkDestinationMemo(one: Case, kind: DestinationKind, memoField: string): void {
  const { memo } = readMemo(one, kind, memoField);
  checkPaymentIds(one, memo);
  expectEqual("total_outlay", memo.totalOutlay, one.integer("total_outlay"));
  expectEqual("fee", memo.fee, one.integer("fee"));
  expectThat(memo.recipientCount === 1, "the memo does not count one recipient");

  const address = decodePublicAddress(one.hex(ADDRESS));
  const hash = bytes(one.hex(HASH), 16, HASH);
  const namesHash = equalBytes(memo.recipientHash, hash);
  if (one.mustNotMatch) {
    expectThat(!namesHash, "the recipient's hash matches");
  } else if (!namesHash) {
    // The published file has its two columns swapped: the address is the recipient's, the hash is the sender's.
    expectThat(equalBytes(memo.recipientHash, shortAddressHash(address)), "the recipient's hash differs");
    const sender = findOtherParty(linesToDraw(one), address);
    expectThat(
      sender === undefined || equalBytes(shortAddressHash(sender.address), hash),
      "neither column holds the hash of the memo's other party",
    );
  }
}

/** The memo of a kind that the bare data holds. The memo must account for every byte of it. */
function readMemo<Kind extends SenderKind | DestinationKind>(one: Case, kind: Kind, memoField: string) {
  const payload = concatBytes(be64(BigInt(MEMO_TYPES[kind])).subarray(6), one.hex(memoField));
  const memo = decodeMemo(payload);
  expectThat(isOfKind(memo, kind), `the memo is read as ${memo.kind}`);
  expectThat(equalBytes(encodeMemo(memo), payload), "bytes without a meaning are not zero");
  return { memo, payload };
}

function isOfKind<Kind extends Memo["kind"]>(memo: Memo, kind: Kind): memo is Extract<Memo, { kind: Kind }> {
  return memo.kind === kind;
}

function checkPaymentIds(one: Case, memo: Memo): void {
  if ("paymentRequestId" in memo) {
    expectEqual("payment_request_id", memo.paymentRequestId, one.integer("payment_request_id"));
  }
  if ("paymentIntentId" in memo) {
    expectEqual("payment_intent_id", memo.paymentIntentId, one.integer("payment_intent_id"));
  }
}
