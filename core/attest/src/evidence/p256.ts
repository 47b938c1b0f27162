// The curve P-256 (FIPS 186-5, SP 800-186 §3.2.1.3): its constants and which bytes can be a key or a signature.

/** The prime of the field. */
export const FIELD_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;

/** The order of the group. */
export const GROUP_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The coefficient b of y² = x³ − 3x + b. */
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Whether 64 bytes x ‖ y are a point of the curve, with canonical coordinates. */
export function isP256Point(xy: Uint8Array): boolean {
  const x = bigEndian(xy.subarray(0, 32));
  const y = bigEndian(xy.subarray(32));
  const rightSide = (x * x * x - 3n * x + B) % FIELD_PRIME;
  return xy.length === 64 && x < FIELD_PRIME && y < FIELD_PRIME && (y * y - rightSide) % FIELD_PRIME === 0n;
}

/** Whether 64 bytes r ‖ s are two numbers from 1 to the order of the group − 1, as in every signature. */
export function isP256Signature(rs: Uint8Array): boolean {
  return rs.length === 64 && [rs.subarray(0, 32), rs.subarray(32)].every(isGroupScalar);
}

/** The number that bytes hold, most significant first. */
export function bigEndian(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function isGroupScalar(bytes: Uint8Array): boolean {
  const n = bigEndian(bytes);
  return n > 0n && n < GROUP_ORDER;
}
