// What callers without types may pass where a byte string, an integer or a text belongs: one typed error, never a
// TypeError or RangeError of the engine.
import { burnAddress, publicAddress, subaddress, viewAccountKey } from "@fogbow/core-account";
import { CodedError, Secret } from "@fogbow/core-bytes";
import { KernelError } from "@fogbow/kernel";
import { expect, test } from "vitest";
import * as transaction from "../src/index.ts";
import { amount, fixtureRandom, privateKey, root0 } from "./fixtures.ts";

const {
  BurnRedemptionMemoBuilder,
  DefragmentationMemoBuilder,
  GiftCodeCancellationMemoBuilder,
  GiftCodeFundingMemoBuilder,
  GiftCodeSenderMemoBuilder,
  RecoverableHistoryMemoBuilder,
  SubaddressTable,
} = transaction;

const recipient = publicAddress(root0());
const options = {
  blockVersion: 3 as const,
  recipient,
  amount: amount(5n),
  memo: new Uint8Array(66) as transaction.MemoPayload,
  fogHint: new Uint8Array(84),
};
const txPrivateKey = privateKey("05".repeat(32));
const { txOut, sharedSecret } = transaction.createTxOut({ ...options, txPrivateKey });
const reader = {
  viewPrivateKey: root0().viewPrivateKey,
  subaddresses: new SubaddressTable(viewAccountKey(root0()), [0n]),
};
const place = { globalIndex: 1n, blockIndex: 2n, timestamp: 3n };
const record = transaction.createTxOutRecord(txOut, place);
const { searchKey, payload } = transaction.sealTxOutRecord(
  record,
  { searchKey: new Uint8Array(16), viewPublicKey: recipient.viewPublicKey },
  fixtureRandom(),
);
const receipt = transaction.createReceipt(txOut, sharedSecret, 7n);
const revealed = transaction.revealTxOut(txOut, sharedSecret);
const { viewPublicKey } = recipient;
const key = { txOutPublicKey: viewPublicKey };
const unmasked = transaction.encodeUnmaskedAmount({ ...amount(1n), blinding: sharedSecret });
const credential = transaction.senderCredential(root0());
const hash = new Uint8Array(16);

/** Tells a builder a fee, an output unless there is none, and the change. */
function build(builder: transaction.MemoBuilder, fee: unknown, output: unknown, change: unknown): void {
  const call = builder as unknown as Record<string, (argument: unknown) => void>; // The arguments are wrong on purpose.
  call.setFee?.(fee);
  if (output !== undefined) call.memoForOutput?.(output);
  call.memoForChange?.(change);
}

// biome-ignore lint/suspicious/noExplicitAny: functions of all signatures are called, with arguments wrong on purpose.
type Call = readonly [name: string, call: (...wrong: any[]) => unknown, right: readonly unknown[]];

const SENDER_KIND = "authenticated-sender-with-payment-request-id";
const memos: readonly transaction.Memo[] = [
  { kind: "burn-redemption", data: new Uint8Array(64) as never },
  { kind: "gift-code-sender", fee: 1n, note: "note" },
  { kind: "defragmentation", fee: 1n, totalOutlay: 2n, defragmentationId: 3n },
  { kind: SENDER_KIND, senderHash: hash as never, mac: hash as never, paymentRequestId: 1n },
  { kind: "destination", recipientHash: hash as never, recipientCount: 1, fee: 1n, totalOutlay: 2n },
  { kind: "gift-code-funding", giftHash: new Uint8Array(4) as never, fee: 1n, note: "note" },
  { kind: "gift-code-cancellation", globalIndex: 1n, fee: 1n },
  { kind: "unknown", type: 0x999, data: new Uint8Array(64) as never },
];

