// How a forgetting node's host keeps what it must not read. It looks key images and public keys up by tags, which are a keyed
// hash that only the enclave can compute, and it keeps outputs and hashes of the tree sealed, each for its place.
import { be64, concatBytes, type Random, utf8, wipeBytes } from "@fogbow/core-bytes";
import { encodeTxOut, type LeafRange, type TxOut } from "@fogbow/core-transaction";
import { kernel } from "@fogbow/kernel";
import { ConsensusError } from "../error.ts";

/** Bytes of the key that all others are derived from. */
export const STORE_KEY_BYTES = 32;

/** A sealed hash: salt 24 ‖ ciphertext 32 ‖ tag 16. */
export const SEALED_HASH_BYTES = 72;

const SALT_BYTES = 24;
/** Every record has a key of its own, so one nonce serves all. */
const NONCE = new Uint8Array(12);
const EMPTY = new Uint8Array();
const NODE = Uint8Array.of(0);
const TX_OUT = Uint8Array.of(1);
const KEY_IMAGE = Uint8Array.of(2);

/** Tags and seals of one store. */
export class RecordVault {
  readonly #storeKey: Uint8Array;
  readonly #random: Random;

  /** Takes the key, 32 bytes. */
  constructor(storeKey: Uint8Array, random: Random) {
    this.#storeKey = storeKey;
    this.#random = random;
  }

  /** A copy of the key that everything is derived from. */
  storeKey(): Uint8Array {
    return this.#storeKey.slice();
  }

  /** What a key image is known by. */
  keyImageTag(keyImage: Uint8Array): Uint8Array {
    return this.#tag("key image", keyImage);
  }

  /** What an output's public key is known by. */
  publicKeyTag(publicKey: Uint8Array): Uint8Array {
    return this.#tag("public key", publicKey);
  }

  /** A hash of the tree, sealed for its place. */
  sealNode({ from, to }: LeafRange, hash: Uint8Array): Uint8Array {
    return this.#seal(concatBytes(NODE, be64(from), be64(to)), hash);
  }

  /** The hash that was sealed for a place. Throws {@link ConsensusError} `invalid-record`. */
  openNode({ from, to }: LeafRange, sealed: Uint8Array): Uint8Array {
    return this.#open(concatBytes(NODE, be64(from), be64(to)), sealed);
  }

  /** An output, sealed for its place. */
  sealTxOut(index: bigint, txOut: TxOut): Uint8Array {
    return this.#seal(concatBytes(TX_OUT, be64(index)), encodeTxOut(txOut));
  }

  /** The encoded output that was sealed for a place. Throws {@link ConsensusError} `invalid-record`. */
  openTxOut(index: bigint, sealed: Uint8Array): Uint8Array {
    return this.#open(concatBytes(TX_OUT, be64(index)), sealed);
  }

  /** A key image, sealed for whatever place: which one it has in the ledger is not kept. */
  sealKeyImage(keyImage: Uint8Array): Uint8Array {
    return this.#seal(KEY_IMAGE, keyImage);
  }

  /** A key image that was sealed. Throws {@link ConsensusError} `invalid-record`. */
  openKeyImage(sealed: Uint8Array): Uint8Array {
    return this.#open(KEY_IMAGE, sealed);
  }

  #tag(table: string, value: Uint8Array): Uint8Array {
    const key = this.#derive(`fogbow-store-tag ${table}`, EMPTY);
    try {
      return kernel().hashes.hmac("blake2b256", key, value);
    } finally {
      wipeBytes(key);
    }
  }

  #seal(place: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const salt = this.#random(SALT_BYTES);
    const key = this.#derive("fogbow-store-record", salt);
    try {
      return concatBytes(salt, kernel().ciphers.aes256GcmSeal(key, NONCE, place, plaintext));
    } finally {
      wipeBytes(key);
    }
  }

  #open(place: Uint8Array, sealed: Uint8Array): Uint8Array {
    const key = this.#derive("fogbow-store-record", sealed.subarray(0, SALT_BYTES));
    try {
      const isLongEnough = sealed.length >= SALT_BYTES + 16;
      const opened = isLongEnough
        ? kernel().ciphers.aes256GcmOpen(key, NONCE, place, sealed.subarray(SALT_BYTES))
        : undefined;
      if (opened !== undefined) return opened;
      throw new ConsensusError("invalid-record", "A stored record was altered, or is of another place or store.");
    } finally {
      wipeBytes(key);
    }
  }

  #derive(purpose: string, salt: Uint8Array): Uint8Array {
    return kernel().hashes.hkdf("blake2b256", { ikm: this.#storeKey, salt, info: utf8(purpose), length: 32 });
  }
}
