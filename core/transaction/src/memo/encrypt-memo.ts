// Masking of memos with the TxOut shared secret: AES-256-CTR under HKDF-SHA512 (RFC 5869; spec 01 §6.1).
// There is no authentication: whoever can change an output can flip bits of its memo.
import { type Bytes, bytes, type Secret, utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { exposeSharedSecret } from "../output/tx-out-shared-secret.ts";
import { MEMO_PAYLOAD_BYTES, type MemoPayload } from "./memo.ts";
import { memoPayload } from "./memo-codec.ts";

/** A memo as it is in a TxOut. */
export type EncryptedMemo = Bytes<66>;

const SALT = utf8("mc-memo-okm");
const KEY_BYTES = 32;
const COUNTER_BLOCK_BYTES = 16;

/** The encrypted memo of an output with this shared secret. Throws `invalid-memo` unless there are 66 bytes, `invalid-shared-secret`. */
export function encryptMemo(payload: Uint8Array, sharedSecret: Secret): EncryptedMemo {
  return mask(memoPayload(payload), sharedSecret);
}

/**
 * The payload of an encrypted memo, undefined meaning an output without one, which reads as Unused. With a wrong
 * shared secret the payload is noise. Throws `invalid-memo` unless there are 66 bytes, `invalid-shared-secret`.
 */
export function decryptMemo(encrypted: Uint8Array | undefined, sharedSecret: Secret): MemoPayload {
  return encrypted === undefined
    ? bytes(new Uint8Array(MEMO_PAYLOAD_BYTES), MEMO_PAYLOAD_BYTES, "memo payload")
    : mask(memoPayload(encrypted), sharedSecret);
}

/** XOR with the keystream, which undoes itself. */
function mask(text: MemoPayload, sharedSecret: Secret): Bytes<66> {
  const keyMaterial = kernel().hashes.hkdf("sha512", {
    ikm: exposeSharedSecret(sharedSecret),
    salt: SALT,
    info: new Uint8Array(0),
    length: KEY_BYTES + COUNTER_BLOCK_BYTES,
  });
  try {
    const masked = kernel().ciphers.aes256Ctr(
      keyMaterial.subarray(0, KEY_BYTES),
      keyMaterial.subarray(KEY_BYTES),
      text,
    );
    return bytes(masked, MEMO_PAYLOAD_BYTES, "memo payload");
  } finally {
    wipeBytes(keyMaterial);
  }
}
