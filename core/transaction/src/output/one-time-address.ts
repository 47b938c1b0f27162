// One-time addresses: every output is sent to a fresh key that only its recipient can recognise and spend from
// (spec 01 §4.1, §4.2; CryptoNote v2.0 §4.3).
import { type Secret, wipeBytes } from "@fogbow/core-bytes";
import {
  type CompressedPoint,
  compressedPoint,
  hashToPoint,
  hashToScalar,
  PrivateKey,
  type PublicKey,
  publicKey,
} from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { exposeSharedSecret } from "./tx-out-shared-secret.ts";

const TAG = "mc_onetime_key_hash_to_scalar";

/** The sender's side: target key Hs(S)·G + D for a recipient's subaddress spend public key D. */
export function onetimeTargetKey(sharedSecret: Secret, spendPublicKey: PublicKey): PublicKey {
  const offset = onetimeOffset(sharedSecret);
  try {
    return publicKey(kernel().ristretto.add(offset, spendPublicKey));
  } finally {
    wipeBytes(offset);
  }
}

/** The sender's side: the output's public key r·D, for a tx private key r that no other output uses. */
export function txOutPublicKey(txPrivateKey: PrivateKey, spendPublicKey: PublicKey): PublicKey {
  return publicKey(kernel().ristretto.multiply(txPrivateKey.expose(), spendPublicKey));
}

/**
 * The recipient's side: D′ = target key − Hs(S)·G, the spend public key of the subaddress the output was sent to. For
 * an output of someone else it is a meaningless point; nothing fails. Throws CryptoError `invalid-public-key` when the
 * target key is not a point.
 */
export function recoverSubaddressSpendKey(sharedSecret: Secret, targetKey: CompressedPoint): PublicKey {
  const offset = onetimeOffset(sharedSecret);
  try {
    return publicKey(kernel().ristretto.subtract(publicKey(targetKey), offset));
  } finally {
    wipeBytes(offset);
  }
}

/**
 * The key that spends an output: x = Hs(S) + d for the spend private key d of the **subaddress** it was sent to, so
 * that x·G is its target key.
 */
export function onetimePrivateKey(sharedSecret: Secret, subaddressSpendPrivateKey: PrivateKey): PrivateKey {
  const scalar = onetimeScalar(sharedSecret);
  try {
    return new PrivateKey(kernel().scalars.add(scalar, subaddressSpendPrivateKey.expose()));
  } finally {
    wipeBytes(scalar);
  }
}

/** The image of a one-time key, x·Hp(x·G): the same whenever the output is spent, and linked to it by nobody else. */
export function keyImage(onetimeKey: PrivateKey): CompressedPoint {
  const base = hashToPoint(onetimeKey.publicKey());
  return compressedPoint(kernel().ristretto.multiply(onetimeKey.expose(), base));
}

/** Hs(S)·G. Secret: with it anyone could tell which address an output is for. */
function onetimeOffset(sharedSecret: Secret): Uint8Array {
  const scalar = onetimeScalar(sharedSecret);
  try {
    return kernel().ristretto.multiplyBase(scalar);
  } finally {
    wipeBytes(scalar);
  }
}

function onetimeScalar(sharedSecret: Secret): Uint8Array {
  return hashToScalar(TAG, exposeSharedSecret(sharedSecret));
}
