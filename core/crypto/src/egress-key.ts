// The ingest enclave's side of KexRng (spec 01 §8.4): a random egress key and a counter for each user it has met. No
// secret of a user is kept except as the name of a counter.
import { wipeBytes } from "@fogbow/core-bytes";
import { KEX_RNG_VERSION, type KexRngPublicKey, kexRngOutput } from "./kex-rng-prf.ts";
import { keyExchange, type PrivateKey } from "./private-key.ts";
import type { PublicKey } from "./public-key.ts";

/** Counters by 32-byte name. An enclave's map must be oblivious; {@link KexRngCounters} is the plain one. */
export interface CounterMap {
  /** The counter's value, 0 at first, which then grows by one modulo 2^64. Throws `kex-rng-counters-full`. */
  next(name: Uint8Array): bigint;
}

/** An egress key with its counters. Both live only in memory: a restart makes new ones and publishes the new key. */
export class EgressKey {
  readonly #privateKey: PrivateKey;
  readonly #counters: CounterMap;
  /** What users need to make the same search keys. */
  readonly publicKey: KexRngPublicKey;

  /** Takes ownership of a fresh private key, and of counters that have never been used with another key. */
  constructor(privateKey: PrivateKey, counters: CounterMap) {
    this.#privateKey = privateKey;
    this.#counters = counters;
    this.publicKey = { publicKey: privateKey.publicKey(), version: KEX_RNG_VERSION };
  }

  /**
   * The next 16-byte search key of the user with this subaddress view public key. Throws `kex-rng-counters-full`: then
   * start again with a new egress key and empty counters.
   */
  nextSearchKey(viewPublicKey: PublicKey): Uint8Array {
    const secret = keyExchange(this.#privateKey, viewPublicKey);
    const name = counterName(secret);
    try {
      return kexRngOutput(secret, this.#counters.next(name));
    } finally {
      wipeBytes(secret, name);
    }
  }

  /** Wipes the private key. */
  wipe(): void {
    this.#privateKey.wipe();
  }
}

/** The secret with its first byte inverted: oblivious maps mark empty places with a name of 32 zero bytes. */
function counterName(secret: Uint8Array): Uint8Array {
  const name = secret.slice();
  name[0] = ~(name[0] as number); // A shared secret has 32 bytes.
  return name;
}
