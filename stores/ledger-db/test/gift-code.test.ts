// The life of a gift code, in a ledger: funded, and then either redeemed by whoever has the code or taken back.
import { decodeGiftCode, encodeGiftCode, GIFT_CODE_SUBADDRESS } from "@fogbow/core-account";
import { formBlock } from "@fogbow/core-block";
import { tokenId, tokenValue } from "@fogbow/core-bytes";
import {
  checkAgainstLedger,
  createGiftCode,
  decodeMemo,
  GiftCodeCancellationMemoBuilder,
  GiftCodeFundingMemoBuilder,
  GiftCodeSenderMemoBuilder,
  giftCodeInput,
  giftShortHash,
  reservedAddresses,
  type Tx,
  type TxOut,
} from "@fogbow/core-transaction";
import { expect, test } from "vitest";
import type { Ledger } from "../src/index.ts";
import { appendContents, forming, foundLedger, GRANT, openOwn, owner, spend, stranger, withProofs } from "./economy.ts";

const FEE = 400_000_000n;
const GIFT = 1_000_000_000n;

/** Puts a transaction into the next block. */
function settle(ledger: Ledger, tx: Tx): void {
  const inputs = { txs: [withProofs(ledger, tx)], mintConfigTxs: [], mintTxs: [], rootElement: ledger.root() };
  const parent = ledger.lastBlock();
  if (parent === undefined) throw new Error("There is an origin block.");
  appendContents(ledger, formBlock(parent, inputs, forming()).contents);
}

/** A ledger with a gift in it, where the gift is, and the change of its funding. */
function fund(): { readonly ledger: Ledger; readonly index: bigint; readonly gift: TxOut; readonly change: TxOut } {
  const ledger = foundLedger();
  const tx = spend(ledger, [3n], {
    payments: [
      {
        destination: { kind: "gift-code", own: reservedAddresses(owner) },
        amount: { value: tokenValue(GIFT), tokenId: tokenId(0n) },
      },
    ],
    memoBuilder: () => new GiftCodeFundingMemoBuilder({ note: "Happy birthday" }),
  });
  settle(ledger, tx);
  const isGift = (txOut: TxOut): boolean => openOwn(owner, txOut)?.subaddressIndex === GIFT_CODE_SUBADDRESS;
  const gift = tx.prefix.outputs.find(isGift);
  const change = tx.prefix.outputs.find((txOut) => !isGift(txOut));
  if (gift === undefined || change === undefined) throw new Error("There are both.");
  return { ledger, gift, change, index: ledger.txOutIndexByPublicKey(gift.publicKey) as bigint }; // It was just put there.
}

/** The amount and the memo of an account's only output in a transaction. */
function receivedBy(account: typeof owner, tx: Tx): { readonly value: bigint; readonly memo: unknown } {
  const [only, ...more] = tx.prefix.outputs;
  const owned = openOwn(account, only as TxOut);
  expect(more).toEqual([]);
  return { value: owned?.amount.value ?? 0n, memo: owned && decodeMemo(owned.memo) };
}

const answer = (ledger: Ledger, tx: Tx): string =>
  checkAgainstLedger(tx, {
    ledger: {
      containsKeyImage: (image) => ledger.blockIndexOfKeyImage(image) !== undefined,
      containsTxOutPublicKey: (key) => ledger.txOutIndexByPublicKey(key) !== undefined,
    },
    blockCount: ledger.numBlocks(),
    txOutCount: ledger.numTxOuts(),
  });

const redeem = (ledger: Ledger, code: Uint8Array, index: bigint): Tx =>
  spend(ledger, [index], {
    payer: stranger,
    memoBuilder: () => new GiftCodeSenderMemoBuilder({ note: "Thank you" }),
    input: (real, decoys) => giftCodeInput(decodeGiftCode(code), real, decoys),
  });

const cancel = (ledger: Ledger, index: bigint): Tx =>
  spend(ledger, [index], { memoBuilder: () => new GiftCodeCancellationMemoBuilder({ globalIndex: index }) });

test("funding leaves a note on the change that points at the gift, and nothing on the gift", () => {
  const { gift, change } = fund();
  const [given, kept] = [openOwn(owner, gift), openOwn(owner, change)];
  expect([given?.amount.value, kept?.amount.value]).toEqual([GIFT, GRANT - GIFT - FEE]);
  expect(decodeMemo(given?.memo as Parameters<typeof decodeMemo>[0])).toEqual({ kind: "unused" });
  expect(decodeMemo(kept?.memo as Parameters<typeof decodeMemo>[0])).toEqual({
    kind: "gift-code-funding",
    giftHash: giftShortHash(gift.publicKey),
    fee: FEE,
    note: "Happy birthday",
  });
});

test("whoever has the code redeems it, once, and the giver cannot take it back any more", () => {
  const { ledger, gift, index } = fund();
  const code = encodeGiftCode(createGiftCode(owner, gift, index)).expose();
  const tx = redeem(ledger, code, index);
  expect(receivedBy(stranger, tx)).toEqual({
    value: GIFT - FEE,
    memo: { kind: "gift-code-sender", fee: FEE, note: "Thank you" },
  });
  const late = cancel(ledger, index);
  expect([answer(ledger, tx), answer(ledger, late)]).toEqual(["ok", "ok"]);
  settle(ledger, tx);
  expect(answer(ledger, late)).toBe("contains-spent-key-image");
  expect(answer(ledger, redeem(ledger, code, index))).toBe("contains-spent-key-image");
});

test("the giver takes a gift back, and the code is worth nothing any more", () => {
  const { ledger, gift, index } = fund();
  const code = encodeGiftCode(createGiftCode(owner, gift, index)).expose();
  const tx = cancel(ledger, index);
  expect(receivedBy(owner, tx)).toEqual({
    value: GIFT - FEE,
    memo: { kind: "gift-code-cancellation", fee: FEE, globalIndex: index },
  });
  settle(ledger, tx);
  expect(answer(ledger, redeem(ledger, code, index))).toBe("contains-spent-key-image");
});

test("what is no gift makes no code, and a code opens its own output only", () => {
  const { ledger, gift, change, index } = fund();
  const refused = expect.objectContaining({ name: "TransactionError", code: "invalid-gift-code" });
  expect(() => createGiftCode(owner, change, index)).toThrow(refused);
  expect(() => createGiftCode(stranger, gift, index)).toThrow(refused);
  const code = createGiftCode(owner, gift, index);
  const elsewhere = encodeGiftCode({ ...code, globalIndex: index + 1n }).expose();
  expect(() => redeem(ledger, elsewhere, index)).toThrow(refused);
  expect(() => redeem(ledger, encodeGiftCode(code).expose(), 4n)).toThrow(refused);
  const [proof] = ledger.membershipProofs([index]);
  if (proof === undefined) throw new Error("It is in the ledger.");
  const other = { proof, txOut: { ...gift, targetKey: change.targetKey } };
  expect(() => giftCodeInput(code, other, [])).toThrow(refused);
  const masked = { proof, txOut: { ...gift, maskedAmount: change.maskedAmount } };
  expect(() => giftCodeInput(code, masked, [])).toThrow(expect.objectContaining({ code: "inconsistent-commitment" }));
});
