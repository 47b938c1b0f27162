// The messages of KexRng (spec 01 §8.2): what an ingest enclave publishes, and where a wallet stands in a sequence.
import { Secret, wipeBytes } from "@fogbow/core-bytes";
import { type KexRngPublicKey, kexRngPublicKey, SEARCH_KEY_BYTES, type StoredRng } from "@fogbow/core-crypto";
import { decodeMessage, encodeMessage, KexRngPubkeySchema, readBytes, StoredRngSchema } from "@fogbow/core-wire";
import { MESSAGE_BYTES_MAX } from "../limits.ts";

const SECRET_BYTES = 32;
const limits = { bytesMax: MESSAGE_BYTES_MAX };

/** A published egress key as a `KexRngPubkey`: 34 bytes in version 0. */
export function encodeKexRngPublicKey({ publicKey, version }: KexRngPublicKey): Uint8Array {
  return encodeMessage(KexRngPubkeySchema, { pubkey: new Uint8Array(publicKey), version }, limits);
}

/** Reads a `KexRngPubkey`. Throws WireError, or CryptoError `unknown-kex-rng-version` or `invalid-public-key`. */
export function decodeKexRngPublicKey(encoded: Uint8Array): KexRngPublicKey {
  const { pubkey, version } = decodeMessage(KexRngPubkeySchema, encoded, limits);
  return kexRngPublicKey(pubkey, version);
}

/** A stored KexRng as a `StoredRng`. It holds the shared secret, so it is one. */
export function encodeStoredRng({ secret, buffer, counter, version }: StoredRng): Secret {
  const message = {
    secret: readBytes(secret.expose(), SECRET_BYTES, "secret"),
    buffer: readBytes(buffer, SEARCH_KEY_BYTES, "buffer"),
    counter,
    version,
  };
  try {
    return new Secret(encodeMessage(StoredRngSchema, message, limits));
  } finally {
    wipeBytes(message.secret);
  }
}

/**
 * Reads a `StoredRng`; `encoded` stays the caller's to wipe. Throws WireError, such as `wrong-length` unless the secret
 * has 32 bytes and the buffer 16. `KexRng.fromStored` checks version and buffer.
 */
export function decodeStoredRng(encoded: Uint8Array): StoredRng {
  const { secret, buffer, counter, version } = decodeMessage(StoredRngSchema, encoded, limits);
  return {
    buffer: readBytes(buffer, SEARCH_KEY_BYTES, "buffer"),
    secret: new Secret(readBytes(secret, SECRET_BYTES, "secret")),
    counter,
    version,
  };
}
