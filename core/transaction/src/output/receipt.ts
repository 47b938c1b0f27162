// Receipts: a sender's note to the recipient that an output is on its way (spec 01 §4.4).
import { bytes, equalBytes, type Secret, u64 } from "@fogbow/core-bytes";
import { type PrivateKey, type PublicKey, publicKey } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  type Receipt as ReceiptMessage,
  ReceiptSchema,
  readBytes,
  readData,
  readPresent,
} from "@fogbow/core-wire";
import { MESSAGE_BYTES_MAX } from "../limits.ts";
import { type MaskedAmount, tryUnmaskAmount, type UnmaskedAmount } from "./masked-amount.ts";
import { equalMaskedAmounts, type TxOut } from "./tx-out.ts";
import { maskedAmountFromWire, maskedAmountToWire } from "./tx-out-codec.ts";
import { type ConfirmationNumber, confirmationNumber, txOutSharedSecret } from "./tx-out-shared-secret.ts";

/** Tells a recipient which output to wait for. */
export interface Receipt {
  /** The public key of the output. */
  readonly publicKey: PublicKey;
  /** Shows that the sender of the receipt made the output. */
  readonly confirmation: ConfirmationNumber;
  /** The output is in a block below this one, or never. */
  readonly tombstoneBlock: bigint;
  readonly maskedAmount: MaskedAmount;
}

/** The receipt of an output. Throws CryptoError `invalid-public-key` when the output's key is not a point. */
export function createReceipt(txOut: TxOut, sharedSecret: Secret, tombstoneBlock: bigint): Receipt {
  return {
    publicKey: publicKey(txOut.publicKey),
    confirmation: confirmationNumber(sharedSecret),
    tombstoneBlock: u64(tombstoneBlock),
    maskedAmount: txOut.maskedAmount,
  };
}

/** Whether a confirmation number is that of the output with this public key, for the **account's** view private key. */
export function verifyConfirmation(
  confirmation: Uint8Array,
  txOutPublicKey: PublicKey,
  viewPrivateKey: PrivateKey,
): boolean {
  const sharedSecret = txOutSharedSecret(viewPrivateKey, txOutPublicKey);
  try {
    return equalBytes(confirmation, confirmationNumber(sharedSecret));
  } finally {
    sharedSecret.wipe();
  }
}

/**
 * The amount a receipt promises, if its confirmation number and its commitment are right for this **account's** view
 * private key; else undefined, whatever the reason. The output itself still has to appear in the ledger: compare it
 * with {@link receiptMatches}.
 */
export function openReceipt(receipt: Receipt, viewPrivateKey: PrivateKey): UnmaskedAmount | undefined {
  const sharedSecret = txOutSharedSecret(viewPrivateKey, receipt.publicKey);
  try {
    const unmasked = tryUnmaskAmount(receipt.maskedAmount, sharedSecret);
    if (equalBytes(receipt.confirmation, confirmationNumber(sharedSecret))) {
      return unmasked;
    }
    unmasked?.blinding.wipe();
    return undefined;
  } finally {
    sharedSecret.wipe();
  }
}

/** Whether this is the output that the receipt speaks of. */
export function receiptMatches(receipt: Receipt, txOut: TxOut): boolean {
  return equalBytes(receipt.publicKey, txOut.publicKey) && equalMaskedAmounts(receipt.maskedAmount, txOut.maskedAmount);
}

/** A receipt as bytes. Errors as `encodeTxOut`. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const { publicKey, confirmation, tombstoneBlock, maskedAmount } = receipt;
  return encodeMessage(ReceiptSchema, {
    publicKey: { data: readBytes(publicKey, 32, "public_key") },
    confirmation: { hash: readBytes(confirmation, 32, "confirmation") },
    tombstoneBlock: u64(tombstoneBlock),
    maskedAmount: maskedAmountToWire(maskedAmount),
  });
}

/**
 * A receipt from bytes. Throws WireError, CryptoError `invalid-public-key` when the key is not a point, and
 * `invalid-masked-amount`.
 */
export function decodeReceipt(encoded: Uint8Array): Receipt {
  const message: ReceiptMessage = decodeMessage(ReceiptSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX });
  const hash = readBytes(readPresent(message.confirmation, "confirmation").hash, 32, "confirmation");
  return {
    publicKey: publicKey(readData(message.publicKey, 32, "public_key")),
    confirmation: bytes(hash, 32, "confirmation"),
    tombstoneBlock: message.tombstoneBlock,
    maskedAmount: maskedAmountFromWire(message.maskedAmount),
  };
}
