import { fromHex, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  decodeMessage,
  ETxOutRecordSchema,
  encodeMessage,
  KexRngPubkeySchema,
  MaskedAmountSchema,
  PaymentRequestSchema,
  RistrettoPrivateSchema,
  RootIdentitySchema,
  TxOutGiftCodeSchema,
  TxOutRecordSchema,
  TxOutSchema,
  UncheckedMnemonicAccountSchema,
  WireError,
} from "../src/index.ts";

const limits = { bytesMax: 10_000 };
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

describe("encodeMessage", () => {
  test("writes a key message even when the key is zero", () => {
    expect(toHex(encodeMessage(RistrettoPrivateSchema, { data: bytes(32, 0) }))).toBe(`0a20${"00".repeat(32)}`);
  });

  test("writes the zero fields that MobileCoin always writes", () => {
    expect(toHex(encodeMessage(MaskedAmountSchema, { maskedValue: 0n }))).toBe("110000000000000000");
    expect(toHex(encodeMessage(TxOutGiftCodeSchema, { globalIndex: 0n }))).toBe("0800");
    expect(toHex(encodeMessage(ETxOutRecordSchema, { searchKey: bytes(0, 0), payload: bytes(0, 0) }))).toBe("0a001200");
    expect(toHex(encodeMessage(UncheckedMnemonicAccountSchema, { mnemonic: "", accountIndex: 0 }))).toBe("0a001000");
    const record = {
      txOutAmountMaskedValue: 0n,
      txOutTargetKeyData: bytes(0, 0),
      txOutPublicKeyData: bytes(0, 0),
      txOutGlobalIndex: 0n,
      blockIndex: 0n,
    };
    const zero = "0000000000000000";
    expect(toHex(encodeMessage(TxOutRecordSchema, record))).toBe(`11${zero}1a00220029${zero}31${zero}`);
  });

  test("writes a set member of a oneof even when it is empty", () => {
    const record = { txOutAmountMaskedTokenId: { case: "txOutAmountMaskedV1TokenId", value: bytes(0, 0) } } as const;
    expect(toHex(encodeMessage(TxOutRecordSchema, record))).toBe("5200");
  });

  test("omits all other zero fields", () => {
    expect(encodeMessage(KexRngPubkeySchema, { pubkey: bytes(0, 0), version: 0 }).length).toBe(0);
    expect(encodeMessage(PaymentRequestSchema, { value: 0n, memo: "", tokenId: 0n, paymentId: 0n }).length).toBe(0);
  });

  test("outputs have the sizes MobileCoin states", () => {
    const key = { data: bytes(32, 1) };
    const amount = (maskedTokenId: Uint8Array) =>
      ({ case: "maskedAmountV1", value: { commitment: key, maskedValue: 1n, maskedTokenId } }) as const;
    const base = { targetKey: key, publicKey: key, eFogHint: { data: bytes(84, 1) } };
    const eMemo = { data: bytes(66, 1) };
    const withTokenId = amount(bytes(8, 1));
    expect(encodeMessage(TxOutSchema, { ...base, eMemo, maskedAmount: withTokenId }).length).toBe(287);
    expect(encodeMessage(TxOutSchema, { ...base, eMemo, maskedAmount: amount(bytes(0, 0)) }).length).toBe(277);
    expect(encodeMessage(TxOutSchema, { ...base, maskedAmount: amount(bytes(0, 0)) }).length).toBe(207);
    expect(encodeMessage(MaskedAmountSchema, withTokenId.value).length).toBe(55);
  });

  test("a published record comes back byte for byte", () => {
    const record =
      "11b89889a83748c3b71a20ea28e0a73e2e579163d8710ef1d19bafc1bd04f681168a7eed50054c7c91b45d2220f40936fb0af75ae8" +
      "9f632685e930a9a53abcac8665ae6a7cd59915e07f15d86e296400000000000000310100000000000000390a0000000000000045dad4f606";
    const decoded = decodeMessage(TxOutRecordSchema, fromHex(record), limits);
    expect(decoded.txOutGlobalIndex).toBe(100n);
    expect(decoded.timestamp).toBe(10n);
    expect(toHex(encodeMessage(TxOutRecordSchema, decoded))).toBe(record);
  });

  test("an identity's Fog authority can be read from either of its fields", () => {
    expect(decodeMessage(RootIdentitySchema, fromHex("220107"), limits).fogAuthoritySpkiNative).toEqual(bytes(1, 7));
    expect(decodeMessage(RootIdentitySchema, fromHex("2a0107"), limits).fogAuthoritySpki).toEqual(bytes(1, 7));
  });

  test("does not write what its reader would refuse as too large", () => {
    const message = { pubkey: bytes(32, 1), version: 1 };
    expect(encodeMessage(KexRngPubkeySchema, message, { bytesMax: 36 }).length).toBe(36);
    expect(() => encodeMessage(KexRngPubkeySchema, message, { bytesMax: 35 })).toThrow(
      expect.objectContaining({ name: "WireError", code: "message-too-large" }),
    );
  });

  test("refuses integers out of range and text without a UTF-8 form, without quoting them", () => {
    const bad = [
      () => encodeMessage(MaskedAmountSchema, { maskedValue: 2n ** 64n }),
      () => encodeMessage(MaskedAmountSchema, { maskedValue: -1n }),
      () => encodeMessage(KexRngPubkeySchema, { version: 2 ** 32 }),
      () => encodeMessage(UncheckedMnemonicAccountSchema, { mnemonic: "secret words \ud800" }),
    ];
    for (const action of bad) {
      expect(action).toThrow(WireError);
      expect(action).toThrow(expect.objectContaining({ code: "unencodable-message" }));
      expect(action).toThrow(expect.not.objectContaining({ message: expect.stringContaining("secret") }));
    }
  });
});
