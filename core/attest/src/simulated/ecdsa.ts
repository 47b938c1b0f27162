// ECDSA over P-256 with SHA-256 (FIPS 186-5) and deterministic nonces (RFC 6979), for the simulated platform only: its keys
// protect nobody, so this is plain, not constant in time, and never to be used with a key that matters.
import { concatBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { bigEndian, FIELD_PRIME, GROUP_ORDER } from "../evidence/p256.ts";

/** A key pair of the simulated platform. */
export interface SimulatedKey {
  readonly scalar: bigint;
  /** The public point: 64 bytes x ‖ y. */
  readonly xy: Uint8Array;
}

/** The key of 32 bytes, reduced into range: every string gives one. */
export function simulatedKey(seed: Uint8Array): SimulatedKey {
  const scalar = (bigEndian(seed) % (GROUP_ORDER - 1n)) + 1n;
  return simulatedKeyOf(scalar);
}

/** The key of a scalar from 1 to the order − 1. */
export function simulatedKeyOf(scalar: bigint): SimulatedKey {
  const { x, y } = multiplyBase(scalar);
  return { scalar, xy: concatBytes(to32Bytes(x), to32Bytes(y)) };
}

/** The signature r ‖ s of a message: 64 bytes, the same for the same key and message. */
export function simulatedSign({ scalar }: SimulatedKey, message: Uint8Array): Uint8Array {
  const digest = kernel().hashes.sha256(message);
  const z = bigEndian(digest);
  for (const k of nonces(scalar, digest)) {
    const r = multiplyBase(k).x % GROUP_ORDER;
    const s = modulo(invert(k, GROUP_ORDER) * (z + r * scalar), GROUP_ORDER);
    if (r !== 0n && s !== 0n) {
      return concatBytes(to32Bytes(r), to32Bytes(s));
    }
  }
  throw new Error("RFC 6979 gives nonces without end."); // The loop above does not end otherwise.
}

/** Candidates for the nonce (RFC 6979 §3.2), of which the first nearly always serves. */
function* nonces(scalar: bigint, digest: Uint8Array): Generator<bigint> {
  const { hmac } = kernel().hashes;
  const secret = concatBytes(to32Bytes(scalar), to32Bytes(modulo(bigEndian(digest), GROUP_ORDER)));
  let v: Uint8Array = new Uint8Array(32).fill(1);
  let k: Uint8Array = new Uint8Array(32);
  for (const round of [0, 1]) {
    k = hmac("sha256", k, v, Uint8Array.of(round), secret);
    v = hmac("sha256", k, v);
  }
  for (;;) {
    v = hmac("sha256", k, v);
    const candidate = bigEndian(v);
    if (candidate > 0n && candidate < GROUP_ORDER) {
      yield candidate;
    }
    k = hmac("sha256", k, v, Uint8Array.of(0));
    v = hmac("sha256", k, v);
  }
}

/** A point x, y; or x / z², y / z³ (Jacobian), so that adding needs no division. The neutral element has z = 0. */
interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}
interface JacobianPoint extends AffinePoint {
  readonly z: bigint;
}

const BASE: AffinePoint = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

/** 2ⁱ times the base point, made when first needed: each multiplication then only adds. */
let doublings: readonly AffinePoint[] | undefined;

function multiplyBase(scalar: bigint): AffinePoint {
  doublings ??= allDoublings();
  let sum: JacobianPoint = { x: 1n, y: 1n, z: 0n };
  let rest = scalar;
  for (const point of doublings) {
    if (rest & 1n) {
      sum = add(sum, point);
    }
    rest >>= 1n;
  }
  return toAffine(sum);
}

function allDoublings(): AffinePoint[] {
  const points = [BASE];
  for (let point = BASE; points.length < 256; points.push(point)) {
    point = double(point);
  }
  return points;
}

function double({ x, y }: AffinePoint): AffinePoint {
  const slope = modulo(3n * (x * x - 1n) * invert(2n * y, FIELD_PRIME), FIELD_PRIME); // a = −3
  const x3 = modulo(slope * slope - 2n * x, FIELD_PRIME);
  return { x: x3, y: modulo(slope * (x - x3) - y, FIELD_PRIME) };
}

/** Mixed addition (Cohen, Miyaji, Ono 1998 §2.3) of two different points, neither the negative of the other. */
function add(p: JacobianPoint, q: AffinePoint): JacobianPoint {
  if (p.z === 0n) {
    return { ...q, z: 1n };
  }
  const zz = modulo(p.z * p.z, FIELD_PRIME);
  const h = modulo(q.x * zz - p.x, FIELD_PRIME);
  const r = modulo(q.y * zz * p.z - p.y, FIELD_PRIME);
  const hh = modulo(h * h, FIELD_PRIME);
  const hhh = modulo(h * hh, FIELD_PRIME);
  const v = modulo(p.x * hh, FIELD_PRIME);
  const x = modulo(r * r - hhh - 2n * v, FIELD_PRIME);
  return { x, y: modulo(r * (v - x) - p.y * hhh, FIELD_PRIME), z: modulo(p.z * h, FIELD_PRIME) };
}

function toAffine({ x, y, z }: JacobianPoint): AffinePoint {
  const inverse = invert(z, FIELD_PRIME);
  const square = modulo(inverse * inverse, FIELD_PRIME);
  return { x: modulo(x * square, FIELD_PRIME), y: modulo(y * square * inverse, FIELD_PRIME) };
}

/** The inverse modulo a prime, by the extended Euclidean algorithm. */
function invert(value: bigint, prime: bigint): bigint {
  let [a, b] = [modulo(value, prime), prime];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return modulo(x, prime);
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function to32Bytes(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 0xffn));
}
