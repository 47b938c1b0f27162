// Unsigned offers as protobuf messages of our own: MobileCoin has none for them.
import { decodeMessage, encodeMessage, readPresent, UnsignedOfferSchema } from "@fogbow/core-wire";
import { blockVersion } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import { SCI_BYTES_MAX } from "../limits.ts";
import { unmaskedAmountFromWire, unmaskedAmountToWire } from "../output/unmasked-amount-codec.ts";
import { txInFromWire, txInToWire } from "../tx/tx-codec.ts";
import { inputRingFromWire, inputRingToWire } from "../tx/unsigned-tx-codec.ts";
import type { UnsignedOffer } from "./unsigned-offer.ts";

const LIMITS = { bytesMax: SCI_BYTES_MAX };

/** An unsigned offer as bytes, as secret as its amounts and the key in it. Throws WireError `message-too-large`. */
export function encodeUnsignedOffer(unsigned: UnsignedOffer): Uint8Array {
  const message = {
    blockVersion: unsigned.blockVersion,
    txIn: txInToWire(unsigned.txIn),
    ring: inputRingToWire(unsigned.ring),
    requiredOutputAmounts: unsigned.requiredOutputAmounts.map(unmaskedAmountToWire),
    txOutGlobalIndices: [...unsigned.txOutGlobalIndices],
  };
  return encodeMessage(UnsignedOfferSchema, message, LIMITS);
}

/** An unsigned offer from bytes. Errors as `decodeUnsignedTx`, and `presigned-ring-mismatch` for a ring that is signed. */
export function decodeUnsignedOffer(encoded: Uint8Array): UnsignedOffer {
  const message = decodeMessage(UnsignedOfferSchema, encoded, LIMITS);
  const ring = inputRingFromWire(readPresent(message.ring, "ring"));
  if (ring.kind === "presigned") {
    throw new TransactionError("presigned-ring-mismatch", "The ring of an unsigned offer is still to be signed.");
  }
  return {
    blockVersion: blockVersion(message.blockVersion),
    txIn: txInFromWire(readPresent(message.txIn, "tx_in")),
    ring,
    requiredOutputAmounts: message.requiredOutputAmounts.map(unmaskedAmountFromWire),
    txOutGlobalIndices: [...message.txOutGlobalIndices],
  };
}
