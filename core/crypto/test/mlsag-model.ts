// MLSAG signing (spec 02 §3.1) written as the spec has it, on noble and bigints: slow, plain, and not constant time. The
// model of verification is the kernel model's.
import { concatBytes, type Random, utf8 } from "@fogbow/core-bytes";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { blake2b } from "@noble/hashes/blake2.js";
import type { RingMember, RingMlsag } from "../src/index.ts";

const { Point } = ristretto255;
type RistrettoPoint = typeof Point.BASE;
const ORDER = Point.Fn.ORDER;

/** What the model signs; the pseudo-output commitment is given. */
export interface ModelSigning {
  readonly message: Uint8Array;
  readonly ring: readonly RingMember[];
  readonly realIndex: number;
  readonly onetimePrivateKey: Uint8Array;
  readonly blinding: Uint8Array;
  readonly pseudoOutputBlinding: Uint8Array;
  readonly pseudoOutputCommitment: Uint8Array;
  readonly random: Random;
}

/** The signature, drawing 64 bytes a scalar in the spec's order. */
export function modelRingMlsagSign(signing: ModelSigning): RingMlsag {
  const { message, ring, realIndex: k, random } = signing;
  const n = ring.length;
  const x = bytesToNumberLE(signing.onetimePrivateKey);
  const image = times(hashToPoint(times(Point.BASE, x).toBytes()), x);
  const pseudoOutput = Point.fromBytes(signing.pseudoOutputCommitment);
  const challenge = (...points: RistrettoPoint[]): bigint =>
    wide(blake2b(concatBytes(utf8("mc_ring_mlsag_challenge"), message, image.toBytes(), ...points.map(encode))));
  const r: bigint[] = [];
  for (let i = 0; i < n; i++) {
    if (i === k) continue;
    r[2 * i] = wide(random(64));
    r[2 * i + 1] = wide(random(64));
  }
  const alpha0 = wide(random(64));
  const alpha1 = wide(random(64));
  const c: bigint[] = [];
  for (let step = 0; step < n; step++) {
    const i = (k + step) % n;
    const { targetKey, commitment } = ring[i] as RingMember;
    const hashed = hashToPoint(targetKey);
    if (i === k) {
      c[(i + 1) % n] = challenge(times(Point.BASE, alpha0), times(hashed, alpha0), times(Point.BASE, alpha1));
    } else {
      const [r0, r1, ci] = [r[2 * i], r[2 * i + 1], c[i]] as [bigint, bigint, bigint];
      c[(i + 1) % n] = challenge(
        times(Point.BASE, r0).add(times(Point.fromBytes(targetKey), ci)),
        times(hashed, r0).add(times(image, ci)),
        times(Point.BASE, r1).add(times(pseudoOutput.subtract(Point.fromBytes(commitment)), ci)),
      );
    }
  }
  const ck = c[k] as bigint;
  r[2 * k] = alpha0 - ck * x;
  r[2 * k + 1] = alpha1 - ck * (bytesToNumberLE(signing.pseudoOutputBlinding) - bytesToNumberLE(signing.blinding));
  return { cZero: scalar(c[0] as bigint), responses: r.map(scalar), keyImage: image.toBytes() };
}

const hashToPoint = (key: Uint8Array): RistrettoPoint =>
  ristretto255_hasher.deriveToCurve?.(
    blake2b(concatBytes(utf8("mc_onetime_key_hash_to_point"), key)),
  ) as RistrettoPoint; // Always there.

const times = (point: RistrettoPoint, n: bigint): RistrettoPoint => point.multiplyUnsafe(n);
const encode = (point: RistrettoPoint): Uint8Array => point.toBytes();
const wide = (bytes: Uint8Array): bigint => bytesToNumberLE(bytes) % ORDER;
const scalar = (n: bigint): Uint8Array => numberToBytesLE(((n % ORDER) + ORDER) % ORDER, 32);
