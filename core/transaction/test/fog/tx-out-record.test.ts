// Tests of Fog records as bytes: sizes, what is written, old forms, and any damage.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { encodeMessage, TxOutRecordSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createTxOutRecord,
  decodeTxOutRecord,
  encodeTxOutRecord,
  type TxOutRecord,
  UNKNOWN_TIMESTAMP,
} from "../../src/index.ts";
import { bytesOfLength, compressedPoints, u64s } from "../arbitraries.ts";
import { expectCode, expectTotal, expectTypedError } from "../typed-errors.ts";
import { COMPUTED_RECORD, PUBLISHED_RECORD, RECORD_BEFORE_MEMOS } from "./known-records.ts";
import { PLACE, recordAt, txOutAt } from "./records.ts";

test("the published record survives decoding and encoding byte for byte", () => {
  const record = decodeTxOutRecord(fromHex(PUBLISHED_RECORD.bytes));
  expect(record).toMatchObject({
    maskedAmount: { version: 1, maskedValue: 0x3472_d024_f93a_99e8n },
    commitmentCrc32: 0xd0ca_4138,
    globalIndex: 100n,
    blockIndex: 1n,
    timestamp: 10n,
  });
  expect(toHex(encodeTxOutRecord(record))).toBe(PUBLISHED_RECORD.bytes);
});

test("the record of the computed output has its known bytes", () => {
  expect(toHex(encodeTxOutRecord(recordAt(3)))).toBe(COMPUTED_RECORD.bytes);
});

test("records have their known sizes and survive at every block version", () => {
  const sizes = ([0, 1, 2, 3, 4] as const).map((blockVersion) => {
    const encoded = encodeTxOutRecord(recordAt(blockVersion));
    expect(decodeTxOutRecord(encoded)).toEqual(recordAt(blockVersion));
    return encoded.length;
  });
  expect(sizes).toEqual([111, 179, 187, 187, 187]);
});

test("an empty token id of version 1 is written, as field 10", () => {
  expect(toHex(encodeTxOutRecord(recordAt(0))).slice(-4)).toBe("5200");
});

test("zeros are written where the native encoder writes them, and left out where it does not", () => {
  const record: TxOutRecord = {
    ...recordAt(0),
    maskedAmount: { version: 1, maskedValue: 0n, maskedTokenId: new Uint8Array(0) },
    ...{ globalIndex: 0n, blockIndex: 0n, timestamp: 0n, commitmentCrc32: 0 },
  };
  const encoded = encodeTxOutRecord(record);
  expect(encoded.length).toBe(111 - 9 - 5);
  expect(decodeTxOutRecord(encoded)).toEqual(record);
});

test("a record keeps the output's keys, memo and masks, and drops its hint and commitment", () => {
  const txOut = txOutAt(3);
  const { commitment: _, ...maskedAmount } = txOut.maskedAmount;
  const { encryptedFogHint: __, ...kept } = txOut;
  expect(createTxOutRecord(txOut, PLACE)).toEqual({ ...kept, ...PLACE, maskedAmount, commitmentCrc32: 0x1a23_0ac4 });
});

test("a record that could not be decoded again is not encoded", () => {
  const record = recordAt(3);
  const short = new Uint8Array(31) as never; // Not what the types promise, as from a caller in JavaScript.
  for (const field of ["targetKey", "publicKey", "encryptedMemo"] as const) {
    expectTypedError(() => encodeTxOutRecord({ ...record, [field]: short }), "wrong-length");
  }
  const maskedAmount = { ...record.maskedAmount, maskedTokenId: new Uint8Array(0) };
  expectCode(() => encodeTxOutRecord({ ...record, maskedAmount }), "invalid-masked-amount");
});

test("every record survives", () => {
  const records = fc.record<TxOutRecord>({
    maskedAmount: fc.oneof(
      fc.record({
        version: fc.constantFrom<1 | 2>(1, 2),
        maskedValue: u64s,
        maskedTokenId: bytesOfLength(8),
      }),
      fc.record({ version: fc.constant<1>(1), maskedValue: u64s, maskedTokenId: fc.constant(new Uint8Array(0)) }),
    ),
    commitmentCrc32: fc.nat(0xffff_ffff),
    targetKey: compressedPoints,
    publicKey: compressedPoints,
    encryptedMemo: fc.option(bytesOfLength(66), { nil: undefined }),
    globalIndex: u64s,
    blockIndex: u64s,
    timestamp: fc.oneof(u64s, fc.constant(UNKNOWN_TIMESTAMP)),
  });
  fc.assert(
    fc.property(records, (record) => {
      expect(decodeTxOutRecord(encodeTxOutRecord(record))).toEqual(record);
    }),
    { numRuns: 200 },
  );
});

describe("old records", () => {
  const keys = { txOutTargetKeyData: new Uint8Array(32), txOutPublicKeyData: new Uint8Array(32) };

  test("without a field for the token id are of version 1 and token 0", () => {
    const record = decodeTxOutRecord(fromHex(RECORD_BEFORE_MEMOS.bytes));
    expect(record.maskedAmount).toMatchObject({ version: 1, maskedTokenId: new Uint8Array(0) });
    expect(record.encryptedMemo).toBeUndefined();
  });

  test("with a whole commitment are checked against that, whatever checksum they hold", () => {
    const txOutAmountCommitmentData = fromHex("bc1d8c435c007406949ab4406dfd17007636bcdbb5ab19f482f7caf8e346b75d");
    for (const txOutAmountCommitmentDataCrc32 of [0, 7]) {
      const message = { ...keys, txOutAmountCommitmentData, txOutAmountCommitmentDataCrc32 };
      const record = decodeTxOutRecord(encodeMessage(TxOutRecordSchema, message));
      expect(record.commitmentCrc32).toBe(2481745913);
    }
  });

  test("with a commitment of another length are refused", () => {
    for (const length of [1, 31, 33]) {
      const message = { ...keys, txOutAmountCommitmentData: new Uint8Array(length) };
      expectCode(() => decodeTxOutRecord(encodeMessage(TxOutRecordSchema, message)), "invalid-tx-out-record");
    }
  });

  test("with keys or memos of another length, or without keys, are refused", () => {
    const bad = [
      { ...keys, txOutTargetKeyData: new Uint8Array(31) },
      { ...keys, txOutPublicKeyData: new Uint8Array(33) },
      { ...keys, txOutEMemoData: new Uint8Array(65) },
    ];
    for (const message of bad) {
      expectTypedError(() => decodeTxOutRecord(encodeMessage(TxOutRecordSchema, message)), "wrong-length");
    }
    expectTypedError(() => decodeTxOutRecord(new Uint8Array(0)), "missing-field");
  });

  test("with a masked token id of a wrong length are refused", () => {
    for (const [field, length] of [
      ["txOutAmountMaskedV1TokenId", 7],
      ["txOutAmountMaskedV2TokenId", 0],
      ["txOutAmountMaskedV2TokenId", 9],
    ] as const) {
      const message = { ...keys, txOutAmountMaskedTokenId: { case: field, value: new Uint8Array(length) } };
      expectCode(() => decodeTxOutRecord(encodeMessage(TxOutRecordSchema, message)), "invalid-masked-amount");
    }
  });
});

test("any bytes are a record or a typed error", () => {
  expectTotal(fromHex(PUBLISHED_RECORD.bytes), decodeTxOutRecord, encodeTxOutRecord);
  expectTotal(fromHex(RECORD_BEFORE_MEMOS.bytes), decodeTxOutRecord, encodeTxOutRecord);
});
