// Tests of finding and reading one's own outputs, and of leaving others' alone.
import { CHANGE_SUBADDRESS, publicAddress, viewAccountKey } from "@fogbow/core-account";
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { compressedPoint, PrivateKey } from "@fogbow/core-crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeTxOut,
  decryptMemo,
  openTxOut,
  SubaddressTable,
  type TxOut,
  type TxOutReader,
  unmaskAmount,
  viewKeyMatch,
} from "../../src/index.ts";
import { compressedPoints } from "../arbitraries.ts";
import { fixed, root0, zeros } from "../fixtures.ts";
import { MOBILE_TX_OUT, TESTNET_ACCOUNT, TESTNET_OUTPUTS } from "./known-outputs.ts";

const testnetOutput = (known: (typeof TESTNET_OUTPUTS)[number]): TxOut => ({
  maskedAmount: {
    version: 2,
    commitment: compressedPoint(fromHex(known.commitment)),
    maskedValue: known.maskedValue,
    maskedTokenId: fromHex(known.maskedTokenId),
  },
  targetKey: compressedPoint(fromHex(known.targetKey)),
  publicKey: compressedPoint(fromHex(known.publicKey)),
  encryptedFogHint: zeros(84),
  encryptedMemo: fixed(known.encryptedMemo, 66),
});

const testnetReader: TxOutReader = {
  viewPrivateKey: TESTNET_ACCOUNT.viewPrivateKey,
  subaddresses: new SubaddressTable(viewAccountKey(TESTNET_ACCOUNT), [0n, CHANGE_SUBADDRESS]),
};

const noPoint = compressedPoint(new Uint8Array(32).fill(0xff));

test.each(TESTNET_OUTPUTS)("$name on the test network is found and read", (known) => {
  const owned = openTxOut(testnetOutput(known), testnetReader);
  expect(owned).toMatchObject({ amount: { value: known.value, tokenId: 0n }, subaddressIndex: known.subaddressIndex });
  expect(toHex(owned?.memo ?? new Uint8Array(0))).toBe(known.memo);
  expect(toHex(owned?.sharedSecret.expose() ?? new Uint8Array(0))).toBe(known.sharedSecret);
  expect(owned?.subaddressSpendPublicKey).toEqual(publicAddress(TESTNET_ACCOUNT, known.subaddressIndex).spendPublicKey);
});

test.each(TESTNET_OUTPUTS)("the view key alone tells the amount of $name", (known) => {
  const match = viewKeyMatch(testnetOutput(known), TESTNET_ACCOUNT.viewPrivateKey);
  expect(match).toMatchObject({ value: known.value, tokenId: 0n });
  expect(toHex(match?.blinding.expose() ?? new Uint8Array(0))).toBe(known.blinding);
});

test("an output of someone else is nobody's", () => {
  const txOut = decodeTxOut(fromHex(MOBILE_TX_OUT));
  expect(viewKeyMatch(txOut, TESTNET_ACCOUNT.viewPrivateKey)).toBeUndefined();
  expect(openTxOut(txOut, testnetReader)).toBeUndefined();
});

test("a subaddress that the table does not hold gives no index, but the output is found", () => {
  const reader = { ...testnetReader, subaddresses: new SubaddressTable(viewAccountKey(TESTNET_ACCOUNT), []) };
  for (const known of TESTNET_OUTPUTS) {
    const owned = openTxOut(testnetOutput(known), reader);
    expect(owned).toMatchObject({ amount: { value: known.value }, subaddressIndex: undefined });
  }
});

test("an output whose target key is foreign has our amount and no subaddress of ours", () => {
  const [known] = TESTNET_OUTPUTS;
  if (known === undefined) {
    throw new Error("There are two known outputs.");
  }
  const foreign = { ...testnetOutput(known), targetKey: publicAddress(root0()).spendPublicKey };
  expect(viewKeyMatch(foreign, TESTNET_ACCOUNT.viewPrivateKey)).toMatchObject({ value: known.value });
  expect(openTxOut(foreign, testnetReader)).toMatchObject({ subaddressIndex: undefined });
});

test("keys that are not points are not ours, and no reason to stop a scan", () => {
  for (const known of TESTNET_OUTPUTS) {
    const txOut = testnetOutput(known);
    expect(viewKeyMatch({ ...txOut, publicKey: noPoint }, testnetReader.viewPrivateKey)).toBeUndefined();
    expect(openTxOut({ ...txOut, publicKey: noPoint }, testnetReader)).toBeUndefined();
    expect(openTxOut({ ...txOut, targetKey: noPoint }, testnetReader)).toBeUndefined();
  }
});

test("whatever bytes the keys of an output are, scanning answers", () => {
  const [known] = TESTNET_OUTPUTS;
  if (known === undefined) {
    throw new Error("There are two known outputs.");
  }
  fc.assert(
    fc.property(compressedPoints, compressedPoints, (targetKey, publicKey) => {
      expect(openTxOut({ ...testnetOutput(known), targetKey, publicKey }, testnetReader)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test("a zero view key and a zero public key are legal and nobody's", () => {
  const [known] = TESTNET_OUTPUTS;
  if (known === undefined) {
    throw new Error("There are two known outputs.");
  }
  const zeroKey = new PrivateKey(new Uint8Array(32));
  expect(viewKeyMatch(testnetOutput(known), zeroKey)).toBeUndefined();
  const identity = { ...testnetOutput(known), publicKey: compressedPoint(new Uint8Array(32)) };
  expect(viewKeyMatch(identity, TESTNET_ACCOUNT.viewPrivateKey)).toBeUndefined();
});

test("the shared secret of a gift code reads the output without any account", () => {
  for (const known of TESTNET_OUTPUTS) {
    const sharedSecret = new Secret(fromHex(known.sharedSecret));
    const { maskedAmount, encryptedMemo } = testnetOutput(known);
    expect(unmaskAmount(maskedAmount, sharedSecret)).toMatchObject({ value: known.value, tokenId: 0n });
    expect(toHex(decryptMemo(encryptedMemo, sharedSecret))).toBe(known.memo);
  }
});
