// Tests of rebuilding one's own outputs from Fog records, and of leaving others' alone.
import { CHANGE_SUBADDRESS, publicAddress, viewAccountKey } from "@fogbow/core-account";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { encodeMessage, TxOutRecordSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import {
  createTxOut,
  createTxOutRecord,
  decodeTxOutRecord,
  encodeMemo,
  matchTxOutRecord,
  SubaddressTable,
  type TxOutReader,
} from "../../src/index.ts";
import { account, amount, fixtureRandom, privateKey, root0, zeros } from "../fixtures.ts";
import { PUBLISHED_RECORD, RECORD_BEFORE_MEMOS } from "./known-records.ts";
import { PLACE, recordAt, txOutAt } from "./records.ts";

/** A reader of whom only the view key is known: its subaddresses have made-up keys. */
const viewOnly = (viewPrivateKey: string): TxOutReader => {
  const spendPublicKey = publicAddress(root0()).spendPublicKey;
  const reader = { viewPrivateKey: privateKey(viewPrivateKey), spendPublicKey };
  return { viewPrivateKey: reader.viewPrivateKey, subaddresses: new SubaddressTable(reader, [0n]) };
};

const root0Reader: TxOutReader = {
  viewPrivateKey: root0().viewPrivateKey,
  subaddresses: new SubaddressTable(viewAccountKey(root0()), [0n, CHANGE_SUBADDRESS]),
};

test("the published record is rebuilt, with its commitment, memo and subaddress", () => {
  const recipient = account(PUBLISHED_RECORD.viewPrivateKey, PUBLISHED_RECORD.spendPrivateKey);
  const subaddresses = new SubaddressTable(viewAccountKey(recipient), [0n]);
  const reader = { viewPrivateKey: recipient.viewPrivateKey, subaddresses };
  const matched = matchTxOutRecord(decodeTxOutRecord(fromHex(PUBLISHED_RECORD.bytes)), reader);
  expect(matched).toMatchObject({
    amount: { value: PUBLISHED_RECORD.value, tokenId: 0n },
    memo: zeros(66),
    subaddressIndex: 0n,
    txOut: { encryptedFogHint: zeros(84) },
  });
  expect(toHex(matched?.txOut.maskedAmount.commitment ?? zeros(0))).toBe(PUBLISHED_RECORD.commitment);
});

test("the published record from before memos matches, and reads as unused", () => {
  const record = decodeTxOutRecord(fromHex(RECORD_BEFORE_MEMOS.bytes));
  const matched = matchTxOutRecord(record, viewOnly(RECORD_BEFORE_MEMOS.viewPrivateKey));
  expect(matched).toMatchObject({ amount: { value: 10n, tokenId: 0n }, memo: zeros(66) });
  expect(matched?.txOut.encryptedMemo).toBeUndefined();
});

test("the published record with a whole commitment matches", () => {
  const encoded = encodeMessage(TxOutRecordSchema, {
    txOutAmountCommitmentData: fromHex("bc1d8c435c007406949ab4406dfd17007636bcdbb5ab19f482f7caf8e346b75d"),
    txOutAmountMaskedValue: 0x0b56_05c2_baf5_221an,
    txOutTargetKeyData: publicAddress(root0()).spendPublicKey, // Not published, and no part of the match.
    txOutPublicKeyData: fromHex("8e21816c58ddb098eb6c62dbd23bdeb2d66d626248860cfb527330084316e77a"),
  });
  const reader = viewOnly("816e7822c8821a204aba93ed3d1427a0264da84cf58e64ba205da06b32b9d30b");
  const matched = matchTxOutRecord(decodeTxOutRecord(encoded), reader);
  expect(matched).toMatchObject({ amount: { value: 100n } });
});

test("another view key, or the subaddress's in place of the account's, does not match", () => {
  for (const key of ["07".repeat(32), "be9f9e93e6533c3b2503867200f032f31e3c4e0f17961ff6c001754cf1639408"]) {
    for (const version of [1, 2, 3] as const) {
      expect(matchTxOutRecord(recordAt(version), viewOnly(key))).toBeUndefined();
    }
  }
});

test("at every block version the owner gets the output back but for its hint", () => {
  for (const version of [0, 1, 2, 3, 4] as const) {
    const matched = matchTxOutRecord(recordAt(version), root0Reader);
    expect(matched?.txOut).toEqual({ ...txOutAt(version), encryptedFogHint: zeros(84) });
    expect(matched).toMatchObject({ amount: { value: 1_475_000_000_000n }, subaddressIndex: 0n });
  }
});

test("the subaddress is recovered, or undefined when the table does not hold it", () => {
  for (const [index, expected] of [
    [CHANGE_SUBADDRESS, CHANGE_SUBADDRESS],
    [5n, undefined],
  ]) {
    const { txOut } = createTxOut({
      blockVersion: 3,
      recipient: publicAddress(root0(), index),
      amount: amount(1n),
      memo: encodeMemo({ kind: "unused" }),
      fogHint: new Uint8Array(84),
      random: fixtureRandom(),
    });
    const matched = matchTxOutRecord(createTxOutRecord(txOut, PLACE), root0Reader);
    expect(matched).toMatchObject({ amount: { value: 1n }, subaddressIndex: expected });
  }
});

test("a record with a changed value, token id, checksum or public key does not match", () => {
  const record = recordAt(3);
  const { maskedAmount } = record;
  for (const change of [
    { maskedAmount: { ...maskedAmount, maskedValue: maskedAmount.maskedValue ^ 1n } },
    { maskedAmount: { ...maskedAmount, maskedTokenId: new Uint8Array(8) } },
    { maskedAmount: { ...maskedAmount, version: 1 as const } },
    { commitmentCrc32: record.commitmentCrc32 ^ 1 },
    { publicKey: publicAddress(root0()).viewPublicKey },
  ]) {
    expect(matchTxOutRecord({ ...record, ...change }, root0Reader), Object.keys(change).join()).toBeUndefined();
  }
});

test("keys that are not points do not match, and do not stop a scan", () => {
  const noPoint = compressedPoint(new Uint8Array(32).fill(0xff));
  expect(matchTxOutRecord({ ...recordAt(3), publicKey: noPoint }, root0Reader)).toBeUndefined();
  expect(matchTxOutRecord({ ...recordAt(3), targetKey: noPoint }, root0Reader)).toBeUndefined();
});
