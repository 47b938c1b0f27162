// Somebody with a wallet, who is paid.

import { createHash } from "node:crypto";
import { type AccountKey, accountKeyFromRootEntropy, publicAddress, subaddress } from "@fogbow/core-account";
import { MOB, type Random, Secret, tokenValue } from "@fogbow/core-bytes";
import type { CompressedPoint, PublicKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  decoyFogHint,
  encodeMemo,
  encryptFogHint,
  keyImage,
  onetimePrivateKey,
  type TxOut,
} from "@fogbow/core-transaction";
import { randomFrom } from "./random.ts";

/** An output and what spends it. */
export interface Coin {
  readonly txOut: TxOut;
  readonly value: bigint;
  readonly keyImage: CompressedPoint;
}

/** A person. */
export class Person {
  readonly account: AccountKey;
  readonly #random: Random;

  constructor(name: string) {
    const entropy = createHash("sha256").update(name).digest();
    this.account = accountKeyFromRootEntropy(new Secret(new Uint8Array(entropy)));
    this.#random = randomFrom(`payments to ${name}`);
  }

  /** An output of this value, with a hint for an ingress key, or with one for nobody. */
  pay(value: bigint, ingressKey: PublicKey | undefined): Coin {
    const recipient = publicAddress(this.account);
    const { txOut, sharedSecret } = createTxOut({
      blockVersion: 2,
      recipient,
      amount: { value: tokenValue(value), tokenId: MOB },
      memo: encodeMemo({ kind: "unused" }),
      fogHint:
        ingressKey === undefined
          ? decoyFogHint(this.#random)
          : encryptFogHint(ingressKey, recipient.viewPublicKey, this.#random),
      random: this.#random,
    });
    const { spendPrivateKey } = subaddress(this.account, 0n);
    const onetimeKey = onetimePrivateKey(sharedSecret, spendPrivateKey);
    return { txOut, value, keyImage: keyImage(onetimeKey) };
  }
}
