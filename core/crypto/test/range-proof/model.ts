// A slow verifier of range proofs, written as the protocol is explained and not as it is computed fast: the two claims are
// checked one after the other, generators are folded round by round, and everything is done by noble on BigInt.
import { le32, le64, utf8 } from "@fogbow/core-bytes";
import { createModel } from "@fogbow/kernel-model";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import type { Setting } from "../../src/range-proof/setting.ts";

/** The group as noble has it. */
export const { Point } = ristretto255;

/** One of its points. */
export type RistrettoPoint = typeof Point.BASE;
const { Fn } = Point;
const ORDER = Fn.ORDER;

/** A number modulo ℓ, from 0 on. */
export const mod = (n: bigint): bigint => ((n % ORDER) + ORDER) % ORDER;
/** k·P, also for k = 0. */
export const times = (k: bigint, point: RistrettoPoint): RistrettoPoint =>
  mod(k) === 0n ? Point.ZERO : point.multiplyUnsafe(mod(k));
/** The sum of points. */
export const sum = (points: readonly RistrettoPoint[]): RistrettoPoint => points.reduce((a, b) => a.add(b), Point.ZERO);
/** The sum of numbers modulo ℓ. */
export const total = (numbers: readonly bigint[]): bigint => mod(numbers.reduce((a, b) => a + b, 0n));
/** 1, x, x² … x^(n − 1). */
export const powers = (x: bigint, n: number): bigint[] => {
  const list = [1n];
  while (list.length < n) list.push(mod((list.at(-1) ?? 0n) * x)); // Never empty.
  return list;
};

/** Merlin on the model of STROBE. */
export class ModelTranscript {
  readonly #strobe = createModel().strobe;
  readonly #state = this.#strobe.create(utf8("Merlin v1.0"));

  constructor(label: string) {
    this.append("dom-sep", utf8(label));
  }

  append(label: string, message: Uint8Array): void {
    this.#strobe.append(this.#state, utf8(label), message);
  }

  challenge(label: string): bigint {
    return mod(bytesToNumberLE(this.#strobe.challenge(this.#state, utf8(label), 64)));
  }
}

/** The first `n` generators of one kind of one party. */
export function modelGenerators(kind: "G" | "H", party: number, n: number): RistrettoPoint[] {
  const uniform = createModel().hashes.shake256(64 * n, utf8(`GeneratorsChain${kind}`), le32(party));
  return Array.from(
    { length: n },
    (_, i) => ristretto255_hasher.deriveToCurve?.(uniform.subarray(64 * i, 64 * i + 64)) as RistrettoPoint, // Always there.
  );
}

/** Whether a proof about padded commitments is valid. Malformed ones throw. */
export function modelVerify(setting: Setting, proof: Uint8Array, commitments: readonly Uint8Array[]): boolean {
  const { bits, label } = setting;
  const m = commitments.length;
  const length = bits * m;
  const rounds = Math.log2(length);
  if (proof.length !== 32 * (9 + 2 * rounds)) throw new Error("wrong length");
  const part = (i: number): Uint8Array => proof.subarray(32 * i, 32 * i + 32);
  const pointAt = (i: number): RistrettoPoint => {
    const point = Point.fromBytes(part(i));
    if (point.is0()) throw new Error("identity");
    return point;
  };
  const scalarAt = (i: number): bigint => {
    const n = bytesToNumberLE(part(i));
    if (n >= ORDER) throw new Error("not canonical");
    return n;
  };
  const [A, S, T1, T2] = [pointAt(0), pointAt(1), pointAt(2), pointAt(3)] as const;
  const [tx, txBlinding, eBlinding] = [scalarAt(4), scalarAt(5), scalarAt(6)] as const;
  const [a, b] = [scalarAt(7 + 2 * rounds), scalarAt(8 + 2 * rounds)] as const;
  const V = commitments.map((commitment) => Point.fromBytes(commitment));
  const B = Point.fromBytes(setting.valueBase);
  const blindingBase = Point.fromBytes(setting.blindingBase);

  const transcript = new ModelTranscript(label);
  transcript.append("dom-sep", utf8("rangeproof v1"));
  transcript.append("n", le64(BigInt(bits)));
  transcript.append("m", le64(BigInt(m)));
  for (const commitment of commitments) transcript.append("V", commitment);
  transcript.append("A", part(0));
  transcript.append("S", part(1));
  const [y, z] = [transcript.challenge("y"), transcript.challenge("z")] as const;
  transcript.append("T_1", part(2));
  transcript.append("T_2", part(3));
  const x = transcript.challenge("x");
  transcript.append("t_x", part(4));
  transcript.append("t_x_blinding", part(5));
  transcript.append("e_blinding", part(6));
  const w = transcript.challenge("w");
  transcript.append("dom-sep", utf8("ipp v1"));
  transcript.append("n", le64(BigInt(length)));

  // First: t_x is the value at x of the polynomial that T₁, T₂ and the commitments fix.
  const ys = powers(y, length);
  const zs = powers(z, m + 3);
  const delta = mod((z - z * z) * total(ys) - (2n ** BigInt(bits) - 1n) * total(zs.slice(3)));
  const left = times(tx, B).add(times(txBlinding, blindingBase));
  const right = sum([
    ...V.map((point, j) => times(zs[j + 2] as bigint, point)), // Of m + 3 powers.
    times(delta, B),
    times(x, T1),
    times(x * x, T2),
  ]);
  if (!left.equals(right)) return false;

  // Second: the inner-product argument, for a commitment to l and r that A, S and the challenges fix.
  const party = Array.from({ length: m }, (_, j) => j);
  let G = party.flatMap((j) => modelGenerators("G", j, bits));
  const yInverses = powers(Fn.inv(y), length);
  let H = party.flatMap((j) => modelGenerators("H", j, bits)).map((point, q) => times(yInverses[q] as bigint, point)); // As many.
  const shift = (q: number): bigint => mod((zs[2 + Math.floor(q / bits)] as bigint) * 2n ** BigInt(q % bits)); // Of m + 3.
  let P = sum([
    A,
    times(x, S),
    times(-eBlinding, blindingBase),
    ...G.map((point) => times(-z, point)),
    ...H.map((point, q) => times(z * (ys[q] as bigint) + shift(q), point)), // As many.
    times(tx * w, B),
  ]);
  for (let round = 0; round < rounds; round++) {
    transcript.append("L", part(7 + 2 * round));
    transcript.append("R", part(8 + 2 * round));
    const u = transcript.challenge("u");
    const inverse = Fn.inv(u);
    P = sum([P, times(u * u, pointAt(7 + 2 * round)), times(inverse * inverse, pointAt(8 + 2 * round))]);
    const half = G.length / 2;
    const fold = (points: RistrettoPoint[], low: bigint, high: bigint): RistrettoPoint[] =>
      points.slice(0, half).map((point, i) => times(low, point).add(times(high, points[half + i] as RistrettoPoint))); // Even.
    G = fold(G, inverse, u);
    H = fold(H, u, inverse);
  }
  const [g, h] = [G[0] as RistrettoPoint, H[0] as RistrettoPoint]; // One of each is left.
  return P.equals(sum([times(a, g), times(b, h), times(a * b * w, B)]));
}