const change = { amount: amount(0n), ...key };
const payment = { ...change, recipient: { ...recipient, fogReportUrl: "" } };
const CALLS: readonly Call[] = [
  ["blockVersion", transaction.blockVersion, [3]],
  ["blockVersionFeatures", transaction.blockVersionFeatures, [3]],
  ["createTxOut", (o) => transaction.createTxOut({ ...o, txPrivateKey }), [options]],
  ["decodeTxOut", transaction.decodeTxOut, [transaction.encodeTxOut(txOut)]],
  ["encodeTxOut", transaction.encodeTxOut, [txOut]],
  ["openTxOut", (t) => transaction.openTxOut(t, reader), [txOut]],
  ["viewKeyMatch", (t) => transaction.viewKeyMatch(t, reader.viewPrivateKey), [txOut]],
  ["equalTxOuts", transaction.equalTxOuts, [txOut, txOut]],
  ["maskAmount", (v, a) => transaction.maskAmount(v, a, sharedSecret), [2, amount(1n)]],
  ["txOutPublicKey", (k) => transaction.txOutPublicKey(txPrivateKey, k), [viewPublicKey]],
  ["txOutSharedSecret", (k) => transaction.txOutSharedSecret(txPrivateKey, k), [viewPublicKey]],
  ["onetimeTargetKey", (k) => transaction.onetimeTargetKey(sharedSecret, k), [viewPublicKey]],
  ["recoverSubaddressSpendKey", (k) => transaction.recoverSubaddressSpendKey(sharedSecret, k), [viewPublicKey]],
  ["encodeReceipt", transaction.encodeReceipt, [receipt]],
  ["decodeReceipt", transaction.decodeReceipt, [transaction.encodeReceipt(receipt)]],
  ["openReceipt", (r) => transaction.openReceipt(r, reader.viewPrivateKey), [receipt]],
  ["receiptMatches", transaction.receiptMatches, [receipt, txOut]],
  [
    "verifyConfirmation",
    (c, k) => transaction.verifyConfirmation(c, k, reader.viewPrivateKey),
    [receipt.confirmation, viewPublicKey],
  ],
  ["encodeRevealedTxOut", (t) => transaction.encodeRevealedTxOut({ ...revealed, txOut: t }), [txOut]],
  ["decodeRevealedTxOut", transaction.decodeRevealedTxOut, [transaction.encodeRevealedTxOut(revealed)]],
  ["replaceAmount", (a) => transaction.replaceAmount(revealed, a), [amount(1n)]],
  ["decodeUnmaskedAmount", transaction.decodeUnmaskedAmount, [unmasked]],
  ["encodeUnmaskedAmount", (a) => transaction.encodeUnmaskedAmount({ ...a, blinding: sharedSecret }), [amount(1n)]],
  ["SubaddressTable", (index) => new SubaddressTable(viewAccountKey(root0()), [index]), [1n]],
  ["SubaddressTable.indexOf", (k) => reader.subaddresses.indexOf(k), [viewPublicKey]],
  ["createTxOutRecord", (p) => transaction.createTxOutRecord(txOut, p), [place]],
  ["encodeTxOutRecord", transaction.encodeTxOutRecord, [record]],
  ["decodeTxOutRecord", transaction.decodeTxOutRecord, [transaction.encodeTxOutRecord(record)]],
  ["matchTxOutRecord", (r) => transaction.matchTxOutRecord(r, reader), [record]],
  ["openTxOutRecord", (p) => transaction.openTxOutRecord(p, subaddress(root0(), 0n).viewPrivateKey), [payload]],
  ["sealTxOutRecord", (o) => transaction.sealTxOutRecord(record, o, fixtureRandom()), [{ searchKey, viewPublicKey }]],
  ["encodeETxOutRecord", transaction.encodeETxOutRecord, [{ searchKey, payload }]],
  ["decodeETxOutRecord", transaction.decodeETxOutRecord, [transaction.encodeETxOutRecord({ searchKey, payload })]],
  ["padPayload", transaction.padPayload, [payload]],
  ["trimPayload", transaction.trimPayload, [transaction.padPayload(payload)]],
  ["encryptFogHint", (to, k) => transaction.encryptFogHint(to, k, fixtureRandom()), [viewPublicKey, viewPublicKey]],
  ["openFogHint", (h) => transaction.openFogHint(txPrivateKey, h, fixtureRandom()), [new Uint8Array(84)]],
  ["openFogHints", (h) => transaction.openFogHints(txPrivateKey, h, fixtureRandom()), [new Uint8Array(168)]],
  ...memos.map((memo): Call => ["encodeMemo", transaction.encodeMemo, [memo]]),
  ["decodeMemo", transaction.decodeMemo, [new Uint8Array(66)]],
  ["encryptMemo", (m) => transaction.encryptMemo(m, sharedSecret), [new Uint8Array(66)]],
  ["decryptMemo", (m) => transaction.decryptMemo(m, sharedSecret), [new Uint8Array(66)]],
  ["giftShortHash", transaction.giftShortHash, [viewPublicKey]],
  ["verifySelfAddressedMemo", (k) => transaction.verifySelfAddressedMemo(viewAccountKey(root0()), k), [viewPublicKey]],
  [
    "createSenderMemo",
    (content, parts) => transaction.createSenderMemo(content, { ...parts, credential }),
    [
      { kind: SENDER_KIND, paymentRequestId: 1n },
      { recipientViewPublicKey: viewPublicKey, ...key },
    ],
  ],
  [
    "verifySenderMemo",
    (check) =>
      transaction.verifySenderMemo({ ...check, sender: recipient, subaddressViewPrivateKey: reader.viewPrivateKey }),
    [{ payload: Uint8Array.of(1, ...new Uint8Array(65)), ...key }],
  ],
  ["senderCredential", (index) => transaction.senderCredential(root0(), index), [1n]],
  [
    "RecoverableHistoryMemoBuilder",
    (o, fee, output, rest) =>
      build(new RecoverableHistoryMemoBuilder({ ...o, destinationMemo: true, credential }), fee, output, rest),
    [{ paymentIntentId: 1n }, amount(1n), { ...change, recipient }, change],
  ],
  [
    "BurnRedemptionMemoBuilder",
    (o, fee, burned, rest) => {
      const burn = { ...burned, recipient: burnAddress() };
      build(new BurnRedemptionMemoBuilder({ ...o, destinationMemo: true }), fee, burn, rest);
    },
    [{ data: new Uint8Array(64) }, amount(1n), change, change],
  ],
  [
    "DefragmentationMemoBuilder",
    (o, fee, output, rest) => build(new DefragmentationMemoBuilder(o), fee, output, rest),
    [{ defragmentationId: 1n }, amount(1n), payment, change],
  ],
  [
    "GiftCodeFundingMemoBuilder",
    (o, fee, output, rest) => build(new GiftCodeFundingMemoBuilder(o), fee, output, rest),
    [{ note: "note" }, amount(1n), payment, change],
  ],
  [
    "GiftCodeSenderMemoBuilder",
    (o, fee, rest) => build(new GiftCodeSenderMemoBuilder(o), fee, undefined, rest),
    [{ note: "note" }, amount(1n), change],
  ],
  [
    "GiftCodeCancellationMemoBuilder",
    (o, fee, rest) => build(new GiftCodeCancellationMemoBuilder(o), fee, undefined, rest),
    [{ globalIndex: 1n }, amount(1n), change],
  ],
];

