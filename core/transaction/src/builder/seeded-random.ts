// Randomness for building and signing that a retry draws again: HKDF-SHA512 (RFC 5869) of a wallet secret, an attempt
// nonce and a digest of everything that is built or signed. It is the idea of deterministic nonces (RFC 6979): what
// differs in any field draws everything anew, so that no key, blinding or nonce ever serves two transactions.
import { concatBytes, le64, type Random, type Secret, utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { TransactionError } from "../error.ts";
import { hasLength } from "../has-length.ts";

/** Bytes of an attempt nonce. */
export const ATTEMPT_NONCE_BYTES = 16;

/** Bytes a wallet secret must have at least. */
export const WALLET_SECRET_BYTES_MIN = 32;

/** From what the randomness of one attempt at a payment derives. */
export interface AttemptSeed {
  /** At least 32 bytes that only this wallet knows and that do not change. */
  readonly walletSecret: Secret;
  /**
   * 16 bytes, drawn once for each payment and kept until it is settled. With the same nonce a retry gives the same
   * transaction; with another one, a payment of the same content gives another.
   */
  readonly attemptNonce: Uint8Array;
}

/** What randomness is for. Uses never share any. */
export type RandomUse = "decoys" | "outputs" | "signature" | "offer-outputs" | "offer-signature";

const SALT = utf8("fogbow-transaction-randomness");
const KEY_BYTES = 64;
const BLOCK_BYTES = 64;

/** Whose randomness is drawn, what for, and for which content. */
export interface SeededUse {
  readonly seed: AttemptSeed;
  readonly use: RandomUse;
  /** Of everything that is built or signed. */
  readonly contentDigest: Uint8Array;
}

/**
 * An endless `Random` for one use of one attempt on one content, given by its digest. Drawing in other portions gives
 * other bytes. Throws `invalid-seed`.
 */
export function seededRandom(seed: AttemptSeed, use: RandomUse, contentDigest: Uint8Array): Random {
  return expand(deriveKey({ seed, use, contentDigest }));
}

/** Lends the same randomness to `body`, and wipes what it comes from. Throws `invalid-seed`, and as `body` does. */
export function withSeededRandom<Result>(seeded: SeededUse, body: (random: Random) => Result): Result {
  const key = deriveKey(seeded);
  try {
    return body(expand(key));
  } finally {
    wipeBytes(key);
  }
}

function deriveKey({ seed: { walletSecret, attemptNonce }, use, contentDigest }: SeededUse): Uint8Array {
  if (walletSecret.length < WALLET_SECRET_BYTES_MIN || !hasLength(attemptNonce, ATTEMPT_NONCE_BYTES)) {
    throw new TransactionError("invalid-seed", "A wallet secret has 32 bytes or more, an attempt nonce 16.");
  }
  // Use and nonce have fixed lengths or an end of their own, so no two infos are equal by shifting bytes.
  const info = concatBytes(utf8(`${use}:`), attemptNonce, contentDigest);
  return kernel().hashes.hkdf("sha512", { ikm: walletSecret.expose(), salt: SALT, info, length: KEY_BYTES });
}

/** BLAKE2b of key and counter: a pseudorandom function by its design (RFC 7693), and without HKDF's end at 255 blocks. */
function expand(key: Uint8Array): Random {
  let counter = 0n;
  return (length) => {
    const drawn = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += BLOCK_BYTES) {
      const block = kernel().hashes.blake2b512(key, le64(counter));
      drawn.set(block.subarray(0, length - offset), offset);
      wipeBytes(block);
      counter += 1n;
    }
    return drawn;
  };
}
