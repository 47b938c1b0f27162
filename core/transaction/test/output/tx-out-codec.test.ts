// Tests of encoded outputs: sizes, the published one, what is required, and any damage.

import { publicAddress } from "@fogbow/core-account";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { decodeMessage, encodeMessage, TxOutSchema } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import {
  type BlockVersion,
  createTxOut,
  decodeTxOut,
  encodeMemo,
  encodeTxOut,
  MESSAGE_BYTES_MAX,
  storedTxOutFromWire,
  txOutToWire,
} from "../../src/index.ts";
import { amount, privateKey, root0, zeros } from "../fixtures.ts";
import { expectCode, expectTotal, expectTypedError } from "../typed-errors.ts";
import { MOBILE_TX_OUT } from "./known-outputs.ts";

const txOutAt = (blockVersion: BlockVersion): ReturnType<typeof decodeTxOut> =>
  createTxOut({
    blockVersion,
    recipient: publicAddress(root0()),
    amount: amount(1n),
    fogHint: new Uint8Array(84).fill(3),
    txPrivateKey: privateKey("05".repeat(32)),
    ...(blockVersion > 0 && { memo: encodeMemo({ kind: "unused" }) }),
  }).txOut;

test("the published output of block version 1 survives decoding and encoding byte for byte", () => {
  const txOut = decodeTxOut(fromHex(MOBILE_TX_OUT));
  expect(txOut.maskedAmount).toMatchObject({ version: 1, maskedTokenId: new Uint8Array(0) });
  expect(toHex(encodeTxOut(txOut))).toBe(MOBILE_TX_OUT);
});

test("outputs have their known sizes and survive at every block version", () => {
  const sizes = ([0, 1, 2, 3, 4] as const).map((blockVersion) => {
    const encoded = encodeTxOut(txOutAt(blockVersion));
    expect(decodeTxOut(encoded)).toEqual(txOutAt(blockVersion));
    return encoded.length;
  });
  expect(sizes).toEqual([207, 277, 287, 287, 287]);
});

test("the native order of fields, an amount of version 2 first, decodes alike", () => {
  const encoded = encodeTxOut(txOutAt(3));
  const start = encoded.length - 57;
  expect(encoded[start]).toBe(0x32);
  const native = Uint8Array.of(...encoded.subarray(start), ...encoded.subarray(0, start));
  expect(decodeTxOut(native)).toEqual(txOutAt(3));
});

test("a masked value of zero is written, and may be missing when read", () => {
  const txOut = txOutAt(3);
  const zero = { ...txOut, maskedAmount: { ...txOut.maskedAmount, maskedValue: 0n } };
  const encoded = encodeTxOut(zero);
  expect(encoded.length).toBe(287);
  expect(decodeTxOut(encoded)).toEqual(zero);
  const wire = txOutToWire(txOut);
  const value = {
    commitment: { data: txOut.maskedAmount.commitment },
    maskedTokenId: txOut.maskedAmount.maskedTokenId,
  };
  const stock = encodeMessage(TxOutSchema, { ...wire, maskedAmount: { case: "maskedAmountV2", value } });
  expect(stock.length).toBe(278);
  expect(decodeTxOut(stock)).toEqual(zero);
});

describe("a message is refused", () => {
  type Change = Omit<Partial<Parameters<typeof encodeMessage<typeof TxOutSchema>>[1]>, "$typeName" | "$unknown">;
  const encodedWith = (change: Change): Uint8Array =>
    encodeMessage(TxOutSchema, { ...txOutToWire(txOutAt(3)), ...change });

  test("when it lacks its amount, a key or its hint", () => {
    for (const field of ["maskedAmount", "targetKey", "publicKey", "eFogHint"] as const) {
      const { [field]: _, ...rest } = txOutToWire(txOutAt(3));
      expectTypedError(() => decodeTxOut(encodeMessage(TxOutSchema, rest)), "missing-field");
    }
    expectTypedError(
      () => decodeTxOut(encodedWith({ maskedAmount: { case: "maskedAmountV1", value: {} } })),
      "missing-field",
    );
  });

  test("when a key, the commitment, the hint or the memo has a wrong length", () => {
    const data = new Uint8Array(31);
    for (const change of [
      { targetKey: { data } },
      { publicKey: { data } },
      { eFogHint: { data } },
      { eMemo: { data } },
    ]) {
      expectTypedError(() => decodeTxOut(encodedWith(change)), "wrong-length");
    }
    const value = { commitment: { data }, maskedTokenId: new Uint8Array(8) };
    expectTypedError(
      () => decodeTxOut(encodedWith({ maskedAmount: { case: "maskedAmountV2", value } })),
      "wrong-length",
    );
  });

  test("when its masked token id is not of the version's length", () => {
    const commitment = { data: new Uint8Array(32) };
    for (const [oneof, length] of [
      ["maskedAmountV1", 7],
      ["maskedAmountV2", 0],
      ["maskedAmountV2", 9],
    ] as const) {
      const value = { commitment, maskedTokenId: new Uint8Array(length) };
      expectCode(() => decodeTxOut(encodedWith({ maskedAmount: { case: oneof, value } })), "invalid-masked-amount");
    }
  });

  test("when a key is not a point, unless it comes from the ledger", () => {
    const noPoint = compressedPoint(new Uint8Array(32).fill(0xff));
    for (const change of [{ targetKey: noPoint }, { publicKey: noPoint }]) {
      const txOut = { ...txOutAt(3), ...change };
      const encoded = encodeTxOut(txOut);
      expectTypedError(() => decodeTxOut(encoded), "invalid-public-key");
      const message = decodeMessage(TxOutSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX });
      expect(storedTxOutFromWire(message)).toEqual(txOut);
    }
  });

  test("when it has more than 1024 bytes", () => {
    expectTypedError(() => decodeTxOut(new Uint8Array(MESSAGE_BYTES_MAX + 1)), "message-too-large");
  });
});

test("an output that could not be decoded again is not encoded", () => {
  const txOut = txOutAt(3);
  const short = new Uint8Array(31) as never; // Not what the types promise, as from a caller in JavaScript.
  for (const field of ["targetKey", "publicKey", "encryptedFogHint", "encryptedMemo"] as const) {
    expectTypedError(() => encodeTxOut({ ...txOut, [field]: short }), "wrong-length");
  }
  const { maskedAmount } = txOut;
  expectTypedError(
    () => encodeTxOut({ ...txOut, maskedAmount: { ...maskedAmount, commitment: short } }),
    "wrong-length",
  );
  const maskedTokenId = new Uint8Array(7);
  expectCode(
    () => encodeTxOut({ ...txOut, maskedAmount: { ...maskedAmount, maskedTokenId } }),
    "invalid-masked-amount",
  );
});

test("an empty memo is no memo", () => {
  const wire = { ...txOutToWire(txOutAt(0)), eMemo: { data: new Uint8Array(0) } };
  expect(decodeTxOut(encodeMessage(TxOutSchema, wire))).toEqual(txOutAt(0));
});

test("a decoded output does not share memory with the bytes it came from", () => {
  const encoded = encodeTxOut(txOutAt(3));
  const txOut = decodeTxOut(encoded);
  encoded.fill(0);
  expect(txOut).toEqual(txOutAt(3));
});

test("any bytes are an output or a typed error", () => {
  expectTotal(fromHex(MOBILE_TX_OUT), decodeTxOut, encodeTxOut);
  expectTotal(encodeTxOut({ ...txOutAt(3), encryptedMemo: zeros(66) }), decodeTxOut, encodeTxOut);
});
