// What the chapters of the tour have in common: how they check, and how someone reads outputs.
import { type AccountKey, DEFAULT_SUBADDRESS, viewAccountKey } from "@fogbow/core-account";
import { SubaddressTable, type TxOutReader } from "@fogbow/core-transaction";

/** Every statement of the tour passes through here; throws when one does not hold. */
export function hold(statement: boolean, words: string): asserts statement {
  if (!statement) throw new Error(`The tour found a mistake in the library: it does not hold that ${words}.`);
}

/** Reads what came to the published address of an account. */
export const readerOf = (account: AccountKey): TxOutReader => ({
  viewPrivateKey: account.viewPrivateKey,
  subaddresses: new SubaddressTable(viewAccountKey(account), [DEFAULT_SUBADDRESS]),
});
