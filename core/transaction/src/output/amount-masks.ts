// What hides an amount: masks for the value and the token id and the blinding of the commitment, derived from the
// shared secret in two versions (spec 01 §5.4, §5.5).
import { type Secret, utf8, wipeBytes } from "@fogbow/core-bytes";
import { hashToScalar } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { exposeSharedSecret } from "./tx-out-shared-secret.ts";

/** Secrets of one amount. Wipe them after use. */
export interface AmountMasks {
  /** 8 bytes, XORed with the little-endian value. */
  readonly value: Uint8Array;
  /** 8 bytes, XORed with the little-endian token id. */
  readonly tokenId: Uint8Array;
  /** The scalar that blinds the commitment: 32 bytes. */
  readonly blinding: Uint8Array;
}

const VALUE = "mc_amount_value";
const TOKEN_ID = "mc_amount_token_id";
const BLINDING = "mc_amount_blinding";
const SALT_V2 = utf8("mc_amount_blinding_factors");

/** Version 1, from the TxOut shared secret: the value's mask is cut from a reduced scalar, the token id's from a hash. */
export function amountMasksV1(sharedSecret: Secret): AmountMasks {
  const secret = exposeSharedSecret(sharedSecret);
  const valueScalar = hashToScalar(VALUE, secret);
  const tokenIdHash = kernel().hashes.blake2b512(utf8(TOKEN_ID), secret);
  try {
    return {
      value: valueScalar.slice(0, 8),
      tokenId: tokenIdHash.slice(0, 8),
      blinding: hashToScalar(BLINDING, secret),
    };
  } finally {
    wipeBytes(valueScalar, tokenIdHash);
  }
}

/** Version 2, from the **amount** shared secret: all three are expanded by HKDF-SHA512 (RFC 5869). */
export function amountMasksV2(amountSharedSecret: Secret): AmountMasks {
  const ikm = exposeSharedSecret(amountSharedSecret);
  const expand = (info: string, length: number): Uint8Array =>
    kernel().hashes.hkdf("sha512", { ikm, salt: SALT_V2, info: utf8(info), length });
  const wideBlinding = expand(BLINDING, 64);
  try {
    return {
      value: expand(VALUE, 8),
      tokenId: expand(TOKEN_ID, 8),
      blinding: kernel().scalars.reduceWide(wideBlinding),
    };
  } finally {
    wipeBytes(wideBlinding);
  }
}

/** Overwrites the masks with zeros. */
export function wipeMasks(masks: AmountMasks): void {
  wipeBytes(masks.value, masks.tokenId, masks.blinding);
}
