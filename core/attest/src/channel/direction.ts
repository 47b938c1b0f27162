// One direction of a session: a key, how often it was used and for how much (spec 04 §2.7, §3).
import { U64_MAX, wipeBytes } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { decrypt, encrypt, rekey, TAG_BYTES } from "./cipher.ts";

/** Plaintext bytes that one key may protect. */
export const KEY_USE_BYTES_MAX: bigint = 2n ** 56n + 4n;

/** Where a direction stands. A session begins at zero. */
export interface DirectionUse {
  readonly nonce: bigint;
  /** Plaintext bytes under this key so far. */
  readonly bytes: bigint;
}

/** A key with its counter. Nothing changes when something is refused. */
export class Direction {
  #key: Uint8Array | undefined;
  #nonce: bigint;
  #bytes: bigint;

  /** Takes ownership of a 32-byte key. */
  constructor(key: Uint8Array, { nonce, bytes }: DirectionUse = { nonce: 0n, bytes: 0n }) {
    this.#key = key;
    this.#nonce = nonce;
    this.#bytes = bytes;
  }

  /** The nonce of the next message. */
  get nonce(): bigint {
    return this.#nonce;
  }

  /** Seals with the next nonce, which is then used. Throws `rekey-needed` or `session-closed`. */
  seal(aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const key = this.#usableKey(this.#nonce, plaintext.length);
    const sealed = encrypt(key, this.#nonce, aad, plaintext);
    this.#nonce += 1n;
    this.#bytes += BigInt(plaintext.length);
    return sealed;
  }

  /**
   * Opens with the next nonce, or with `nonce`, which the counter is then set to; it moves on only when the tag is right.
   * Throws `message-too-short`, `message-not-decrypted`, `rekey-needed` or `session-closed`.
   */
  open(aad: Uint8Array, sealed: Uint8Array, nonce: bigint = this.#nonce): Uint8Array {
    const length = sealed.length - TAG_BYTES;
    if (length < 0) throw new AttestError("message-too-short", `A sealed message has at least ${TAG_BYTES} bytes.`);
    const plaintext = decrypt(this.#usableKey(nonce, length), nonce, aad, sealed);
    if (plaintext === undefined) {
      throw new AttestError("message-not-decrypted", "The message does not decrypt in this session.");
    }
    this.#nonce = nonce + 1n;
    this.#bytes += BigInt(length);
    return plaintext;
  }

  /** REKEY (spec 04 §3.2): the counter stays, the count of bytes starts again. Throws `session-closed`. */
  rekey(): void {
    const key = this.#presentKey();
    this.#key = rekey(key);
    this.#bytes = 0n;
    wipeBytes(key);
  }

  /** Overwrites the key. */
  close(): void {
    if (this.#key !== undefined) wipeBytes(this.#key);
    this.#key = undefined;
  }

  #usableKey(nonce: bigint, length: number): Uint8Array {
    const key = this.#presentKey();
    if (nonce >= U64_MAX || this.#bytes + BigInt(length) > KEY_USE_BYTES_MAX) {
      throw new AttestError("rekey-needed", "The session's key has been used up: attest again.");
    }
    return key;
  }

  #presentKey(): Uint8Array {
    if (this.#key === undefined) throw new AttestError("session-closed", "The session was closed.");
    return this.#key;
  }
}
