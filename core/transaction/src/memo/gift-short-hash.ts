// The short hash by which a gift code funding memo points at the gift's output (spec 01 §6.3).
import { type Bytes, bytes, utf8 } from "@fogbow/core-bytes";
import { type CompressedPoint, compressedPoint } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";

const TAG = utf8("mc-gift-funding-tx-pub-key");

/** 4 bytes naming the TxOut that was sent to the gift code subaddress, by its public key of 32 bytes. */
export function giftShortHash(txOutPublicKey: CompressedPoint): Bytes<4> {
  return bytes(kernel().hashes.blake2b512(TAG, compressedPoint(txOutPublicKey)).slice(0, 4), 4, "gift hash");
}
