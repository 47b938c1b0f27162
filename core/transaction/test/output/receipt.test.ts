// Tests of receipts and confirmation numbers.
import { accountKeyFromBip39Entropy, publicAddress } from "@fogbow/core-account";
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { compressedPoint, publicKey } from "@fogbow/core-crypto";
import { encodeMessage, ReceiptSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import {
  confirmationNumber,
  createReceipt,
  createTxOut,
  decodeReceipt,
  decodeTxOut,
  encodeMemo,
  encodeReceipt,
  openReceipt,
  type Receipt,
  receiptMatches,
  type TxOut,
  txOutSharedSecret,
  verifyConfirmation,
} from "../../src/index.ts";
import { amount, fixed, privateKey, root0 } from "../fixtures.ts";
import { expectCode, expectTotal, expectTypedError } from "../typed-errors.ts";
import { MOBILE_TX_OUT } from "./known-outputs.ts";

const TOMBSTONE = 0xffff_ffff_ffff_ffffn;

const receiptAt = (blockVersion: 1 | 2 | 3): { readonly txOut: TxOut; readonly receipt: Receipt } => {
  const { txOut, sharedSecret } = createTxOut({
    blockVersion,
    recipient: publicAddress(root0()),
    amount: amount(5n),
    memo: encodeMemo({ kind: "unused" }),
    fogHint: new Uint8Array(84),
    txPrivateKey: privateKey("05".repeat(32)),
  });
  return { txOut, receipt: createReceipt(txOut, sharedSecret, TOMBSTONE) };
};

test("the published confirmation number is the one of the published output, for its recipient only", () => {
  const { publicKey: compressed } = decodeTxOut(fromHex(MOBILE_TX_OUT));
  const txOutPublicKey = publicKey(compressed);
  const { viewPrivateKey } = accountKeyFromBip39Entropy(new Secret(new Uint8Array(32).fill(0xff)), 0);
  const confirmation = fromHex("57f8f969c52795ef810dd28ba7b0c41ca389928887024ee007cdd5c3fd3c3afe");
  expect(confirmationNumber(txOutSharedSecret(viewPrivateKey, txOutPublicKey))).toEqual(confirmation);
  expect(verifyConfirmation(confirmation, txOutPublicKey, viewPrivateKey)).toBe(true);
  expect(verifyConfirmation(confirmation, txOutPublicKey, root0().viewPrivateKey)).toBe(false);
  expect(verifyConfirmation(confirmation.slice(1), txOutPublicKey, viewPrivateKey)).toBe(false);
});

test("a receipt opens for the recipient and matches the output it is of, at every amount version", () => {
  for (const blockVersion of [1, 2, 3] as const) {
    const { txOut, receipt } = receiptAt(blockVersion);
    expect(openReceipt(receipt, root0().viewPrivateKey)).toMatchObject({ value: 5n, tokenId: 0n });
    expect(receiptMatches(receipt, txOut)).toBe(true);
    expect(decodeReceipt(encodeReceipt(receipt))).toEqual(receipt);
  }
});

test("a receipt does not open with a foreign key, confirmation or amount", () => {
  const { receipt } = receiptAt(3);
  const { viewPrivateKey } = root0();
  const confirmation = fixed("00".repeat(32), 32);
  const maskedAmount = { ...receipt.maskedAmount, maskedValue: receipt.maskedAmount.maskedValue ^ 1n };
  expect(openReceipt(receipt, privateKey("07".repeat(32)))).toBeUndefined();
  expect(openReceipt({ ...receipt, confirmation }, viewPrivateKey)).toBeUndefined();
  expect(openReceipt({ ...receipt, maskedAmount }, viewPrivateKey)).toBeUndefined();
});

test("a receipt does not match an output with another key or amount", () => {
  const { txOut, receipt } = receiptAt(3);
  expect(receiptMatches(receipt, { ...txOut, publicKey: txOut.targetKey })).toBe(false);
  expect(receiptMatches(receipt, { ...txOut, maskedAmount: { ...txOut.maskedAmount, version: 1 } })).toBe(false);
});

test("the amount is in field 4 or 5, unlike in outputs", () => {
  expect(toHex(encodeReceipt(receiptAt(2).receipt)).slice(-114, -110)).toBe("2237");
  expect(toHex(encodeReceipt(receiptAt(3).receipt)).slice(-114, -110)).toBe("2a37");
});

test("a receipt needs its key, its confirmation and its amount, each of the right length", () => {
  const { receipt } = receiptAt(3);
  for (const cut of [{ publicKey: {} }, { confirmation: {} }]) {
    const message = { publicKey: { data: receipt.publicKey }, confirmation: { hash: receipt.confirmation }, ...cut };
    expectTypedError(() => decodeReceipt(encodeMessage(ReceiptSchema, message)), "wrong-length");
  }
  const withoutAmount = { publicKey: { data: receipt.publicKey }, confirmation: { hash: receipt.confirmation } };
  expectTypedError(() => decodeReceipt(encodeMessage(ReceiptSchema, withoutAmount)), "missing-field");
  expectTypedError(() => decodeReceipt(new Uint8Array(0)), "missing-field");
  const value = { commitment: { data: receipt.maskedAmount.commitment }, maskedTokenId: new Uint8Array(0) };
  const badAmount = { ...withoutAmount, maskedAmount: { case: "maskedAmountV2" as const, value } };
  expectCode(() => decodeReceipt(encodeMessage(ReceiptSchema, badAmount)), "invalid-masked-amount");
});

test("a receipt that could not be decoded again is not encoded", () => {
  const { receipt } = receiptAt(3);
  const short = new Uint8Array(31) as never; // Not what the types promise, as from a caller in JavaScript.
  expectTypedError(() => encodeReceipt({ ...receipt, publicKey: short }), "wrong-length");
  expectTypedError(() => encodeReceipt({ ...receipt, confirmation: short }), "wrong-length");
  const maskedAmount = { ...receipt.maskedAmount, maskedTokenId: new Uint8Array(0) };
  expectCode(() => encodeReceipt({ ...receipt, maskedAmount }), "invalid-masked-amount");
});

test("a key that is not a point is refused, when making and when reading a receipt", () => {
  const { txOut, receipt } = receiptAt(3);
  const noPoint = compressedPoint(new Uint8Array(32).fill(0xff));
  const sharedSecret = new Secret(new Uint8Array(32));
  expectTypedError(() => createReceipt({ ...txOut, publicKey: noPoint }, sharedSecret, 1n), "invalid-public-key");
  expectTypedError(() => createReceipt(txOut, sharedSecret, TOMBSTONE + 1n), "out-of-range");
  const encoded = encodeReceipt(receipt);
  encoded.fill(0xff, 4, 36);
  expectTypedError(() => decodeReceipt(encoded), "invalid-public-key");
});

test("any bytes are a receipt or a typed error", () => {
  expectTotal(encodeReceipt(receiptAt(3).receipt), decodeReceipt, encodeReceipt);
});
