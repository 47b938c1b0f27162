// Public keys and compressed points: 32 bytes that do, or may, encode a point of ristretto255 (RFC 9496 §4.3.1).
import type { Bytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { CryptoError } from "./error.ts";

declare const compressedPointBrand: unique symbol;
declare const publicKeyBrand: unique symbol;

/** 32 bytes that should encode a point but were only measured, such as the keys of a stored TxOut. */
export type CompressedPoint = Bytes<32> & { readonly [compressedPointBrand]: true };

/** The canonical encoding of a point, checked. The identity (32 zero bytes) is one. */
export type PublicKey = CompressedPoint & { readonly [publicKeyBrand]: true };

const POINT_BYTES = 32;

/** A copy of 32 bytes that encode a point. Throws `invalid-public-key`. */
export function publicKey(bytes: Uint8Array): PublicKey {
  const key = tryPublicKey(bytes);
  if (key === undefined) {
    throw new CryptoError("invalid-public-key", "A public key is 32 bytes that encode a ristretto255 point.");
  }
  return key;
}

/** As {@link publicKey}, but undefined for bytes that encode no point: a scan must not stop at a bad key. */
export function tryPublicKey(bytes: Uint8Array): PublicKey | undefined {
  // `new Uint8Array` and not `slice`: Node's Buffer, which is a Uint8Array too, shares its memory with its slices.
  return isPointLength(bytes) && kernel().ristretto.isPoint(bytes) ? checkedPoint(new Uint8Array(bytes)) : undefined;
}

/** A copy of 32 bytes, whatever they encode. Throws `invalid-point-length`. */
export function compressedPoint(bytes: Uint8Array): CompressedPoint {
  if (!isPointLength(bytes)) {
    throw new CryptoError("invalid-point-length", "A compressed point is 32 bytes.");
  }
  return new Uint8Array(bytes) as CompressedPoint; // The length has just been checked.
}

function isPointLength(bytes: Uint8Array): boolean {
  return bytes instanceof Uint8Array && bytes.length === POINT_BYTES;
}

/** Brands an encoding that the kernel has made or checked. Not for bytes from outside. */
export function checkedPoint(encoding: Uint8Array): PublicKey {
  return encoding as PublicKey; // The kernel only ever returns canonical encodings.
}
