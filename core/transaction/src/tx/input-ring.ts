// The rings of a transaction as those who sign see them: with the secret of the real member, or signed in advance
// (spec 02 §3.3).
import { type AccountKey, subaddress } from "@fogbow/core-account";
import type { Random } from "@fogbow/core-bytes";
import { type CompressedPoint, type PrivateKey, publicKey, type RingMlsag, ringMlsagSign } from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import { onetimePrivateKey } from "../output/one-time-address.ts";
import type { TxOut } from "../output/tx-out.ts";
import { txOutSharedSecret } from "../output/tx-out-shared-secret.ts";

/** A ring that is still to be signed, or one that was signed in advance. */
export type InputRing = SignableRing | PresignedRing;

/** A ring with what it takes to sign it. */
export interface SignableRing {
  readonly kind: "signable";
  /** In the order of the input's ring. */
  readonly members: readonly ReducedTxOut[];
  /** Which member is spent, counted from 0. */
  readonly realIndex: number;
  /** Opens the commitment of that member. */
  readonly amount: UnmaskedAmount;
  readonly onetimeKey: OnetimeKeySource;
}

/** A ring whose owner signed ring and rules, with the pseudo-output fixed then. */
export interface PresignedRing {
  readonly kind: "presigned";
  readonly mlsag: RingMlsag;
  /** Opens the pseudo-output. */
  readonly pseudoOutput: UnmaskedAmount;
}

/** The parts of an output that a ring signature needs. */
export interface ReducedTxOut {
  readonly publicKey: CompressedPoint;
  readonly targetKey: CompressedPoint;
  readonly commitment: CompressedPoint;
}

/** The one-time key that spends an output, or the subaddress that the holder of the account derives it for. */
export type OnetimeKeySource =
  | { readonly kind: "onetime-private-key"; readonly onetimePrivateKey: PrivateKey }
  | { readonly kind: "subaddress-index"; readonly subaddressIndex: bigint };

/** What a ring signer signs. */
export interface RingSigningRequest {
  readonly message: Uint8Array;
  readonly ring: SignableRing;
  /** The blinding of the pseudo-output, 32 bytes. */
  readonly pseudoOutputBlinding: Uint8Array;
  readonly random: Random;
}

/** Signs rings: here, or on a device that holds the keys. */
export type RingSigner = (request: RingSigningRequest) => RingMlsag;

/**
 * A signer that works here. Without an account it signs only rings that bring their one-time key along. Throws
 * `no-path-to-spend-key` for others, and CryptoError `onetime-key-mismatch`, `index-out-of-bounds`,
 * `invalid-curve-point` or `value-not-conserved`.
 */
export function ringSigner(account?: AccountKey): RingSigner {
  return ({ message, ring, pseudoOutputBlinding, random }) => {
    const { members, realIndex, amount, onetimeKey } = ring;
    const sign = (onetimePrivateKey: PrivateKey): RingMlsag =>
      ringMlsagSign({
        message,
        ring: members,
        realIndex,
        onetimePrivateKey,
        value: amount.value,
        tokenId: amount.tokenId,
        blinding: amount.blinding.expose(),
        pseudoOutputBlinding,
        random,
      });
    if (onetimeKey.kind === "onetime-private-key") {
      return sign(onetimeKey.onetimePrivateKey);
    }
    const derived = deriveOnetimeKey(account, members[realIndex], onetimeKey.subaddressIndex);
    try {
      return sign(derived);
    } finally {
      derived.wipe();
    }
  };
}

/** The parts of an output that a ring signature needs. */
export function reduceTxOut({ publicKey, targetKey, maskedAmount }: TxOut): ReducedTxOut {
  return { publicKey, targetKey, commitment: maskedAmount.commitment };
}

/** What a ring spends: the amount of its pseudo-output, with the blinding of the output that is spent. */
export function ringAmount(ring: InputRing): UnmaskedAmount {
  return ring.kind === "presigned" ? ring.pseudoOutput : ring.amount;
}

function deriveOnetimeKey(account: AccountKey | undefined, real: ReducedTxOut | undefined, index: bigint): PrivateKey {
  if (account === undefined || real === undefined) {
    throw new TransactionError("no-path-to-spend-key", "The key of a ring is not here and cannot be derived here.");
  }
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, index);
  const sharedSecret = txOutSharedSecret(account.viewPrivateKey, publicKey(real.publicKey));
  try {
    return onetimePrivateKey(sharedSecret, spendPrivateKey);
  } finally {
    sharedSecret.wipe();
    spendPrivateKey.wipe();
    viewPrivateKey.wipe();
  }
}
