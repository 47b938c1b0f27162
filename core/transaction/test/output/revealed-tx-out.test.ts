// Tests of revealed outputs and of replacing what they commit to.
import { publicAddress } from "@fogbow/core-account";
import { Secret, toHex } from "@fogbow/core-bytes";
import { encodeMessage, RevealedTxOutSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import {
  type CreatedTxOut,
  createTxOut,
  decodeRevealedTxOut,
  encodeMemo,
  encodeRevealedTxOut,
  openRevealedTxOut,
  type RevealedTxOut,
  replaceAmount,
  revealedTxOutToWire,
  revealTxOut,
  txOutToWire,
  viewKeyMatch,
} from "../../src/index.ts";
import { amount, privateKey, root0 } from "../fixtures.ts";
import { expectCode, expectTotal, expectTypedError } from "../typed-errors.ts";

const created = (blockVersion: 2 | 3, r = "05"): CreatedTxOut =>
  createTxOut({
    blockVersion,
    recipient: publicAddress(root0()),
    amount: amount(1_475_000_000_000n, 1n),
    memo: encodeMemo({ kind: "unused" }),
    fogHint: new Uint8Array(84),
    txPrivateKey: privateKey(r.repeat(32)),
  });

const revealed = (): RevealedTxOut => {
  const { txOut, sharedSecret } = created(3);
  return revealTxOut(txOut, sharedSecret);
};

test("the revealed secret is the known one and opens the amount", () => {
  expect(toHex(revealed().amountSharedSecret.expose())).toBe(
    "4126da8e1f9fbaf0d676dfc09b35afd417df2ac0437a1002e6f4036208f50b5f",
  );
  const opened = openRevealedTxOut(revealed());
  expect(opened).toMatchObject({ value: 1_475_000_000_000n, tokenId: 1n });
  expect(toHex(opened.blinding.expose())).toBe("abf11c9601153bea4ce69878daa8c836efde759c32d95d4cbe36a5c6b2d63803");
});

test("the secret of another output does not open it", () => {
  const other = revealTxOut(created(3, "06").txOut, created(3, "06").sharedSecret);
  const swapped = { ...revealed(), amountSharedSecret: other.amountSharedSecret };
  expectCode(() => openRevealedTxOut(swapped), "inconsistent-commitment");
});

test("only amounts of version 2 can be revealed", () => {
  const { txOut, sharedSecret } = created(2);
  expectCode(() => revealTxOut(txOut, sharedSecret), "invalid-revealed-tx-out");
  const amountSharedSecret = new Uint8Array(32);
  const encoded = encodeMessage(RevealedTxOutSchema, { txOut: txOutToWire(txOut), amountSharedSecret });
  expectCode(() => decodeRevealedTxOut(encoded), "invalid-revealed-tx-out");
  const forged = { txOut, amountSharedSecret: new Secret(amountSharedSecret) };
  expectCode(() => openRevealedTxOut(forged), "invalid-revealed-tx-out");
  expectCode(() => replaceAmount(forged, amount(1n)), "invalid-revealed-tx-out");
  expectCode(() => encodeRevealedTxOut(forged), "invalid-revealed-tx-out");
});

test("a replaced amount changes nothing but the amount, and the recipient reads the new one", () => {
  const before = revealed();
  const after = replaceAmount(before, amount(77n, 1n));
  expect({ ...after, maskedAmount: before.txOut.maskedAmount }).toEqual(before.txOut);
  expect(viewKeyMatch(after, root0().viewPrivateKey)).toMatchObject({ value: 77n, tokenId: 1n });
  const opened = openRevealedTxOut({ ...before, txOut: after });
  expect(opened.value).toBe(77n);
  expect(opened.blinding.equals(openRevealedTxOut(before).blinding)).toBe(true);
});

test("a revealed output survives encoding; its secret is required and has 32 bytes", () => {
  const decoded = decodeRevealedTxOut(encodeRevealedTxOut(revealed()));
  expect(decoded.txOut).toEqual(revealed().txOut);
  expect(decoded.amountSharedSecret.equals(revealed().amountSharedSecret)).toBe(true);
  const short = new Uint8Array(31);
  const message = { ...revealedTxOutToWire(revealed()), amountSharedSecret: short };
  expectTypedError(() => decodeRevealedTxOut(encodeMessage(RevealedTxOutSchema, message)), "wrong-length");
  const unreadable = { ...revealed(), amountSharedSecret: new Secret(short) };
  expectCode(() => encodeRevealedTxOut(unreadable), "invalid-shared-secret");
  expectTypedError(() => decodeRevealedTxOut(new Uint8Array(0)), "missing-field");
});

test("any bytes are a revealed output or a typed error", () => {
  expectTotal(encodeRevealedTxOut(revealed()), decodeRevealedTxOut, encodeRevealedTxOut);
});
