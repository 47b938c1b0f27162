// MLSAG verification (spec 02 §3.1) written as the spec has it, on noble. Nothing in it is secret, so it uses noble's
// faster variable-time multiplication: it is also the peer that the kernel is measured beside.
import type { MlsagRing, MlsagVerdict, Rings } from "@fogbow/kernel";
import { KernelError } from "@fogbow/kernel";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { concatBytes } from "@noble/hashes/utils.js";

const { Point } = ristretto255;
type RistrettoPoint = typeof Point.BASE;

/** {@link Rings} on noble. */
export const modelRings: Rings = { verifyMlsag };

function verifyMlsag(ring: MlsagRing): MlsagVerdict {
  const { message, keyImage, pseudoOutput } = ring;
  const n = Math.floor(ring.targetKeys.length / 32);
  const targetKeys = cut(ring.targetKeys, n);
  const commitments = cut(ring.commitments, n);
  const responses = cut(ring.responses, 2 * n).map(reduced);
  for (const one of [keyImage, pseudoOutput, ring.cZero]) cut(one, 1);

  const image = decode(keyImage);
  if (image === undefined) return "invalid-key-image";
  const output = decode(pseudoOutput);
  const members = targetKeys.map((key, i) => ({ key, p: decode(key), c: decode(commitments[i] as Uint8Array) }));
  const first = reduced(ring.cZero);
  let challenge = first;
  const r = responses.values();
  if (output === undefined || members.some(({ p, c }) => p === undefined || c === undefined)) {
    return "invalid-curve-point";
  }
  for (const { key, p, c } of members as { key: Uint8Array; p: RistrettoPoint; c: RistrettoPoint }[]) {
    const [r0, r1] = [r.next().value as bigint, r.next().value as bigint]; // Two for each member.
    const l0 = times(Point.BASE, r0).add(times(p, challenge));
    const r0Point = times(hashToPoint(key), r0).add(times(image, challenge));
    const l1 = times(Point.BASE, r1).add(times(output.subtract(c), challenge));
    const encodings = [l0, r0Point, l1].map((point) => point.toBytes());
    challenge = wide(blake2b(concatBytes(text("mc_ring_mlsag_challenge"), message, keyImage, ...encodings)));
  }
  return n > 0 && challenge === first ? "valid" : "invalid-signature";
}

function hashToPoint(key: Uint8Array): RistrettoPoint {
  const digest = blake2b(concatBytes(text("mc_onetime_key_hash_to_point"), key));
  return ristretto255_hasher.deriveToCurve?.(digest) as RistrettoPoint; // Always there.
}

function decode(bytes: Uint8Array): RistrettoPoint | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

/** noble's multiplication for public scalars. */
const times = (point: RistrettoPoint, scalar: bigint): RistrettoPoint => point.multiplyUnsafe(scalar);

const reduced = (bytes: Uint8Array): bigint => bytesToNumberLE(bytes) % Point.Fn.ORDER;
const wide = reduced;

/** `count` strings of 32 bytes. */
function cut(bytes: Uint8Array, count: number): Uint8Array[] {
  if (bytes.length !== 32 * count) throw new KernelError("invalid-length", `Expected ${32 * count} bytes.`);
  return Array.from({ length: count }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}

const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));
