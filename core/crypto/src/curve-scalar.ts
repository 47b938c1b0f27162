// Curve scalars: the numbers of proofs and commitments, which the network reduces modulo ℓ when it parses them (spec 02
// §0). Private keys are stricter: see private-key.ts.
import { kernel } from "@fogbow/kernel";

/** 32 bytes, little-endian, modulo ℓ: what the network takes a `CurveScalar` for. Throws the kernel's `invalid-length`. */
export function curveScalar(bytes: Uint8Array): Uint8Array {
  // Below 2²⁵², which all but some 2⁻¹²⁵ of the scalars below ℓ are, there is nothing to reduce.
  if (bytes instanceof Uint8Array && bytes.length === 32 && (bytes[31] as number) < 0x10) return new Uint8Array(bytes);
  return kernel().scalars.reduce(bytes);
}
