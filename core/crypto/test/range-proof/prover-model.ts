// A slow prover of range proofs, as spec 02 §4.3 writes it: on BigInt, one party and one position at a time, with generators
// that are folded. It proves whatever it is given, so that tests can have it lie.
import { concatBytes, le64, type Random, utf8 } from "@fogbow/core-bytes";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import type { Setting } from "../../src/range-proof/setting.ts";
import {
  ModelTranscript,
  mod,
  modelGenerators,
  Point,
  powers,
  type RistrettoPoint,
  sum,
  times,
  total,
} from "./model.ts";

/** What the model proves, of a power of two of parties. An honest prover's is {@link honest}. */
export interface ModelWitness {
  /** a_L: for each party, the bits of its value. */
  readonly left: readonly bigint[];
  /** a_R: every bit less one. */
  readonly right: readonly bigint[];
  readonly blindings: readonly bigint[];
  readonly commitments: readonly Uint8Array[];
  /** Added to t_x blinding and taken from e blinding. An honest prover's is 0. */
  readonly shift: bigint;
  readonly random: Random;
}

/** The witness of an honest prover for values, blindings and commitments that were padded. */
export function honest(
  setting: Setting,
  values: readonly bigint[],
  blindings: readonly Uint8Array[],
  random: Random,
): ModelWitness {
  const base = Point.fromBytes(setting.valueBase);
  const left = values.flatMap((value) => Array.from({ length: setting.bits }, (_, i) => (value >> BigInt(i)) & 1n));
  const scalars = blindings.map(bytesToNumberLE);
  const commitments = values.map((value, j) =>
    times(value, base)
      .add(times(scalars[j] as bigint, Point.fromBytes(setting.blindingBase))) // As many.
      .toBytes(),
  );
  return { left, right: left.map((bit) => bit - 1n), blindings: scalars, commitments, shift: 0n, random };
}

/** The proof. */
export function modelProve(setting: Setting, witness: ModelWitness): Uint8Array {
  const { bits } = setting;
  const { left, right, blindings, commitments, shift, random } = witness;
  const m = commitments.length;
  const length = bits * m;
  const B = Point.fromBytes(setting.valueBase);
  const blindingBase = Point.fromBytes(setting.blindingBase);
  const parties = Array.from({ length: m }, (_, j) => j);
  let G = parties.flatMap((j) => modelGenerators("G", j, bits));
  let H = parties.flatMap((j) => modelGenerators("H", j, bits));

  const draws = parties.map(() => scalarsFrom(random, 2 + 2 * bits));
  const aBlinding = total(draws.map((drawn) => at(drawn, 0)));
  const sBlinding = total(draws.map((drawn) => at(drawn, 1)));
  const sL = draws.flatMap((drawn) => drawn.slice(2, 2 + bits));
  const sR = draws.flatMap((drawn) => drawn.slice(2 + bits));
  const A = sum([times(aBlinding, blindingBase), combine(left, G), combine(right, H)]);
  const S = sum([times(sBlinding, blindingBase), combine(sL, G), combine(sR, H)]);

  const transcript = new ModelTranscript(setting.label);
  const parts: Uint8Array[] = [];
  const show = (label: string, part: RistrettoPoint | bigint): void => {
    const bytes = typeof part === "bigint" ? numberToBytesLE(part, 32) : part.toBytes();
    parts.push(bytes);
    transcript.append(label, bytes);
  };
  transcript.append("dom-sep", utf8("rangeproof v1"));
  transcript.append("n", le64(BigInt(bits)));
  transcript.append("m", le64(BigInt(m)));
  for (const commitment of commitments) transcript.append("V", commitment);
  show("A", A);
  show("S", S);
  const [y, z] = [transcript.challenge("y"), transcript.challenge("z")] as const;

  const ys = powers(y, length);
  const zs = powers(z, m + 2);
  const l0 = left.map((bit) => bit - z);
  const r0 = right.map((bit, q) => at(ys, q) * (bit + z) + at(zs, 2 + Math.floor(q / bits)) * 2n ** BigInt(q % bits));
  const r1 = sR.map((s, q) => at(ys, q) * s);
  const [t1, t2] = [mod(inner(l0, r1) + inner(sL, r0)), inner(sL, r1)];
  const taus = scalarsFrom(random, 2 * m);
  const tau1 = total(parties.map((j) => at(taus, 2 * j)));
  const tau2 = total(parties.map((j) => at(taus, 2 * j + 1)));
  show("T_1", times(t1, B).add(times(tau1, blindingBase)));
  show("T_2", times(t2, B).add(times(tau2, blindingBase)));
  const x = transcript.challenge("x");
  const tx = mod(inner(l0, r0) + t1 * x + t2 * x * x);
  show("t_x", tx);
  const blinding = total(blindings.map((gamma, j) => at(zs, 2 + j) * gamma));
  show("t_x_blinding", mod(blinding + tau1 * x + tau2 * x * x + shift));
  show("e_blinding", mod(aBlinding + sBlinding * x - shift));
  const Q = times(transcript.challenge("w"), B);

  let a = l0.map((n, q) => mod(n + at(sL, q) * x));
  let b = r0.map((n, q) => mod(n + at(r1, q) * x));
  const yInverses = powers(inverse(y), length);
  H = H.map((point, q) => times(at(yInverses, q), point));
  transcript.append("dom-sep", utf8("ipp v1"));
  transcript.append("n", le64(BigInt(length)));
  while (a.length > 1) {
    const half = a.length / 2;
    const [aLow, aHigh, bLow, bHigh] = [a.slice(0, half), a.slice(half), b.slice(0, half), b.slice(half)];
    const [gLow, gHigh, hLow, hHigh] = [G.slice(0, half), G.slice(half), H.slice(0, half), H.slice(half)];
    show("L", sum([combine(aLow, gHigh), combine(bHigh, hLow), times(inner(aLow, bHigh), Q)]));
    show("R", sum([combine(aHigh, gLow), combine(bLow, hHigh), times(inner(aHigh, bLow), Q)]));
    const u = transcript.challenge("u");
    const v = inverse(u);
    a = aLow.map((n, i) => mod(n * u + at(aHigh, i) * v));
    b = bLow.map((n, i) => mod(n * v + at(bHigh, i) * u));
    G = gLow.map((point, i) => times(v, point).add(times(u, at(gHigh, i))));
    H = hLow.map((point, i) => times(u, point).add(times(v, at(hHigh, i))));
  }
  return concatBytes(...parts, numberToBytesLE(at(a, 0), 32), numberToBytesLE(at(b, 0), 32));
}

/** An element that must be there. */
function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new Error(`There is no element ${index}.`);
  return element;
}

const inverse = (n: bigint): bigint => Point.Fn.inv(n);

const inner = (as: readonly bigint[], bs: readonly bigint[]): bigint => total(as.map((a, i) => a * at(bs, i)));

const combine = (scalars: readonly bigint[], points: readonly RistrettoPoint[]): RistrettoPoint =>
  sum(scalars.map((scalar, i) => times(scalar, at(points, i))));

function scalarsFrom(random: Random, n: number): bigint[] {
  const uniform = random(64 * n);
  return Array.from({ length: n }, (_, i) => mod(bytesToNumberLE(uniform.subarray(64 * i, 64 * i + 64))));
}
