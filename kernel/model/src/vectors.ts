// Vectors of scalars modulo ℓ on BigInt.
import { KernelError, type ScalarVectors } from "@fogbow/kernel";
import { ristretto255 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { concatBytes } from "@noble/hashes/utils.js";

const ORDER = ristretto255.Point.Fn.ORDER;

/** {@link ScalarVectors}, one number at a time. */
export const modelVectors: ScalarVectors = {
  add: (a, b) => zip(a, b, (x, y) => x + y),
  multiply: (a, b) => zip(a, b, (x, y) => x * y),
  scale: (s, a) => encode(decode(a).map((x) => decodeOne(s) * x)),
  multiplyAdd: (s, a, b) => zip(a, b, (x, y) => decodeOne(s) * x + y),
  innerProduct(a, b) {
    const products = parts(modelVectors.multiply(a, b), 32).map(bytesToNumberLE);
    return encode([products.reduce((sum, product) => sum + product, 0n)]);
  },
  powers: (s, n) => encode(Array.from({ length: n }, (_, i) => decodeOne(s) ** BigInt(i))),
  reduceWide: (wide) => encode(parts(wide, 64).map(bytesToNumberLE)),
  bits: (bytes) => encode([...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, i) => BigInt((byte >> i) & 1)))),
};

function parts(bytes: Uint8Array, size: number): Uint8Array[] {
  if (bytes.length % size !== 0) throw new KernelError("invalid-length", `Expected a multiple of ${size} bytes.`);
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function decode(bytes: Uint8Array): bigint[] {
  const numbers = parts(bytes, 32).map(bytesToNumberLE);
  if (numbers.some((n) => n >= ORDER)) throw new KernelError("invalid-scalar", "Not below the group order.");
  return numbers;
}

function decodeOne(bytes: Uint8Array): bigint {
  const [scalar, ...rest] = decode(bytes);
  if (scalar === undefined || rest.length > 0) throw new KernelError("invalid-length", "Expected one scalar.");
  return scalar;
}

const encode = (numbers: readonly bigint[]): Uint8Array =>
  concatBytes(...numbers.map((n) => numberToBytesLE(n % ORDER, 32)));

function zip(a: Uint8Array, b: Uint8Array, combine: (x: bigint, y: bigint) => bigint): Uint8Array {
  const [xs, ys] = [decode(a), decode(b)];
  if (xs.length !== ys.length) throw new KernelError("invalid-length", "Expected vectors of one length.");
  return encode(xs.map((x, i) => combine(x, ys[i] as bigint))); // As many as of the others.
}
