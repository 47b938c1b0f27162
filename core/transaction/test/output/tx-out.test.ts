// Tests of comparing outputs.
import { fromHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { expect, test } from "vitest";
import { decodeTxOut, equalTxOuts, type TxOut } from "../../src/index.ts";
import { zeros } from "../fixtures.ts";
import { MOBILE_TX_OUT } from "./known-outputs.ts";

test("outputs are equal when every field is, and not when one differs", () => {
  const txOut = decodeTxOut(fromHex(MOBILE_TX_OUT));
  const zero = compressedPoint(new Uint8Array(32));
  expect(equalTxOuts(txOut, decodeTxOut(fromHex(MOBILE_TX_OUT)))).toBe(true);
  const changes: readonly Partial<TxOut>[] = [
    { targetKey: zero },
    { publicKey: zero },
    { encryptedFogHint: zeros(84) },
    { encryptedMemo: zeros(66) },
    { encryptedMemo: undefined },
    { maskedAmount: { ...txOut.maskedAmount, version: 2 } },
    { maskedAmount: { ...txOut.maskedAmount, commitment: zero } },
    { maskedAmount: { ...txOut.maskedAmount, maskedValue: 0n } },
    { maskedAmount: { ...txOut.maskedAmount, maskedTokenId: zeros(8) } },
  ];
  for (const change of changes) {
    expect(equalTxOuts(txOut, { ...txOut, ...change }), Object.keys(change).join()).toBe(false);
    expect(equalTxOuts({ ...txOut, ...change }, txOut), Object.keys(change).join()).toBe(false);
  }
});
