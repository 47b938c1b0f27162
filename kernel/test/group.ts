// What the group's tests share: encodings of scalars, the scalars at which digits and carries run furthest, and errors.
import { KernelError, type KernelErrorCode } from "@fogbow/kernel";
import { ristretto255 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { seed } from "./random.ts";

/** The oracle's points. */
export const { Point } = ristretto255;

/** A point of the oracle. */
export type OraclePoint = InstanceType<typeof Point>;

/** ℓ, the group's order. */
export const ORDER: bigint = Point.Fn.ORDER;

/** The encoding of the generator. */
export const G: Uint8Array = Point.BASE.toBytes();

/** The encoding of the identity. */
export const IDENTITY: Uint8Array = new Uint8Array(32);

/** A number modulo ℓ as 32 bytes. */
export const scalar = (n: bigint): Uint8Array => numberToBytesLE(((n % ORDER) + ORDER) % ORDER, 32);

/** A scalar from a generator of bytes. */
export const scalarFrom = (random: (length: number) => Uint8Array): bigint => bytesToNumberLE(random(40)) % ORDER;

/**
 * Scalars at the ends of ranges: around 0, ℓ and powers of two, and those whose base-16 digits, width-5 and width-8
 * forms or windows are all as large or as small as they get.
 */
export const EXTREME_SCALARS: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 8n, 9n, 15n, 16n, 17n, ORDER - 1n, ORDER - 2n, (ORDER - 1n) / 2n, (ORDER + 1n) / 2n],
  ...[4n, 63n, 64n, 128n, 251n, 252n].flatMap((bit) => [2n ** bit - 1n, 2n ** bit, 2n ** bit + 1n]),
  ...["77", "78", "87", "88", "08", "80", "f8", "0f", "f0", "ff", "81", "7f", "10", "11"].map((byte) =>
    BigInt(`0x${byte.repeat(31)}`),
  ),
].filter((n) => n < ORDER);

/** The oracle's k·P; its own refuses to multiply by 0. */
export const times = (k: bigint, point: OraclePoint): OraclePoint => (k === 0n ? Point.ZERO : point.multiplyUnsafe(k));

/** Fails with the seed and what was computed. */
export function expectBytes(got: Uint8Array, expected: Uint8Array, what: string): void {
  const [a, b] = [bytesToHex(got), bytesToHex(expected)];
  if (a !== b) expect.fail(`FOGBOW_SEED=${seed}: ${what}: got ${a}, not ${b}`);
}

/** Expects a kernel error with this code. */
export function expectError(call: () => unknown, code: KernelErrorCode): void {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(KernelError);
    expect((error as KernelError).code).toBe(code); // Checked just before.
    return;
  }
  expect.fail(`expected ${code}`);
}
