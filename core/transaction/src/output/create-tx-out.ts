// Makes an output by the rules of a block version (spec 01 §4.1, §5.1, §5.2).
import type { PublicAddress } from "@fogbow/core-account";
import type { Amount, Random, Secret } from "@fogbow/core-bytes";
import { PrivateKey, type PublicKey } from "@fogbow/core-crypto";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import { encryptMemo } from "../memo/encrypt-memo.ts";
import type { MemoPayload } from "../memo/memo.ts";
import { maskAmount } from "./masked-amount.ts";
import { onetimeTargetKey, txOutPublicKey } from "./one-time-address.ts";
import { type EncryptedFogHint, fogHint, type TxOut } from "./tx-out.ts";
import { txOutSharedSecret } from "./tx-out-shared-secret.ts";

/** What an output is made from. */
export interface TxOutOptions {
  readonly blockVersion: BlockVersion;
  /** Whose keys the output is for; where it is found again is decided by the hint. */
  readonly recipient: PublicAddress;
  readonly amount: Amount;
  /** The memo, or how to make it once the output's public key is known. Required from block version 1, refused before. */
  readonly memo?: MemoPayload | ((txOutPublicKey: PublicKey) => MemoPayload);
  /** 84 bytes, from `encryptFogHint` or `decoyFogHint`. */
  readonly fogHint: Uint8Array;
}

/** Where the output's tx private key r comes from. It must be unique: two outputs with one r and recipient collide. */
export type TxPrivateKeySource = { readonly txPrivateKey: PrivateKey } | { readonly random: Random };

/** An output with the secret its maker shares with the recipient. */
export interface CreatedTxOut {
  readonly txOut: TxOut;
  /** Opens the amount and the memo; also gives the confirmation number. Wipe it after use. */
  readonly sharedSecret: Secret;
}

/**
 * Makes an output. With `random` it draws 64 bytes for r. Throws `missing-memo`, `memo-not-allowed`,
 * `token-not-allowed`, `invalid-memo`, `invalid-fog-hint`.
 */
export function createTxOut(options: TxOutOptions & TxPrivateKeySource): CreatedTxOut {
  checkMemo(options);
  const encryptedFogHint = fogHint(options.fogHint);
  if ("txPrivateKey" in options) {
    return build(options, encryptedFogHint, options.txPrivateKey);
  }
  const txPrivateKey = PrivateKey.random(options.random);
  try {
    return build(options, encryptedFogHint, txPrivateKey);
  } finally {
    txPrivateKey.wipe();
  }
}

function checkMemo({ blockVersion, memo }: TxOutOptions): void {
  const { memos } = blockVersionFeatures(blockVersion);
  if (memos && memo === undefined) {
    throw new TransactionError("missing-memo", `Block version ${blockVersion} demands a memo; it may be Unused.`);
  }
  if (!memos && memo !== undefined) {
    throw new TransactionError("memo-not-allowed", `Block version ${blockVersion} knows no memos.`);
  }
}

function build(options: TxOutOptions, encryptedFogHint: EncryptedFogHint, txPrivateKey: PrivateKey): CreatedTxOut {
  const { blockVersion, recipient, amount, memo } = options;
  const sharedSecret = txOutSharedSecret(txPrivateKey, recipient.viewPublicKey);
  try {
    const publicKey = txOutPublicKey(txPrivateKey, recipient.spendPublicKey);
    const txOut: TxOut = {
      maskedAmount: maskAmount(blockVersion, amount, sharedSecret),
      targetKey: onetimeTargetKey(sharedSecret, recipient.spendPublicKey),
      publicKey,
      encryptedFogHint,
      encryptedMemo:
        memo === undefined ? undefined : encryptMemo(typeof memo === "function" ? memo(publicKey) : memo, sharedSecret),
    };
    return { txOut, sharedSecret };
  } catch (error) {
    sharedSecret.wipe();
    throw error;
  }
}
