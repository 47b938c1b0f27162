// Finds which subaddress an output was sent to, from the spend key recovered from it (spec 01 §4.2).
import { publicAddress, type ViewAccountKey } from "@fogbow/core-account";
import { toHex } from "@fogbow/core-bytes";
import type { PublicKey } from "@fogbow/core-crypto";

/** The spend public keys of the subaddresses a wallet looks out for, with their indexes. */
export class SubaddressTable {
  readonly #account: ViewAccountKey;
  readonly #indexes = new Map<string, bigint>();

  /** A table for one account, holding the given indexes; see {@link SubaddressTable.add} for more. */
  constructor(account: ViewAccountKey, indexes: Iterable<bigint>) {
    this.#account = account;
    for (const index of indexes) {
      this.add(index);
    }
  }

  /** Looks out for one more subaddress. */
  add(index: bigint): void {
    this.#indexes.set(toHex(publicAddress(this.#account, index).spendPublicKey), index);
  }

  /** The index of the subaddress with this spend public key D, or undefined when it is not in the table. */
  indexOf(spendPublicKey: PublicKey): bigint | undefined {
    return this.#indexes.get(toHex(spendPublicKey));
  }
}
