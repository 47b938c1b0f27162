// Private keys: secret scalars of ristretto255. Nothing is ever clamped, and zero is accepted.
import { type Random, Secret, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { CryptoError } from "./error.ts";
import { checkedPoint, type PublicKey } from "./public-key.ts";

const SCALAR_BYTES = 32;
const WIDE_BYTES = 64;

/** A secret scalar: 32 bytes, little-endian, below the group order ℓ. */
export class PrivateKey extends Secret {
  /** Takes ownership of `bytes`. Throws `invalid-private-key` unless they are a canonical scalar of 32 bytes. */
  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array) || bytes.length !== SCALAR_BYTES || !kernel().scalars.isCanonical(bytes)) {
      throw new CryptoError(
        "invalid-private-key",
        "A private key is 32 bytes that hold a scalar below the group order.",
      );
    }
    super(bytes);
  }

  /** A uniform private key from 64 random bytes. */
  static random(random: Random): PrivateKey {
    return new PrivateKey(randomScalar(random));
  }

  /** x·G. */
  publicKey(): PublicKey {
    return checkedPoint(kernel().ristretto.multiplyBase(this.expose()));
  }
}

/** Key agreement: the 32-byte encoding of x·P, not hashed. It is secret: wipe it after use. */
export function keyExchange(privateKey: PrivateKey, publicKey: PublicKey): Uint8Array {
  return kernel().ristretto.multiply(privateKey.expose(), publicKey);
}

/** A uniform scalar of 32 bytes: 64 random bytes modulo ℓ. Blindings and ephemeral keys are made so. */
export function randomScalar(random: Random): Uint8Array {
  const uniform = random(WIDE_BYTES);
  try {
    return kernel().scalars.reduceWide(uniform);
  } finally {
    wipeBytes(uniform);
  }
}

/** A uniform point whose private key nobody knows: the one-way map of 64 random bytes (RFC 9496 §4.3.4). */
export function randomPoint(random: Random): PublicKey {
  return checkedPoint(kernel().ristretto.oneWayMap(random(WIDE_BYTES)));
}
