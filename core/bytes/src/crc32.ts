// The checksum of printable codes and Fog records: CRC-32/ISO-HDLC, the one of zlib and PNG.
import { assertBytes } from "./bytes.ts";

const POLYNOMIAL = 0xedb8_8320; // Reflected.

/**
 * CRC-32/ISO-HDLC as an unsigned 32-bit integer. Computed bit by bit: the inputs are short, and without a table no
 * address depends on them. Throws `invalid-length` for what is no byte string.
 */
export function crc32(bytes: Uint8Array): number {
  assertBytes(bytes, "What is summed");
  let remainder = 0xffff_ffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ (POLYNOMIAL & -(remainder & 1));
    }
  }
  return (remainder ^ 0xffff_ffff) >>> 0;
}
