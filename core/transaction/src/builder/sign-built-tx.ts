// Signs a transaction that was built here or elsewhere, with randomness that a retry draws again (spec 02 §3.3).
import { wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import type { RingSigner } from "../tx/input-ring.ts";
import type { Tx } from "../tx/tx.ts";
import { signUnsignedTx, type UnsignedTx } from "../tx/unsigned-tx.ts";
import { encodeUnsignedTx } from "../tx/unsigned-tx-codec.ts";
import { type AttemptSeed, withSeededRandom } from "./seeded-random.ts";

/** Who signs, and from what the randomness of the signature derives. */
export interface BuiltTxSigning {
  /** Of the machine that signs; need not be the seed of the machine that built. */
  readonly seed: AttemptSeed;
  readonly signer: RingSigner;
  /** The digest of the minimum fees that the payer knows, or nothing to accept any. No signature covers it. */
  readonly feeMapDigest?: Uint8Array;
}

/**
 * Signs; the same unsigned transaction and seed give the same signature. Throws `invalid-seed`, and as `signUnsignedTx`
 * does: `value-not-conserved` when an amount is not what the ring commits to, `no-path-to-spend-key`, CryptoError
 * `onetime-key-mismatch` and others.
 */
export function signBuiltTx(unsigned: UnsignedTx, { seed, signer, feeMapDigest }: BuiltTxSigning): Tx {
  const signature = withSeededRandom({ seed, use: "signature", contentDigest: contentDigest(unsigned) }, (random) =>
    signUnsignedTx(unsigned, signer, random),
  );
  return { prefix: unsigned.prefix, signature, feeMapDigest: feeMapDigest ?? new Uint8Array(0) };
}

/** 64 bytes that depend on every field, secrets included: a nonce used for two messages would give a spend key away. */
function contentDigest(unsigned: UnsignedTx): Uint8Array {
  const encoded = encodeUnsignedTx(unsigned);
  try {
    return kernel().hashes.blake2b512(encoded);
  } finally {
    wipeBytes(encoded);
  }
}
