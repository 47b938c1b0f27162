// Pedersen commitments to amounts (spec 01 §5.3): hiding because of the blinding, binding because nobody knows the
// discrete logarithm between the generators.
import { type Amount, concatBytes, le64, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { valueGenerator } from "./generators.ts";
import { type CompressedPoint, checkedPoint } from "./public-key.ts";

/** An amount and the secret scalar (32 bytes, canonical) that hides it. */
export interface CommitmentOpening extends Amount {
  readonly blinding: Uint8Array;
}

/**
 * v·H_t + β·G, 32 bytes. Constant time in value and blinding inside the kernel; zero values are legal. Throws the
 * kernel's `invalid-scalar` or `invalid-length` for a blinding that is no canonical scalar.
 */
export function commit({ value, tokenId, blinding }: CommitmentOpening): CompressedPoint {
  const { ristretto } = kernel();
  const low = le64(value);
  const scalar = concatBytes(low, new Uint8Array(24));
  const secrets = [low, scalar];
  try {
    const valuePart = ristretto.multiply(scalar, valueGenerator(tokenId));
    secrets.push(valuePart);
    const blindingPart = ristretto.multiplyBase(blinding);
    secrets.push(blindingPart);
    return checkedPoint(ristretto.add(valuePart, blindingPart));
  } finally {
    wipeBytes(...secrets); // Either part alone would give the value away.
  }
}
