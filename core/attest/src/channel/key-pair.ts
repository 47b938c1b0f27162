// X25519 key pairs (RFC 7748). These are never Ristretto keys.
import { type Random, Secret } from "@fogbow/core-bytes";
import { KernelError, kernel } from "@fogbow/kernel";
import { AttestError } from "../error.ts";

/** Bytes of a private key, of a public key and of a shared secret. */
export const KEY_BYTES = 32;

/** An X25519 key pair, static or ephemeral. */
export class KeyPair {
  /** 32 bytes, little-endian. */
  readonly publicKey: Uint8Array;
  readonly #privateKey: Secret;

  /** Takes ownership of 32 bytes of private key. Throws `key-malformed`. */
  constructor(privateKey: Uint8Array) {
    if (!(privateKey instanceof Uint8Array) || privateKey.length !== KEY_BYTES) {
      throw new AttestError("key-malformed", `An X25519 private key is ${KEY_BYTES} bytes.`);
    }
    this.#privateKey = new Secret(privateKey);
    this.publicKey = kernel().x25519.publicKey(privateKey);
  }

  /** A fresh pair from 32 random bytes. */
  static random(random: Random): KeyPair {
    return new KeyPair(random(KEY_BYTES));
  }

  /**
   * The 32-byte shared secret with another's public key: wipe it after use. Throws `weak-public-key` when it would be all
   * zeros, `key-malformed` for a key of another length, and BytesError `secret-wiped` after {@link KeyPair.wipe}.
   */
  agree(publicKey: Uint8Array): Uint8Array {
    try {
      return kernel().x25519.sharedSecret(this.#privateKey.expose(), publicKey);
    } catch (cause) {
      if (cause instanceof KernelError && cause.code === "zero-shared-secret") {
        throw new AttestError("weak-public-key", "The other side's X25519 key has small order.", { cause });
      }
      if (cause instanceof KernelError && cause.code === "invalid-length") {
        throw new AttestError("key-malformed", `An X25519 public key is ${KEY_BYTES} bytes.`, { cause });
      }
      throw cause;
    }
  }

  /** Overwrites the private key. */
  wipe(): void {
    this.#privateKey.wipe();
  }
}
