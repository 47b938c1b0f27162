// Fog hints: 84 bytes that tell an ingest enclave, and nobody else, whose output this is (spec 01 §7.2 … §7.5).
import { concatBytes, type Random } from "@fogbow/core-bytes";
import { type PrivateKey, type PublicKey, publicKey, randomPoint, sealBox } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { TransactionError } from "../error.ts";
import { type EncryptedFogHint, FOG_HINT_BYTES, fogHint } from "../output/tx-out.ts";

/** The magic bytes after the key: 42, as often as it takes to fill 84 bytes. */
const MAGIC = Uint8Array.of(42, 42);
const PLAINTEXT_BYTES = 34;

/**
 * A hint for a Fog user: the view public key C of the **default** subaddress, boxed to the ingest enclave's ingress
 * key. Draws 64 random bytes, for the ephemeral key.
 */
export function encryptFogHint(
  ingressPublicKey: PublicKey,
  viewPublicKey: PublicKey,
  random: Random,
): EncryptedFogHint {
  return fogHint(sealBox(ingressPublicKey, concatBytes(viewPublicKey, MAGIC), random));
}

/**
 * A hint for a recipient without Fog, which nobody can tell from a real one: zeros, boxed to a point whose private key
 * nobody knows. Draws 64 random bytes for the point, then 64 for the ephemeral key.
 */
export function decoyFogHint(random: Random): EncryptedFogHint {
  const nobody = randomPoint(random);
  return fogHint(sealBox(nobody, new Uint8Array(PLAINTEXT_BYTES), random));
}

/**
 * What an ingest enclave makes of a hint: the view public key inside, or a random point that no user has when the hint
 * is a decoy, for another enclave, damaged or holds no point. The work is the same either way; the caller cannot and
 * must not tell the two apart. Throws `invalid-fog-hint` unless the hint has 84 bytes.
 */
export function openFogHint(ingressPrivateKey: PrivateKey, hint: Uint8Array, random: Random): PublicKey {
  return publicKey(openFogHints(ingressPrivateKey, fogHint(hint), random));
}

/**
 * As {@link openFogHint} for the hints of a block, one after another: 84 bytes a hint in, 32 bytes a key out. Draws 64
 * random bytes for every hint, whatever is in it.
 */
export function openFogHints(ingressPrivateKey: PrivateKey, hints: Uint8Array, random: Random): Uint8Array {
  if (!(hints instanceof Uint8Array) || hints.length % FOG_HINT_BYTES !== 0) {
    throw new TransactionError("invalid-fog-hint", `An encrypted Fog hint has ${FOG_HINT_BYTES} bytes.`);
  }
  const fallbacks = Array.from({ length: hints.length / FOG_HINT_BYTES }, () => randomPoint(random));
  return kernel().fog.openHints(ingressPrivateKey.expose(), hints, concatBytes(...fallbacks));
}
