// SQL has no unsigned integers: 2⁶³ and above are kept as negative numbers, and come back modulo 2⁶⁴ (spec 03 §3.1).
import { RecoveryDbError } from "./error.ts";

/** As SQL keeps it. Throws `invalid-argument` unless it has 64 bits. */
export function toSql(value: bigint): bigint {
  if (value < 0n || value >= 2n ** 64n) throw new RecoveryDbError("invalid-argument", "A number must have 64 bits.");
  return BigInt.asIntN(64, value);
}

/** As it was stored. */
export function fromSql(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** As it was stored, if it was. */
export function fromNullable(value: bigint | null | undefined): bigint | undefined {
  return value === null || value === undefined ? undefined : fromSql(value);
}
