// An attested channel, the initiator's side: Noise NX, then messages that are counted (spec 04 §2–4).
import { gcm } from "@noble/ciphers/aes.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const PROTOCOL = "Noise_NX_25519_AESGCM_SHA512";
const [KEY, TAG] = [32, 16];
const NOTHING = new Uint8Array();

/** One direction's key, and how many messages it has encrypted. */
class Direction {
  readonly #key: Uint8Array;
  #count = 0n;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  seal(aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return this.#cipher(aad).encrypt(plaintext);
  }

  open(aad: Uint8Array, sealed: Uint8Array): Uint8Array {
    return this.#cipher(aad).decrypt(sealed);
  }

  #cipher(aad: Uint8Array): ReturnType<typeof gcm> {
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setBigUint64(4, this.#count++);
    return gcm(this.#key, nonce, aad);
  }
}

/** What a handshake's messages are mixed into. */
class Transcript {
  #hash: Uint8Array;
  #chain: Uint8Array;
  #direction: Direction | undefined;

  constructor(prologue: Uint8Array) {
    this.#hash = concatBytes(utf8ToBytes(PROTOCOL), new Uint8Array(64 - PROTOCOL.length));
    this.#chain = this.#hash;
    this.mix(prologue);
  }

  get hash(): Uint8Array {
    return this.#hash;
  }

  mix(data: Uint8Array): void {
    this.#hash = sha512(concatBytes(this.#hash, data));
  }

  mixKey(shared: Uint8Array): void {
    const mixed = hkdf(sha512, shared, this.#chain, NOTHING, 128);
    this.#chain = mixed.slice(0, 64);
    this.#direction = new Direction(mixed.slice(64, 64 + KEY));
  }

  open(sealed: Uint8Array): Uint8Array {
    if (this.#direction === undefined) throw new Error("There is no key yet.");
    const plaintext = this.#direction.open(this.#hash, sealed);
    this.mix(sealed);
    return plaintext;
  }

  split(): readonly [Direction, Direction] {
    const keys = hkdf(sha512, NOTHING, this.#chain, NOTHING, 128);
    return [new Direction(keys.slice(0, KEY)), new Direction(keys.slice(64, 64 + KEY))];
  }
}

/** A channel that works. */
export interface Channel {
  readonly id: Uint8Array;
  seal(aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  open(aad: Uint8Array, sealed: Uint8Array): Uint8Array;
}

/** Begins a handshake for `host:port`: what is sent, and what makes a channel of the answer once its evidence convinces. */
export function beginHandshake(responderId: string): {
  readonly sent: Uint8Array;
  finish(answer: Uint8Array, verify: (evidence: Uint8Array, key: Uint8Array) => void): Channel;
} {
  const transcript = new Transcript(utf8ToBytes(responderId));
  const secret = x25519.utils.randomSecretKey();
  const sent = x25519.getPublicKey(secret);
  transcript.mix(sent);
  transcript.mix(NOTHING);
  return {
    sent,
    finish: (answer, verify) => {
      if (answer.length < 2 * KEY + 2 * TAG) throw new Error("The answer is cut short.");
      const ephemeral = answer.slice(0, KEY);
      transcript.mix(ephemeral);
      transcript.mixKey(x25519.getSharedSecret(secret, ephemeral));
      const key = transcript.open(answer.slice(KEY, 2 * KEY + TAG));
      transcript.mixKey(x25519.getSharedSecret(secret, key));
      verify(transcript.open(answer.slice(2 * KEY + TAG)), key);
      const [sending, receiving] = transcript.split();
      return {
        id: transcript.hash,
        seal: (aad, plaintext) => sending.seal(aad, plaintext),
        open: (aad, sealed) => receiving.open(aad, sealed),
      };
    },
  };
}
