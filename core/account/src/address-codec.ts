// Public addresses as bytes: the message of spec 01 §2.7, which `.pub` files hold and other messages embed.
import { publicKey } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  PublicAddressSchema,
  readData,
  type PublicAddress as WirePublicAddress,
} from "@fogbow/core-wire";
import { ADDRESS_BYTES_MAX } from "./limits.ts";
import type { PublicAddress } from "./public-address.ts";

const limits = { bytesMax: ADDRESS_BYTES_MAX };

/**
 * The bytes of an address, at most 4 096, as MobileCoin writes them. Throws WireError `unencodable-message` for unpaired
 * surrogates or `message-too-large`.
 */
export function encodePublicAddress(address: PublicAddress): Uint8Array {
  return encodeMessage(PublicAddressSchema, publicAddressToWire(address), limits);
}

/**
 * An address from at most 4 096 bytes. Throws WireError `message-too-large`, `malformed-message`, `missing-field` or
 * `wrong-length`, and CryptoError `invalid-public-key` for a key that is no point.
 */
export function decodePublicAddress(bytes: Uint8Array): PublicAddress {
  return publicAddressFromWire(decodeMessage(PublicAddressSchema, bytes, limits));
}

/** The address as part of another message. */
export function publicAddressToWire(address: PublicAddress): {
  viewPublicKey: { data: Uint8Array };
  spendPublicKey: { data: Uint8Array };
  fogReportUrl: string;
  fogReportId: string;
  fogAuthoritySig: Uint8Array;
} {
  return {
    viewPublicKey: { data: address.viewPublicKey },
    spendPublicKey: { data: address.spendPublicKey },
    fogReportUrl: address.fogReportUrl,
    fogReportId: address.fogReportId,
    fogAuthoritySig: address.fogAuthoritySig,
  };
}

/** The address inside another message. Throws as {@link decodePublicAddress}. */
export function publicAddressFromWire(message: WirePublicAddress): PublicAddress {
  const keys = {
    viewPublicKey: publicKey(readData(message.viewPublicKey, 32, "view_public_key")),
    spendPublicKey: publicKey(readData(message.spendPublicKey, 32, "spend_public_key")),
  };
  if (message.fogReportUrl === "") {
    // Without a URL the other two mean nothing, and keeping them would change the address hash.
    return { ...keys, fogReportUrl: "", fogReportId: "", fogAuthoritySig: new Uint8Array() };
  }
  return {
    ...keys,
    fogReportUrl: message.fogReportUrl,
    fogReportId: message.fogReportId,
    fogAuthoritySig: new Uint8Array(message.fogAuthoritySig),
  };
}
