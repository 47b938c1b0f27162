// An output given away by its one-time key (spec 01 §3).
import { Secret, wipeBytes } from "@fogbow/core-bytes";
import { type PrivateKey, publicKey } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  readData,
  TxOutGiftCodeSchema,
  type TxOutGiftCode as WireGiftCode,
} from "@fogbow/core-wire";
import { privateKeyFromWire } from "./account-codec.ts";

const BYTES_MAX = 256; // A gift code has at most 83 bytes; the rest is room for unknown fields.

/** One output, with what opens and what spends it. */
export interface GiftCode {
  /** Where the output is in the ledger; 64 bits. */
  readonly globalIndex: bigint;
  /** Spends the output. */
  readonly onetimePrivateKey: PrivateKey;
  /** The output's shared secret, 32 bytes that encode a point: opens amount and memo. */
  readonly sharedSecret: Secret;
}

/**
 * The bytes of a gift code on its own, every field written, as MobileCoin stores them. Throws WireError
 * `unencodable-message` for an index beyond 64 bits.
 */
export function encodeGiftCode(giftCode: GiftCode): Secret {
  return new Secret(
    encodeMessage(TxOutGiftCodeSchema, { ...giftCodeToWire(giftCode), globalIndex: giftCode.globalIndex }),
  );
}

/**
 * A gift code on its own; the bytes stay the caller's to wipe. Throws WireError `message-too-large`,
 * `malformed-message`, `missing-field` or `wrong-length`, CryptoError `invalid-private-key` or `invalid-public-key`.
 */
export function decodeGiftCode(bytes: Uint8Array): GiftCode {
  return giftCodeFromWire(decodeMessage(TxOutGiftCodeSchema, bytes, { bytesMax: BYTES_MAX }));
}

/** The gift code as a message inside a printable code, where an index of zero is left out. */
export function giftCodeToWire(giftCode: GiftCode): {
  globalIndex?: bigint;
  onetimePrivateKey: { data: Uint8Array };
  sharedSecret: { data: Uint8Array };
} {
  return {
    ...(giftCode.globalIndex === 0n ? {} : { globalIndex: giftCode.globalIndex }),
    onetimePrivateKey: { data: giftCode.onetimePrivateKey.expose() },
    sharedSecret: { data: giftCode.sharedSecret.expose() },
  };
}

/** The gift code in its message. Throws as {@link decodeGiftCode}. */
export function giftCodeFromWire(message: WireGiftCode): GiftCode {
  const sharedSecret = readData(message.sharedSecret, 32, "shared_secret");
  wipeBytes(publicKey(sharedSecret)); // Throws unless it is a point; the checked copy is not needed.
  return {
    globalIndex: message.globalIndex ?? 0n,
    onetimePrivateKey: privateKeyFromWire(message.onetimePrivateKey, "onetime_private_key"),
    sharedSecret: new Secret(sharedSecret),
  };
}
