// Deterministic Schnorr signatures over ristretto255 on Merlin transcripts (spec 01 §1.3): schnorrkel's transcript, a
// bare scalar as key, and a nonce derived from key and message, so that signing twice gives the same bytes.
import { concatBytes, equalBytes, utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import type { PrivateKey } from "./private-key.ts";
import { tryPublicKey } from "./public-key.ts";
import { Transcript } from "./transcript.ts";

/** Bytes of a signature: R (a point, 32) ‖ s (a scalar, 32) with the marker bit set in the last byte. */
export const SIGNATURE_BYTES = 64;

const MARKER_OFFSET = 63;
const MARKER_BIT = 0x80; // Schnorrkel marks its signatures so, to tell them from Ed25519's. Scalars leave the bit free.

/** The 64-byte signature of `message`, valid only in this `context`. The same inputs give the same bytes. */
export function schnorrSign(context: string, privateKey: PrivateKey, message: Uint8Array): Uint8Array {
  const { scalars, ristretto } = kernel();
  const transcript = signingTranscript(context, message, privateKey.publicKey());
  const r = nonceScalar(context, privateKey, message, transcript);
  try {
    const commitment = ristretto.multiplyBase(r);
    const s = scalars.multiplyAdd(challengeScalar(transcript, commitment), privateKey.expose(), r); // s = k·x + r
    const signature = concatBytes(commitment, s);
    signature[MARKER_OFFSET] = (signature[MARKER_OFFSET] as number) | MARKER_BIT; // 64 bytes, so the index exists.
    return signature;
  } finally {
    wipeBytes(r);
  }
}

/**
 * Whether `signature` is one of `message` in this `context` by the holder of `publicKey`. Malformed signatures and keys
 * are simply false. The identity is a key like any other here, as in the deployed network, and signatures under it
 * bind no message.
 */
export function schnorrVerify(
  context: string,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { scalars, ristretto } = kernel();
  const key = tryPublicKey(publicKey);
  if (key === undefined || !(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) {
    return false;
  }
  const commitment = signature.subarray(0, 32);
  const s = new Uint8Array(signature.subarray(32)); // A copy, whatever kind of array it is: the marker is cleared in it.
  const last = s[31] as number; // 32 bytes, so the index exists.
  s[31] = last & ~MARKER_BIT;
  if ((last & MARKER_BIT) === 0 || !scalars.isCanonical(s)) {
    return false;
  }
  const k = challengeScalar(signingTranscript(context, message, key), commitment);
  // The kernel's constant-time products: for two terms they are faster than a multi-scalar multiplication.
  const expected = ristretto.subtract(ristretto.multiplyBase(s), ristretto.multiply(k, key));
  return equalBytes(expected, commitment); // R = s·G − k·A; R itself is never decoded.
}

/** The transcript both sides share up to the signer's key. */
function signingTranscript(context: string, message: Uint8Array, publicKey: Uint8Array): Transcript {
  const transcript = new Transcript("SigningContext");
  transcript.append("", utf8(context));
  transcript.append("sign-bytes", message);
  transcript.append("proto-name", utf8("Schnorr-sig"));
  transcript.append("sign:pk", publicKey);
  return transcript;
}

/** Appends the nonce commitment R and draws the challenge k. */
function challengeScalar(transcript: Transcript, commitment: Uint8Array): Uint8Array {
  transcript.append("sign:R", commitment);
  return kernel().scalars.reduceWide(transcript.challenge("sign:c", 64));
}

/**
 * The secret nonce r. Schnorrkel mixes fresh randomness into its witness here; instead, an HC-128 stream keyed by a hash
 * of key and message stands in for it, which is what makes signatures deterministic.
 */
function nonceScalar(context: string, privateKey: PrivateKey, message: Uint8Array, transcript: Transcript): Uint8Array {
  const { hashes, scalars } = kernel();
  const nonceTranscript = new Transcript("SigningNonce");
  const secrets: Uint8Array[] = [];
  try {
    nonceTranscript.append("context", utf8(context));
    nonceTranscript.append("private", privateKey.expose());
    nonceTranscript.append("message", message);
    const nonce = nonceTranscript.challenge("nonce", 32);
    secrets.push(nonce);
    const randomness = hashes.hc128(nonce.subarray(0, 16), nonce.subarray(16), 32);
    secrets.push(randomness);
    const wide = transcript.witness("signing", { witness: nonce, randomness, length: 64 });
    secrets.push(wide);
    return scalars.reduceWide(wide);
  } finally {
    nonceTranscript.wipe();
    wipeBytes(...secrets);
  }
}
