// What this package derives on the way to an output, a memo or an amount is wiped. What it returns is the caller's.
import { publicAddress, subaddress, viewAccountKey } from "@fogbow/core-account";
import { Secret, toHex, utf8 } from "@fogbow/core-bytes";
import { hashToScalar, keyExchange } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { expect, test, vi } from "vitest";
import {
  amountSharedSecret,
  createReceipt,
  createSenderMemo,
  createTxOut,
  createTxOutRecord,
  encodeMemo,
  encodeTxOutRecord,
  maskAmount,
  matchTxOutRecord,
  openReceipt,
  openTxOut,
  openTxOutRecord,
  SubaddressTable,
  sealTxOutRecord,
  senderCredential,
  type TxOutReader,
  txOutSharedSecret,
  unmaskAmount,
  verifyConfirmation,
  verifySenderMemo,
  viewKeyMatch,
} from "../src/index.ts";
import { alice, amount, fixtureRandom, prepared, privateKey, root0 } from "./fixtures.ts";

const recipient = publicAddress(root0());
const txPrivateKey = "05".repeat(32);
const options = {
  blockVersion: 3 as const,
  recipient,
  amount: amount(5n),
  memo: encodeMemo({ kind: "unused" }),
  fogHint: new Uint8Array(84),
};
const { txOut, sharedSecret } = createTxOut({ ...options, txPrivateKey: privateKey(txPrivateKey) });
const owner: TxOutReader = {
  viewPrivateKey: root0().viewPrivateKey,
  subaddresses: new SubaddressTable(viewAccountKey(root0()), [0n]),
};
const stranger: TxOutReader = { ...owner, viewPrivateKey: privateKey("07".repeat(32)) };
const strangersSecret = txOutSharedSecret(stranger.viewPrivateKey, recipient.viewPublicKey);

/** What the shared secret of {@link txOut} leads to, in hex. */
const known = (() => {
  const ss = sharedSecret.expose();
  const amountSecret = amountSharedSecret(sharedSecret);
  const expand = (ikm: Uint8Array, salt: string, info: string, length: number): Uint8Array =>
    kernel().hashes.hkdf("sha512", { ikm, salt: utf8(salt), info: utf8(info), length });
  const mask = (info: string, length: number): Uint8Array =>
    expand(amountSecret.expose(), "mc_amount_blinding_factors", info, length);
  const offset = hashToScalar("mc_onetime_key_hash_to_scalar", ss);
  return {
    sharedSecret: toHex(ss),
    amountSecret: toHex(amountSecret.expose()),
    valueMask: toHex(mask("mc_amount_value", 8)),
    wideBlinding: toHex(mask("mc_amount_blinding", 64)),
    blinding: toHex(unmaskAmount(txOut.maskedAmount, sharedSecret).blinding.expose()),
    memoKey: toHex(expand(ss, "mc-memo-okm", "", 48)),
    offset: toHex(offset),
    offsetPoint: toHex(kernel().ristretto.multiplyBase(offset)),
  };
})();

test("making an output leaves no tx private key, mask, blinding, memo key or address offset", () => {
  const uniform = new Uint8Array(64).fill(5, 0, 32);
  const wiped = wipedBy(() => createTxOut({ ...options, random: prepared(uniform) }));
  const { sharedSecret: returned, ...derived } = known;
  expect(wiped).toEqual(expect.arrayContaining([toHex(uniform), txPrivateKey, ...Object.values(derived)]));
  expect(wiped).not.toContain(returned);
});

test("an output that was refused leaves no shared secret", () => {
  const memo = () => new Uint8Array(65) as never; // Not what the type promises, as from a caller in JavaScript.
  const refused = { ...options, memo, txPrivateKey: privateKey(txPrivateKey) };
  expect(wipedBy(() => expect(() => createTxOut(refused)).toThrow())).toContain(known.sharedSecret);
});

test("masks of version 1 are wiped, and the hashes they are cut from", () => {
  const ss = new Uint8Array(32).fill(9);
  const wiped = wipedBy(() => maskAmount(2, amount(5n), new Secret(ss)));
  expect(wiped).toContain(toHex(hashToScalar("mc_amount_value", ss)));
  expect(wiped).toContain(toHex(hashToScalar("mc_amount_blinding", ss)));
  expect(wiped).toContain(toHex(kernel().hashes.blake2b512(utf8("mc_amount_token_id"), ss)));
});