/** Values of every wrong type, width and length. */
const WRONG: readonly unknown[] = [
  ...[undefined, null, true, 0, 1.5, -1, Number.NaN, 2 ** 53, -1n, 2n ** 64n, "", "\ud800", Symbol("none")],
  ...[[], {}, { length: 32 }, { length: 66 }, { length: 84 }, "x".repeat(32), "x".repeat(66), "x".repeat(84)],
  ...[0, 8, 31, 32, 33, 66, 84, 400].map((length) => new Array(length).fill(0)),
  ...[0, 31, 33, 65, 83, 85, 2000].map((length) => new Uint8Array(length)),
  ...[new Uint8Array(32).fill(0xff), new Uint16Array(32), new Float64Array(4), new Secret(new Uint8Array(32))],
];

test.each(CALLS)("%s answers wrong types with a typed error", (_, call, right) => {
  expect(() => call(...right)).not.toThrow();
  for (const [position, argument] of right.entries()) {
    for (const path of leaves(argument)) {
      for (const wrong of WRONG) {
        const args = right.map((one, i) => (i === position ? replaced(one, path, wrong) : one));
        const error = thrownBy(() => call(...args));
        const typed = error === undefined || error instanceof CodedError || error instanceof KernelError;
        expect(typed, `${position}.${path.join(".")} = ${describe(wrong)}: ${error}`).toBe(true);
      }
    }
  }
});

/** The paths to the byte strings, integers and texts of an argument; not to what only tells its kind. */
function leaves(value: unknown): string[][] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [[]];
  return Object.entries(value).flatMap(([name, inner]) =>
    // Addresses are for the package that owns them, kinds and versions for the compiler.
    ["recipient", "kind", "version"].includes(name) ? [] : leaves(inner).map((path) => [name, ...path]),
  );
}

function replaced(value: unknown, [name, ...rest]: readonly string[], wrong: unknown): unknown {
  if (name === undefined) return wrong;
  const record = value as Readonly<Record<string, unknown>>; // A path leads through objects.
  return { ...record, [name]: replaced(record[name], rest, wrong) };
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

function describe(value: unknown): string {
  return ArrayBuffer.isView(value) ? `${value.constructor.name} of ${value.byteLength} bytes` : String(value);
}
