// What an account can spend, found by looking at every output of a ledger with its view key: no Fog is involved.
import {
  type AccountKey,
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  subaddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { MOB } from "@fogbow/core-bytes";
import {
  keyImage,
  onetimePrivateKey,
  openTxOut,
  SubaddressTable,
  type UnmaskedAmount,
  unmaskAmount,
} from "@fogbow/core-transaction";
import type { LedgerReader } from "@fogbow/ledger-db";

/** An output that can be spent. */
export interface SpendableOutput {
  /** In the ledger. */
  readonly index: bigint;
  readonly amount: UnmaskedAmount;
  readonly subaddressIndex: bigint;
}

/** The outputs of an account that nobody has spent, in MOB, in the order of the ledger. */
export function spendableOutputs(ledger: LedgerReader, account: AccountKey): SpendableOutput[] {
  const subaddresses = new SubaddressTable(viewAccountKey(account), [DEFAULT_SUBADDRESS, CHANGE_SUBADDRESS]);
  const reader = { viewPrivateKey: account.viewPrivateKey, subaddresses };
  const found: SpendableOutput[] = [];
  for (let index = 0n; index < ledger.numTxOuts(); index++) {
    const txOut = ledger.txOut(index);
    const owned = txOut && openTxOut(txOut, reader);
    if (txOut === undefined || owned?.subaddressIndex === undefined) continue;
    const { subaddressIndex, sharedSecret } = owned;
    const key = onetimePrivateKey(sharedSecret, subaddress(account, subaddressIndex).spendPrivateKey);
    const isSpent = ledger.blockIndexOfKeyImage(keyImage(key)) !== undefined;
    const amount = unmaskAmount(txOut.maskedAmount, sharedSecret);
    key.wipe();
    sharedSecret.wipe();
    if (!isSpent && amount.tokenId === MOB) found.push({ index, amount, subaddressIndex });
  }
  return found;
}
