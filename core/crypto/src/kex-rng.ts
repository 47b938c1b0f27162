// The wallet's side of a KexRng (spec 01 §8.3): the search keys under which Fog keeps this user's outputs, one after
// another. Losing count loses money, so the state can be stored and restored exactly.
import { equalBytes, Secret } from "@fogbow/core-bytes";
import { CryptoError } from "./error.ts";
import { assertKexRngVersion, KEX_RNG_VERSION, type KexRngPublicKey, kexRngOutput } from "./kex-rng-prf.ts";
import { keyExchange, type PrivateKey } from "./private-key.ts";

/** The state of a KexRng as it is stored: the buffer is the output at the counter. */
export interface StoredRng {
  /** 32 bytes. */
  readonly secret: Secret;
  /** 16 bytes. */
  readonly buffer: Uint8Array;
  readonly counter: bigint;
  readonly version: number;
}

const SECRET_BYTES = 32;

/** A sequence of 16-byte search keys shared with one ingest enclave. */
export class KexRng {
  readonly #secret: Secret;
  #counter: bigint;

  private constructor(secret: Secret, counter: bigint) {
    this.#secret = secret;
    this.#counter = counter;
  }

  /**
   * Starts at output 0 from the user's **subaddress** view private key (of the default subaddress, not the account's
   * root key) and an enclave's published key. Throws `unknown-kex-rng-version`.
   */
  static fromKeyExchange(viewPrivateKey: PrivateKey, { publicKey, version }: KexRngPublicKey): KexRng {
    assertKexRngVersion(version);
    return new KexRng(new Secret(keyExchange(viewPrivateKey, publicKey)), 0n);
  }

  /**
   * Continues from a stored state; takes ownership of its secret. Throws `unknown-kex-rng-version`, or
   * `invalid-stored-rng` when a length is wrong, the counter exceeds 64 bits or the buffer is not the output at the counter.
   */
  static fromStored({ secret, buffer, counter, version }: StoredRng): KexRng {
    assertKexRngVersion(version);
    const valid =
      secret.length === SECRET_BYTES &&
      typeof counter === "bigint" &&
      BigInt.asUintN(64, counter) === counter &&
      equalBytes(kexRngOutput(secret.expose(), counter), buffer);
    if (!valid) {
      throw new CryptoError("invalid-stored-rng", "The stored KexRng is damaged: start again from the published key.");
    }
    return new KexRng(secret, counter);
  }

  /** How often it has advanced; the number of the output that {@link KexRng.peek} shows. */
  get counter(): bigint {
    return this.#counter;
  }

  /** The current search key, 16 bytes. */
  peek(): Uint8Array {
    return kexRngOutput(this.#secret.expose(), this.#counter);
  }

  /** The current search key and those after it, `count` in all, to ask for at once. Does not advance. */
  peekMany(count: number): Uint8Array[] {
    return Array.from({ length: count }, (_, i) => kexRngOutput(this.#secret.expose(), plus(this.#counter, i)));
  }

  /** Goes on by one: exactly once for each search key that Fog had, also when what it had cannot be decrypted. */
  advance(): void {
    this.#counter = plus(this.#counter, 1);
  }

  /** A copy of the state. */
  toStored(): StoredRng {
    return {
      secret: new Secret(new Uint8Array(this.#secret.expose())),
      buffer: this.peek(),
      counter: this.#counter,
      version: KEX_RNG_VERSION,
    };
  }

  /** Wipes the secret; nothing works afterwards. */
  wipe(): void {
    this.#secret.wipe();
  }
}

/** Counters wrap at 64 bits, as on the server. */
function plus(counter: bigint, n: number): bigint {
  return BigInt.asUintN(64, counter + BigInt(n));
}
