// Noise's SymmetricState (Noise §5.2) with SHA-512 and AES-256-GCM: what both sides have said so far, as a hash, and
// what they have agreed on so far, as a key.
import { concatBytes, utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { decrypt, encrypt, TAG_BYTES } from "./cipher.ts";

const HASH_BYTES = 64;
const CIPHER_KEY_BYTES = 32;
const none = new Uint8Array();

/** h, ck and k of one handshake. */
export class SymmetricState {
  #hash: Uint8Array;
  #chainingKey: Uint8Array;
  #key: Uint8Array | undefined;
  #nonce = 0n;

  /** InitializeSymmetric for a protocol name of at most 64 bytes, as all of ours are. */
  constructor(protocolName: string) {
    const name = utf8(protocolName);
    this.#hash = concatBytes(name, new Uint8Array(HASH_BYTES - name.length));
    this.#chainingKey = this.#hash.slice();
  }

  /** A copy of h, 64 bytes: the channel binding once the handshake is over. Not secret. */
  hash(): Uint8Array {
    return this.#hash.slice();
  }

  /** MixHash. */
  mixHash(data: Uint8Array): void {
    this.#hash = kernel().hashes.sha512(this.#hash, data);
  }

  /** MixKey. Wipes the shared secret it is given. */
  mixKey(sharedSecret: Uint8Array): void {
    const [chainingKey, key] = this.#derive(sharedSecret);
    wipeBytes(sharedSecret, this.#chainingKey, this.#key ?? none);
    this.#chainingKey = chainingKey;
    this.#key = key.slice(0, CIPHER_KEY_BYTES);
    this.#nonce = 0n;
    wipeBytes(key);
  }

  /** Bytes that encryption now adds: a tag as soon as there is a key. */
  get tagBytes(): number {
    return this.#key === undefined ? 0 : TAG_BYTES;
  }

  /** EncryptAndHash. */
  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const output = this.#key === undefined ? plaintext : encrypt(this.#key, this.#nonce++, this.#hash, plaintext);
    this.mixHash(output);
    return output;
  }

  /** DecryptAndHash; undefined when the tag is wrong. */
  decryptAndHash(data: Uint8Array): Uint8Array | undefined {
    const plaintext = this.#key === undefined ? data.slice() : decrypt(this.#key, this.#nonce++, this.#hash, data);
    this.mixHash(data);
    return plaintext;
  }

  /** Split: the keys of initiator → responder and of responder → initiator. Wipes the state. */
  split(): [Uint8Array, Uint8Array] {
    const [first, second] = this.#derive(none);
    const keys: [Uint8Array, Uint8Array] = [first.slice(0, CIPHER_KEY_BYTES), second.slice(0, CIPHER_KEY_BYTES)];
    wipeBytes(first, second);
    this.wipe();
    return keys;
  }

  /** Overwrites the keys. */
  wipe(): void {
    wipeBytes(this.#chainingKey, this.#key ?? none);
  }

  /** HKDF with two outputs (Noise §4.3), which is RFC 5869 with the chaining key as salt and no info. */
  #derive(ikm: Uint8Array): [Uint8Array, Uint8Array] {
    const output = kernel().hashes.hkdf("sha512", {
      ikm,
      salt: this.#chainingKey,
      info: none,
      length: 2 * HASH_BYTES,
    });
    const halves: [Uint8Array, Uint8Array] = [output.slice(0, HASH_BYTES), output.slice(HASH_BYTES)];
    wipeBytes(output);
    return halves;
  }
}
