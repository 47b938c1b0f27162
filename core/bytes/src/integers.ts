// Unsigned integers of fixed width as bytes. 64-bit integers are `bigint`s: they do not fit a JavaScript number.
import { assertBytes } from "./bytes.ts";
import { BytesError } from "./error.ts";

/** The largest unsigned 64-bit integer. */
export const U64_MAX = 0xffff_ffff_ffff_ffffn;

const U32_MAX = 0xffff_ffff;

/** The same integer, checked to be an unsigned 64-bit one. Throws `out-of-range`. */
export function u64(n: bigint): bigint {
  if (typeof n !== "bigint" || n < 0n || n > U64_MAX) {
    throw new BytesError("out-of-range", "Expected an integer from 0 to 2^64 - 1.");
  }
  return n;
}

/** The same integer, checked to be an unsigned 32-bit one. Throws `out-of-range`. */
export function u32(n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > U32_MAX) {
    throw new BytesError("out-of-range", "Expected an integer from 0 to 2^32 - 1.");
  }
  return n;
}

/** 4 bytes, least significant first. Throws `out-of-range`. */
export function le32(n: number): Uint8Array {
  return write(4, (view) => view.setUint32(0, u32(n), true));
}

/** 4 bytes, most significant first. Throws `out-of-range`. */
export function be32(n: number): Uint8Array {
  return write(4, (view) => view.setUint32(0, u32(n), false));
}

/** 8 bytes, least significant first. Throws `out-of-range`. */
export function le64(n: bigint): Uint8Array {
  return write(8, (view) => view.setBigUint64(0, u64(n), true));
}

/** 8 bytes, most significant first. Throws `out-of-range`. */
export function be64(n: bigint): Uint8Array {
  return write(8, (view) => view.setBigUint64(0, u64(n), false));
}

/** The integer in 4 bytes at `offset`, least significant first. Throws `invalid-length` past the end. */
export function readLe32(bytes: Uint8Array, offset = 0): number {
  return window(bytes, offset, 4).getUint32(0, true);
}

/** The integer in 4 bytes at `offset`, most significant first. Throws `invalid-length` past the end. */
export function readBe32(bytes: Uint8Array, offset = 0): number {
  return window(bytes, offset, 4).getUint32(0, false);
}

/** The integer in 8 bytes at `offset`, least significant first. Throws `invalid-length` past the end. */
export function readLe64(bytes: Uint8Array, offset = 0): bigint {
  return window(bytes, offset, 8).getBigUint64(0, true);
}

/** The integer in 8 bytes at `offset`, most significant first. Throws `invalid-length` past the end. */
export function readBe64(bytes: Uint8Array, offset = 0): bigint {
  return window(bytes, offset, 8).getBigUint64(0, false);
}

/**
 * Writes through eight bytes that last, and wipes them: asking a small array for its `buffer`, as a view of it must, makes
 * the engine move it out of its heap, which costs more than everything else here.
 */
function write(length: number, set: (view: DataView) => void): Uint8Array {
  set(SCRATCH_VIEW);
  const bytes = SCRATCH.slice(0, length);
  SCRATCH.fill(0); // The number may be a secret.
  return bytes;
}

const SCRATCH = new Uint8Array(8);
const SCRATCH_VIEW = new DataView(SCRATCH.buffer);

function window(bytes: Uint8Array, offset: number, length: number): DataView {
  assertBytes(bytes, "What is read from");
  if (!Number.isInteger(offset) || offset < 0 || offset + length > bytes.length) {
    throw new BytesError("invalid-length", `Expected ${length} bytes at offset ${offset}.`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset + offset, length);
}
