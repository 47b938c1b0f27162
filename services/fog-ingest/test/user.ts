// Somebody who is paid through Fog, and finds it again as a wallet does.
import { createHash } from "node:crypto";
import {
  type AccountKey,
  accountKeyFromRootEntropy,
  publicAddress,
  subaddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { MOB, type Random, Secret, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { KexRng, kexRngPublicKey, type PublicKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  decoyFogHint,
  type ETxOutRecord,
  encodeMemo,
  encryptFogHint,
  matchTxOutRecord,
  openTxOutRecord,
  SubaddressTable,
  type TxOut,
} from "@fogbow/core-transaction";
import type { KexRngKey } from "@fogbow/recovery-db";

/** A user. */
export class User {
  /** The values that it was paid, in order. */
  readonly paid: bigint[] = [];
  readonly #account: AccountKey;
  readonly #random: Random;

  constructor(seed: number) {
    this.#account = accountKeyFromRootEntropy(new Secret(new Uint8Array(32).fill(seed)));
    let drawn = 0;
    this.#random = (length) => {
      const digest = createHash("shake256", { outputLength: length }).update(`user ${seed} ${drawn++}`).digest();
      return new Uint8Array(digest);
    };
  }

  /** An output for this user, with a hint for an ingress key, or one that nobody can open. */
  pay(value: bigint, ingressKey: PublicKey | undefined): TxOut {
    const recipient = publicAddress(this.#account);
    const { txOut, sharedSecret } = createTxOut({
      blockVersion: 3,
      recipient,
      amount: { value: tokenValue(value), tokenId: tokenId(MOB) },
      memo: encodeMemo({ kind: "unused" }),
      fogHint:
        ingressKey === undefined
          ? decoyFogHint(this.#random)
          : encryptFogHint(ingressKey, recipient.viewPublicKey, this.#random),
      random: this.#random,
    });
    sharedSecret.wipe();
    this.paid.push(value);
    return txOut;
  }

  /** The values of what it finds: in each sequence key by key, to the first that is not there. */
  recover(records: readonly ETxOutRecord[], rngs: readonly KexRngKey[]): bigint[] {
    const payloads = new Map(records.map(({ searchKey, payload }) => [toHex(searchKey), payload]));
    const { viewPrivateKey } = subaddress(this.#account, 0n);
    const reader = {
      viewPrivateKey: this.#account.viewPrivateKey,
      subaddresses: new SubaddressTable(viewAccountKey(this.#account), [0n]),
    };
    return rngs.flatMap(({ publicKey, version }) => {
      const rng = KexRng.fromKeyExchange(viewPrivateKey, kexRngPublicKey(publicKey, version));
      const values: bigint[] = [];
      for (;;) {
        const payload = payloads.get(toHex(rng.peek()));
        if (payload === undefined) return values;
        rng.advance();
        const match = matchTxOutRecord(openTxOutRecord(payload, viewPrivateKey), reader);
        if (match === undefined) throw new Error("A record of somebody else.");
        values.push(match.amount.value);
      }
    });
  }
}
