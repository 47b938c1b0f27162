// Finds one's own outputs and reads them (spec 01 §4.2, §5.6, §5.7).
import type { Secret } from "@fogbow/core-bytes";
import { type PrivateKey, type PublicKey, tryPublicKey } from "@fogbow/core-crypto";
import { decryptMemo } from "../memo/encrypt-memo.ts";
import type { MemoPayload } from "../memo/memo.ts";
import { tryUnmaskAmount, type UnmaskedAmount } from "./masked-amount.ts";
import { recoverSubaddressSpendKey } from "./one-time-address.ts";
import type { SubaddressTable } from "./subaddress-table.ts";
import type { TxOut } from "./tx-out.ts";
import { txOutSharedSecret } from "./tx-out-shared-secret.ts";

/**
 * The amount of an output, if it was made for this view private key a, which is the **account's**, not a subaddress's.
 * Undefined for outputs of others and for those whose key is not a point. The target key is not looked at: use
 * {@link openTxOut} before treating an output as spendable.
 */
export function viewKeyMatch(txOut: TxOut, viewPrivateKey: PrivateKey): UnmaskedAmount | undefined {
  const publicKey = tryPublicKey(txOut.publicKey);
  if (publicKey === undefined) {
    return undefined;
  }
  const sharedSecret = txOutSharedSecret(viewPrivateKey, publicKey);
  try {
    return tryUnmaskAmount(txOut.maskedAmount, sharedSecret);
  } finally {
    sharedSecret.wipe();
  }
}

/** An output of one's own. */
export interface OwnedTxOut {
  readonly amount: UnmaskedAmount;
  readonly memo: MemoPayload;
  /** D of the subaddress the output was sent to. */
  readonly subaddressSpendPublicKey: PublicKey;
  /** The index of that subaddress, or undefined when the table does not hold it: found, but not spendable yet. */
  readonly subaddressIndex: bigint | undefined;
  /** 32 bytes; with the subaddress spend private key it makes the one-time private key. Wipe it after use. */
  readonly sharedSecret: Secret;
}

/** Who is looking: a view private key and the subaddresses it looks out for. */
export interface TxOutReader {
  /** The **account's** view private key a. */
  readonly viewPrivateKey: PrivateKey;
  readonly subaddresses: SubaddressTable;
}

/** Reads an output: its amount, its memo and which subaddress it came to. Undefined when it is not ours. */
export function openTxOut(txOut: TxOut, reader: TxOutReader): OwnedTxOut | undefined {
  return readTxOut(txOut, reader, (sharedSecret) => tryUnmaskAmount(txOut.maskedAmount, sharedSecret));
}

/**
 * Reads whatever has the keys and the memo of an output. `unmask` decides whether it is ours: it answers with the
 * amount, or undefined. Keys that are not points make it not ours.
 */
export function readTxOut(
  { publicKey, targetKey, encryptedMemo }: Pick<TxOut, "publicKey" | "targetKey" | "encryptedMemo">,
  { viewPrivateKey, subaddresses }: TxOutReader,
  unmask: (sharedSecret: Secret) => UnmaskedAmount | undefined,
): OwnedTxOut | undefined {
  const exchangeKey = tryPublicKey(publicKey);
  const onetimeKey = tryPublicKey(targetKey);
  if (exchangeKey === undefined || onetimeKey === undefined) {
    return undefined;
  }
  const sharedSecret = txOutSharedSecret(viewPrivateKey, exchangeKey);
  let amount: UnmaskedAmount | undefined;
  let owned: OwnedTxOut | undefined;
  try {
    amount = unmask(sharedSecret);
    if (amount !== undefined) {
      const subaddressSpendPublicKey = recoverSubaddressSpendKey(sharedSecret, onetimeKey);
      owned = {
        amount,
        memo: decryptMemo(encryptedMemo, sharedSecret),
        subaddressSpendPublicKey,
        subaddressIndex: subaddresses.indexOf(subaddressSpendPublicKey),
        sharedSecret,
      };
    }
    return owned;
  } finally {
    if (owned === undefined) {
      amount?.blinding.wipe();
      sharedSecret.wipe();
    }
  }
}
