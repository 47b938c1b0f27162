// The equation that makes a transaction create no money (spec 02 §3.3).
import { type Amount, concatBytes, equalBytes, le64 } from "@fogbow/core-bytes";
import { valueGenerator } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";

/** Everything in it is public. */
export interface Balance {
  readonly outputs: readonly Uint8Array[];
  readonly pseudoOutputs: readonly Uint8Array[];
  readonly fee: Amount;
}

/**
 * Whether Σ outputs + fee·H − Σ pseudo-outputs is the identity. One equation holds for all tokens together, because
 * nobody knows how their generators relate. Commitments must be points.
 */
export function isConserved({ outputs, pseudoOutputs, fee }: Balance): boolean {
  const plusOne = scalarOf(1n);
  const minusOne = kernel().scalars.negate(plusOne);
  const sum = kernel().ristretto.multiScalarMultiply(
    concatBytes(scalarOf(fee.value), ...outputs.map(() => plusOne), ...pseudoOutputs.map(() => minusOne)),
    concatBytes(valueGenerator(fee.tokenId), ...outputs, ...pseudoOutputs),
  );
  return equalBytes(sum, new Uint8Array(32)); // The identity.
}

/** A number below 2⁶⁴ as a scalar of 32 bytes. */
function scalarOf(n: bigint): Uint8Array {
  return concatBytes(le64(n), new Uint8Array(24));
}
