// The one error this package throws for wrong input.
import { CodedError } from "@fogbow/core-bytes";

/** Why this package refused an argument. */
export type CryptoErrorCode =
  | "invalid-private-key" // The bytes are not 32, or not a scalar below the group order ℓ.
  | "invalid-public-key" // The bytes are not 32, or not a canonical ristretto255 encoding.
  | "invalid-point-length" // A compressed point is not 32 bytes.
  | "invalid-ed25519-private-key" // An Ed25519 private key is not 32 bytes.
  | "index-out-of-bounds" // The real index of a ring signature is no index of the ring.
  | "invalid-curve-point" // A ring member's target key or commitment is no ristretto255 encoding.
  | "onetime-key-mismatch" // The one-time private key is not that of the real ring member.
  | "value-not-conserved" // The pseudo-output does not commit to the real ring member's amount.
  | "invalid-range-size" // A range proof is asked for no values, for more than 32, or for values and blindings of unequal number.
  | "box-too-short" // The cryptogram is shorter than its 50-byte footer.
  | "box-wrong-magic" // The cryptogram's major version byte is not 1.
  | "box-unknown-algorithm" // The cryptogram's minor version byte is not 0.
  | "box-invalid-key" // The cryptogram's ephemeral key is not a ristretto255 point.
  | "box-not-opened" // The cryptogram is for another key, or was altered: the authentication tag does not match.
  | "unknown-kex-rng-version" // Only version 0 of the KexRng is defined.
  | "invalid-stored-rng" // A stored KexRng has wrong lengths, or its buffer does not follow from secret and counter.
  | "kex-rng-counters-full"; // No room for another user: make a new egress key with empty counters.

/** Wrong input to `@fogbow/core-crypto`. Messages never hold a secret. */
export class CryptoError extends CodedError<CryptoErrorCode> {
  override readonly name = "CryptoError";
}
