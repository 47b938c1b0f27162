// AES-256-GCM as Noise uses it (Noise §4.2, §12.3; spec 04 §2.3, §3.2).
import { be64, U64_MAX } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";

/** Bytes of the tag that ends every ciphertext. */
export const TAG_BYTES = 16;

/** ENCRYPT: ciphertext ‖ tag. The nonce, an unsigned 64-bit integer, must never repeat under a key. */
export function encrypt(key: Uint8Array, nonce: bigint, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return kernel().ciphers.aes256GcmSeal(key, initialVector(nonce), aad, plaintext);
}

/** DECRYPT: the plaintext, or undefined when the tag is wrong or there is none. */
export function decrypt(key: Uint8Array, nonce: bigint, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  return sealed.length < TAG_BYTES ? undefined : kernel().ciphers.aes256GcmOpen(key, initialVector(nonce), aad, sealed);
}

/** REKEY: the key that follows a key. No message of the protocol asks for it; sessions end by attesting again. */
export function rekey(key: Uint8Array): Uint8Array {
  return encrypt(key, U64_MAX, new Uint8Array(), new Uint8Array(32)).subarray(0, 32);
}

/** Four zero bytes and the nonce, **big-endian** although it travels little-endian (spec 04 §18, T3). */
function initialVector(nonce: bigint): Uint8Array {
  const iv = new Uint8Array(12);
  iv.set(be64(nonce), 4);
  return iv;
}