test("an output of someone else leaves no shared secret, amount secret or blinding", () => {
  const foreign = txOutSharedSecret(stranger.viewPrivateKey, recipient.viewPublicKey);
  const output = { ...txOut, publicKey: recipient.viewPublicKey };
  const record = createTxOutRecord(output, { globalIndex: 0n, blockIndex: 0n, timestamp: 0n });
  for (const scan of [
    () => openTxOut(output, stranger),
    () => viewKeyMatch(output, stranger.viewPrivateKey),
    () => matchTxOutRecord(record, stranger),
  ]) {
    const wiped = wipedBy(() => expect(scan()).toBeUndefined());
    expect(wiped).toContain(toHex(foreign.expose()));
    expect(wiped).toContain(toHex(amountSharedSecret(foreign).expose()));
    expect(wiped.filter((hex) => hex === blindingOf(strangersSecret))).toHaveLength(2); // The mask's and the amount's.
  }
});

test("an output of one's own that cannot be read leaves no shared secret and no blinding", () => {
  const encryptedMemo = new Uint8Array(65) as never; // Not what the type promises, as from a caller in JavaScript.
  const wiped = wipedBy(() => expect(() => openTxOut({ ...txOut, encryptedMemo }, owner)).toThrow());
  expect(wiped).toContain(known.sharedSecret);
  expect(wiped.filter((hex) => hex === known.blinding)).toHaveLength(2);
});

test("checking a receipt leaves no shared secret, and a wrong one no blinding", () => {
  const receipt = createReceipt(txOut, sharedSecret, 7n);
  const { confirmation, publicKey } = receipt;
  const { viewPrivateKey } = owner;
  expect(wipedBy(() => openReceipt(receipt, viewPrivateKey))).toContain(known.sharedSecret);
  expect(wipedBy(() => verifyConfirmation(confirmation, publicKey, viewPrivateKey))).toContain(known.sharedSecret);
  const wrong = { ...receipt, confirmation: new Uint8Array(32) as typeof confirmation }; // The length is exact.
  const wiped = wipedBy(() => expect(openReceipt(wrong, viewPrivateKey)).toBeUndefined());
  expect(wiped.filter((hex) => hex === known.blinding)).toHaveLength(2);
});

test("sender memos leave no key and no MAC but the one in the memo", () => {
  const credential = senderCredential(alice());
  const parts = { credential, recipientViewPublicKey: recipient.viewPublicKey, txOutPublicKey: txOut.publicKey };
  const key = toHex(keyExchange(credential.spendPrivateKey, recipient.viewPublicKey));
  const payload = createSenderMemo({ kind: "authenticated-sender" }, parts);
  const mac = toHex(payload.subarray(50));
  const made = wipedBy(() => createSenderMemo({ kind: "authenticated-sender" }, parts));
  expect(made).toContain(key);
  expect(made.some((hex) => hex.length === 128 && hex.startsWith(mac))).toBe(true);
  const { viewPrivateKey: subaddressViewPrivateKey } = subaddress(root0(), 0n);
  const sender = publicAddress(alice());
  const check = { payload, sender, subaddressViewPrivateKey, txOutPublicKey: txOut.publicKey };
  expect(wipedBy(() => expect(verifySenderMemo(check)).toBe(true))).toEqual(expect.arrayContaining([key, mac]));
});

test("opening a record leaves no plaintext", () => {
  const record = createTxOutRecord(txOut, { globalIndex: 0n, blockIndex: 0n, timestamp: 0n });
  const place = { searchKey: new Uint8Array(16), viewPublicKey: recipient.viewPublicKey };
  const { payload } = sealTxOutRecord(record, place, fixtureRandom());
  const wiped = wipedBy(() => openTxOutRecord(payload, subaddress(root0(), 0n).viewPrivateKey));
  expect(wiped).toContain(toHex(encodeTxOutRecord(record)));
});

/** The blinding of version 2 that belongs to a shared secret. */
function blindingOf(secret: Secret): string {
  return toHex(unmaskAmount(maskAmount(3, amount(0n), secret), secret).blinding.expose());
}

/** What every byte string that `body` wiped had held before, in hex. */
function wipedBy(body: () => unknown): string[] {
  const held: string[] = [];
  const fill = Uint8Array.prototype.fill;
  const spy = vi.spyOn(Uint8Array.prototype, "fill").mockImplementation(function (this: Uint8Array, ...args) {
    if (args[0] === 0 && args.length === 1) held.push(toHex(this));
    return fill.apply(this, args);
  });
  try {
    body();
  } finally {
    spy.mockRestore();
  }
  return held;
}
