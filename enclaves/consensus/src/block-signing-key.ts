// The key that signs blocks. It is made in the enclave and leaves it only sealed for its signer, so that a later version
// of the enclave, and nobody else, can go on with it.
import { type Random, utf8, wipeBytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import type { Sealing } from "@fogbow/runtime-enclave";
import { ConsensusError } from "./error.ts";

const PURPOSE = utf8("fogbow-block-signing-key-v1");
const KEY_BYTES = 32;

/** The key, and the same sealed, to be kept for the next start. */
export interface SealedSigningKey {
  readonly key: Ed25519PrivateKey;
  readonly sealed: Uint8Array;
}

/**
 * The key of an earlier run, or a new one when none is given. Throws what sealing throws: a seal that does not open is
 * never answered with a new key, which would be another signer. {@link ConsensusError} `invalid-sealed-key` for a seal of
 * something else.
 */
export function openSigningKey(
  sealed: Uint8Array,
  { sealing, random }: { readonly sealing: Sealing; readonly random: Random },
): SealedSigningKey {
  const secret = sealed.length === 0 ? random(KEY_BYTES) : sealing.unseal(sealed, PURPOSE);
  if (secret.length !== KEY_BYTES) {
    wipeBytes(secret);
    throw new ConsensusError("invalid-sealed-key", "What was unsealed is no block signing key.");
  }
  // Sealed anew in any case: a newer version of the enclave seals for itself.
  return { sealed: sealing.seal(secret, PURPOSE, "signer"), key: new Ed25519PrivateKey(secret) };
}
