// Tests of output hashes against a reference constant and recorded outputs.
import { publicAddress } from "@fogbow/core-account";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { createTxOut, decodeTxOut, txOutHash } from "../../src/index.ts";
import { account, amount, privateKey, zeros } from "../fixtures.ts";
import { KNOWN_HASHES } from "./known-hashes.ts";

test("the first output of the origin block test has its published hash", () => {
  const recipient = account(
    "ccf42e3a9e01a908715deb41d7b82088ffaf70621ca8a7e4c95f4354172e1108",
    "c1f7b7710cd20947492a68a9a3733064ac8e0453b716427cfc05de0470d9850c",
  );
  const { txOut } = createTxOut({
    blockVersion: 0,
    recipient: publicAddress(recipient),
    amount: amount(3198638373n),
    fogHint: fromHex(
      "c80be91ba9f31dbee5d4fb9a53dae4562ce522e0e05f9209fda2a74b84a4fc6643b86c96f6d60f6a5cbd94e3ed872c79be34bd00434444f8d0e791c2044d2f31ee3feb1c14c9aed9d0ddba8cc2f4f0451a4d0100",
    ),
    txPrivateKey: privateKey("e76eecb8c5aa5755fbc880d09bbd9f549684efac34f84962051ece420cae4003"),
  });
  expect(toHex(txOutHash(txOut))).toBe("e9840956900b616a86fa3c716a6a85b60c837fd00813318734001c069803e45a");
});

test.each(KNOWN_HASHES)("an output with $name has its known hash", ({ txOut, hash }) => {
  expect(toHex(txOutHash(decodeTxOut(fromHex(txOut))))).toBe(hash);
});

test("no field is left out of the hash, an absent memo differs from a zero one", () => {
  const [known] = KNOWN_HASHES;
  const txOut = decodeTxOut(fromHex(known?.txOut ?? ""));
  const hashes = new Set(
    [
      txOut,
      { ...txOut, targetKey: txOut.publicKey },
      { ...txOut, publicKey: txOut.targetKey },
      { ...txOut, encryptedMemo: undefined },
      { ...txOut, encryptedMemo: zeros(66) },
      { ...txOut, maskedAmount: { ...txOut.maskedAmount, maskedValue: 0n } },
      { ...txOut, maskedAmount: { ...txOut.maskedAmount, commitment: txOut.publicKey } },
      { ...txOut, maskedAmount: { ...txOut.maskedAmount, version: 2 as const } },
      { ...txOut, maskedAmount: { ...txOut.maskedAmount, maskedTokenId: new Uint8Array(8) } },
    ].map((changed) => toHex(txOutHash(changed))),
  );
  expect(hashes.size).toBe(9);
});
