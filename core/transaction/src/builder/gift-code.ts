// From an output sent to oneself as a gift to the code that gives it away, and from the code to what spends it
// (spec 01 §3). The note, and how a gift was funded, redeemed or taken back, are in memos.
import { type AccountKey, GIFT_CODE_SUBADDRESS, type GiftCode, subaddress, viewAccountKey } from "@fogbow/core-account";
import { equalBytes } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import { unmaskAmount } from "../output/masked-amount.ts";
import { onetimePrivateKey } from "../output/one-time-address.ts";
import { openTxOut } from "../output/open-tx-out.ts";
import { SubaddressTable } from "../output/subaddress-table.ts";
import type { TxOut } from "../output/tx-out.ts";
import type { LedgerTxOut, TxInput } from "./ring.ts";

/**
 * The gift code of an output that was sent to the gift code subaddress of an account, and is at this place in the ledger.
 * Whoever has it can take the gift: wipe it after use. Throws `invalid-gift-code` for any other output.
 */
export function createGiftCode(account: AccountKey, txOut: TxOut, globalIndex: bigint): GiftCode {
  const subaddresses = new SubaddressTable(viewAccountKey(account), [GIFT_CODE_SUBADDRESS]);
  const owned = openTxOut(txOut, { viewPrivateKey: account.viewPrivateKey, subaddresses });
  owned?.amount.blinding.wipe();
  if (owned?.subaddressIndex === undefined) {
    owned?.sharedSecret.wipe();
    throw new TransactionError("invalid-gift-code", "The output is not at the account's subaddress for gifts.");
  }
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, GIFT_CODE_SUBADDRESS);
  try {
    const { sharedSecret } = owned;
    return { globalIndex, onetimePrivateKey: onetimePrivateKey(sharedSecret, spendPrivateKey), sharedSecret };
  } finally {
    viewPrivateKey.wipe();
    spendPrivateKey.wipe();
  }
}

/**
 * The input that redeems a gift code, to be signed without any account. `real` is the output at its place. The key is a copy.
 * Throws `invalid-gift-code` when the output is another one, `inconsistent-commitment` when its amount cannot be
 * read.
 */
export function giftCodeInput(giftCode: GiftCode, real: LedgerTxOut, decoys: readonly LedgerTxOut[]): TxInput {
  const { txOut, proof } = real;
  const { globalIndex, onetimePrivateKey: key, sharedSecret } = giftCode;
  if (proof.index !== globalIndex || !equalBytes(key.publicKey(), txOut.targetKey)) {
    throw new TransactionError("invalid-gift-code", "The gift code is of another output.");
  }
  return {
    real,
    decoys,
    amount: unmaskAmount(txOut.maskedAmount, sharedSecret),
    onetimeKey: { kind: "onetime-private-key", onetimePrivateKey: new PrivateKey(key.expose().slice()) },
  };
}
