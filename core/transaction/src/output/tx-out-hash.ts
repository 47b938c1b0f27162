// The structured digest of outputs, which the ledger's Merkle tree and block contents are built on (spec 02 §1.4, §1.5).
import { aggregate, bytesOf, type Digestible, digest32, optional, point, tuple, uint64 } from "@fogbow/core-crypto";
import type { MaskedAmount } from "./masked-amount.ts";
import type { TxOut } from "./tx-out.ts";

/** The hash of an output, 32 bytes. Never depends on how the output was encoded. */
export function txOutHash(txOut: TxOut): Uint8Array {
  return digest32("mobilecoin-txout", txOutDigestible(txOut));
}

/** An output as part of a larger hashed object. */
export function txOutDigestible(txOut: TxOut): Digestible {
  return aggregate("TxOut", [
    ["amount", optional(maskedAmountDigestible(txOut.maskedAmount))],
    ["target_key", point(txOut.targetKey)],
    ["public_key", point(txOut.publicKey)],
    ["e_fog_hint", bytesOf(txOut.encryptedFogHint)],
    ["e_memo", optional(txOut.encryptedMemo && tuple("EncryptedMemo", [bytesOf(txOut.encryptedMemo)]))],
  ]);
}

/** A masked amount as part of a larger hashed object. Version 1 keeps the name it had before there was a second one. */
export function maskedAmountDigestible(masked: MaskedAmount): Digestible {
  return aggregate(masked.version === 1 ? "Amount" : "MaskedAmountV2", [
    ["commitment", point(masked.commitment)],
    ["masked_value", uint64(masked.maskedValue)],
    ["masked_token_id", bytesOf(masked.maskedTokenId)],
  ]);
}
