// Masked amounts: a commitment that everybody sees, and a value and token id that only the recipient can read
// (spec 01 §5.3 … §5.5).
import { type Amount, equalBytes, le64, MOB, readLe64, Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { type CompressedPoint, commit } from "@fogbow/core-crypto";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import { hasLength } from "../has-length.ts";
import { type AmountMasks, amountMasksV1, amountMasksV2, wipeMasks } from "./amount-masks.ts";
import { amountSharedSecret } from "./tx-out-shared-secret.ts";

/** What of an amount is masked, without the commitment that proves it. */
export interface MaskedFields {
  /** How it is masked: 1 until block version 2, 2 from block version 3. */
  readonly version: 1 | 2;
  /** Unsigned 64-bit. */
  readonly maskedValue: bigint;
  /** 8 bytes; empty before block version 2, where the token is 0. */
  readonly maskedTokenId: Uint8Array;
}

/** An amount as it is in a TxOut. */
export interface MaskedAmount extends MaskedFields {
  /** value·H_t + blinding·G. */
  readonly commitment: CompressedPoint;
}

/** An amount with the blinding of its commitment. */
export interface UnmaskedAmount extends Amount {
  /** 32 bytes, a scalar. */
  readonly blinding: Secret;
}

/**
 * Masks an amount by the rules of a block version. Throws `token-not-allowed` for another token than 0 before block
 * version 2.
 */
export function maskAmount(version: BlockVersion, amount: Amount, sharedSecret: Secret): MaskedAmount {
  const features = blockVersionFeatures(version);
  if (!features.maskedTokenIds && amount.tokenId !== MOB) {
    throw new TransactionError("token-not-allowed", `Block version ${version} knows only token 0.`);
  }
  if (features.maskedAmountsV2) {
    const amountSecret = amountSharedSecret(sharedSecret);
    try {
      return maskAmountV2(amount, amountSecret);
    } finally {
      amountSecret.wipe();
    }
  }
  const { maskedTokenId, ...masked } = withMasks(amountMasksV1(sharedSecret), (masks) => mask(amount, masks));
  return { version: 1, ...masked, maskedTokenId: features.maskedTokenIds ? maskedTokenId : new Uint8Array(0) };
}

/**
 * Masks an amount in version 2 with the amount shared secret alone. Masking another amount with the secret of an
 * existing output replaces the amount that output commits to, as filling a partial-fill order does (spec 01 §5.5).
 */
export function maskAmountV2(amount: Amount, amountSecret: Secret): MaskedAmount {
  return { version: 2, ...withMasks(amountMasksV2(amountSecret), (masks) => mask(amount, masks)) };
}

/**
 * Unmasks an amount and checks it against its commitment. Throws `inconsistent-commitment` when the output is not for
 * the holder of this TxOut shared secret, `invalid-masked-amount` for a masked token id of a wrong length.
 */
export function unmaskAmount(masked: MaskedAmount, sharedSecret: Secret): UnmaskedAmount {
  const unmasked = tryUnmaskAmount(masked, sharedSecret);
  if (unmasked === undefined) {
    throw new TransactionError("inconsistent-commitment", "The amount does not open its commitment with this key.");
  }
  return unmasked;
}

/** As {@link unmaskAmount}, but undefined when the amount does not open its commitment. */
export function tryUnmaskAmount(masked: MaskedAmount, sharedSecret: Secret): UnmaskedAmount | undefined {
  return checked(masked, openMaskedFields(masked, sharedSecret));
}

/** As {@link tryUnmaskAmount}, for an amount of version 2 and the amount shared secret. */
export function tryUnmaskAmountV2(masked: MaskedAmount, amountSecret: Secret): UnmaskedAmount | undefined {
  return checked(masked, openFieldsV2(masked, amountSecret));
}

/** What masked fields say to the holder of a shared secret, and the commitment they belong to if it is the right one. */
export interface OpenedFields {
  readonly unmasked: UnmaskedAmount;
  /** Not secret, but says whose the amount is: it must equal the one in the ledger. */
  readonly commitment: CompressedPoint;
}

/** Unmasks without a commitment to check. Throws `invalid-masked-amount` for a masked token id of a wrong length. */
export function openMaskedFields(masked: MaskedFields, sharedSecret: Secret): OpenedFields {
  if (masked.version === 1) {
    return withMasks(amountMasksV1(sharedSecret), (masks) => unmask(masked, masks));
  }
  const amountSecret = amountSharedSecret(sharedSecret);
  try {
    return openFieldsV2(masked, amountSecret);
  } finally {
    amountSecret.wipe();
  }
}

/** The same bytes as a masked token id. Throws `invalid-masked-amount` unless 8, or none in version 1. */
export function maskedTokenId(version: 1 | 2, bytes: Uint8Array): Uint8Array {
  if (!hasLength(bytes, 8) && !(version === 1 && hasLength(bytes, 0))) {
    throw new TransactionError("invalid-masked-amount", "A masked token id has 8 bytes, or none in version 1.");
  }
  return bytes;
}

function openFieldsV2(masked: MaskedFields, amountSecret: Secret): OpenedFields {
  return withMasks(amountMasksV2(amountSecret), (masks) => unmask(masked, masks));
}

function checked(masked: MaskedAmount, { unmasked, commitment }: OpenedFields): UnmaskedAmount | undefined {
  if (equalBytes(commitment, masked.commitment)) {
    return unmasked;
  }
  unmasked.blinding.wipe();
  return undefined;
}

function withMasks<Result>(masks: AmountMasks, use: (masks: AmountMasks) => Result): Result {
  try {
    return use(masks);
  } finally {
    wipeMasks(masks);
  }
}

function mask(amount: Amount, masks: AmountMasks): Omit<MaskedAmount, "version"> {
  return {
    commitment: commit({ ...amount, blinding: masks.blinding }),
    maskedValue: readLe64(xor(le64(amount.value), masks.value)),
    maskedTokenId: xor(le64(amount.tokenId), masks.tokenId),
  };
}

function unmask(masked: MaskedFields, masks: AmountMasks): OpenedFields {
  const hidden = maskedTokenId(masked.version, masked.maskedTokenId);
  const amount: Amount = {
    value: tokenValue(readLe64(xor(le64(masked.maskedValue), masks.value))),
    tokenId: hidden.length === 0 ? MOB : tokenId(readLe64(xor(hidden, masks.tokenId))),
  };
  return {
    unmasked: { ...amount, blinding: new Secret(masks.blinding.slice()) },
    commitment: commit({ ...amount, blinding: masks.blinding }),
  };
}

/** XOR of two strings of 8 bytes. */
function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, index) => byte ^ (b[index] as number)); // Both have 8 bytes.
}
