// The pseudorandom function behind a KexRng: 16-byte search keys from a shared secret and a counter (spec 01 §8.1).
import { le64, utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { CryptoError } from "./error.ts";
import { type PublicKey, publicKey } from "./public-key.ts";

/** Bytes of a search key. */
export const SEARCH_KEY_BYTES = 16;

/** The only version of the function that is defined. */
export const KEX_RNG_VERSION = 0;

const PREFIX = utf8("20201124");

/** What an ingest enclave publishes: the public half of its egress key, and the version of the function it uses. */
export interface KexRngPublicKey {
  readonly publicKey: PublicKey;
  readonly version: number;
}

/** Reads a published egress key. Throws `unknown-kex-rng-version` or `invalid-public-key`. */
export function kexRngPublicKey(bytes: Uint8Array, version: number): KexRngPublicKey {
  assertKexRngVersion(version);
  return { publicKey: publicKey(bytes), version };
}

/** Throws `unknown-kex-rng-version` unless the version is 0. */
export function assertKexRngVersion(version: number): void {
  if (version !== KEX_RNG_VERSION) {
    throw new CryptoError(
      "unknown-kex-rng-version",
      `KexRng version ${version} is unknown; only version 0 is defined.`,
    );
  }
}

/** Output n for a shared secret of 32 bytes: the first 16 bytes of BLAKE2b-512("20201124" ‖ secret ‖ LE64(n)). */
export function kexRngOutput(secret: Uint8Array, n: bigint): Uint8Array {
  const digest = kernel().hashes.blake2b512(PREFIX, secret, le64(n));
  try {
    return digest.slice(0, SEARCH_KEY_BYTES);
  } finally {
    wipeBytes(digest);
  }
}
