// A transaction output: a one-time address, a masked amount, a hint for Fog and a memo (spec 01 §5.1).
import { type Bytes, bytes, equalBytes } from "@fogbow/core-bytes";
import type { CompressedPoint } from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import { hasLength } from "../has-length.ts";
import type { EncryptedMemo } from "../memo/encrypt-memo.ts";
import type { MaskedAmount } from "./masked-amount.ts";

/** Bytes of an encrypted Fog hint. */
export const FOG_HINT_BYTES = 84;

/** A crypto box that tells Fog whose output this is, or looks as if it did. */
export type EncryptedFogHint = Bytes<84>;

/** One output. Its keys are 32 bytes and not necessarily points: the ledger checks them, scanners must not crash. */
export interface TxOut {
  readonly maskedAmount: MaskedAmount;
  /** The one-time address. */
  readonly targetKey: CompressedPoint;
  /** The recipient's half of the key exchange, unique in the ledger. */
  readonly publicKey: CompressedPoint;
  readonly encryptedFogHint: EncryptedFogHint;
  /** Undefined before block version 1. */
  readonly encryptedMemo: EncryptedMemo | undefined;
}

/** The same bytes as an encrypted Fog hint. Throws `invalid-fog-hint` unless there are 84. */
export function fogHint(hint: Uint8Array): EncryptedFogHint {
  if (!hasLength(hint, FOG_HINT_BYTES)) {
    throw new TransactionError("invalid-fog-hint", `An encrypted Fog hint has ${FOG_HINT_BYTES} bytes.`);
  }
  return bytes(hint, FOG_HINT_BYTES, "Fog hint");
}

/** Whether two outputs are equal in every field. */
export function equalTxOuts(a: TxOut, b: TxOut): boolean {
  return (
    equalMaskedAmounts(a.maskedAmount, b.maskedAmount) &&
    equalBytes(a.targetKey, b.targetKey) &&
    equalBytes(a.publicKey, b.publicKey) &&
    equalBytes(a.encryptedFogHint, b.encryptedFogHint) &&
    equalOptional(a.encryptedMemo, b.encryptedMemo)
  );
}

/** Whether two masked amounts are equal in every field, the version included. */
export function equalMaskedAmounts(a: MaskedAmount, b: MaskedAmount): boolean {
  return (
    a.version === b.version &&
    a.maskedValue === b.maskedValue &&
    equalBytes(a.commitment, b.commitment) &&
    equalBytes(a.maskedTokenId, b.maskedTokenId)
  );
}

function equalOptional(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}
