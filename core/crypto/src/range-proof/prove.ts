// Proving that hidden values are below 2⁶⁴: an aggregated Bulletproof (spec 02 §4). All that depends on values, blindings
// and the vectors that hide them is computed by the kernel in constant time.
import { bytes, concatBytes, le64, type Random, type TokenId, type TokenValue, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { CryptoError } from "../error.ts";
import { commit } from "../pedersen.ts";
import type { CompressedPoint } from "../public-key.ts";
import { BITS_MAX, byParty, PARTIES_MAX, secretSumOverGenerators, sumOfBits } from "./generators.ts";
import { proveInnerProduct } from "./inner-product.ts";
import { at, count, ONE, powersOfTwo, repeat, SCALAR_BYTES } from "./scalar-vector.ts";
import { beginTranscript, challengeScalar, padded, settingOf } from "./setting.ts";

/** What a prover knows. */
export interface RangeWitness {
  /** 1 to 32 values of one token. */
  readonly values: readonly TokenValue[];
  /** A canonical scalar of 32 bytes for each value. */
  readonly blindings: readonly Uint8Array[];
  readonly tokenId: TokenId;
  readonly random: Random;
}

/** A proof and the commitments it is about. */
export interface ProvenRange {
  /** 672 to 992 bytes. */
  readonly proof: Uint8Array;
  /** v·H_t + β·G for each value. */
  readonly commitments: CompressedPoint[];
}

/**
 * Proves that each of 1 to 32 values is below 2⁶⁴. The proof covers the next power of two of them, with the last repeated.
 * Asks `random` for 8 320 bytes a covered value, one value at a time, and then for 128 bytes a value at once. Throws
 * {@link CryptoError} `invalid-range-size`, the kernel's `invalid-scalar` or `invalid-length` for a blinding that is no
 * canonical scalar, and core-bytes' `invalid-length` when `random` gives another number of bytes.
 */
export function proveRange({ values, blindings, tokenId, random }: RangeWitness): ProvenRange {
  if (values.length === 0 || values.length > PARTIES_MAX || values.length !== blindings.length) {
    throw new CryptoError(
      "invalid-range-size",
      `A range proof covers 1 to ${PARTIES_MAX} values, each with a blinding.`,
    );
  }
  const commitments = values.map((value, i) => commit({ value, tokenId, blinding: blindings[i] as Uint8Array })); // As many.
  const secrets: Uint8Array[] = padded(values).map(le64);
  try {
    const proof = prove(concatBytes(...secrets), concatBytes(...padded(blindings)), padded(commitments), {
      tokenId,
      random,
      secrets,
    });
    return { proof, commitments };
  } finally {
    wipeBytes(...secrets);
  }
}

interface Means {
  readonly tokenId: TokenId;
  readonly random: Random;
  /** Where everything that has to be wiped is put. */
  readonly secrets: Uint8Array[];
}

/** The proof for padded values of 8 bytes, their blindings and commitments. Names are those of spec 02 §4.3. */
function prove(
  values: Uint8Array,
  blindings: Uint8Array,
  commitments: readonly Uint8Array[],
  { tokenId, random, secrets }: Means,
): Uint8Array {
  const { ristretto, scalars, vectors } = kernel();
  const secret = (bytes: Uint8Array): Uint8Array => {
    secrets.push(bytes);
    return bytes;
  };
  const setting = settingOf(tokenId);
  const parties = commitments.length;
  const length = parties * BITS_MAX;
  secrets.push(values, blindings);

  /** scalar·P + blinding·G, the parts of which would give the scalar away. */
  const blinded = (part: Uint8Array, blinding: Uint8Array): Uint8Array =>
    ristretto.add(secret(part), secret(ristretto.multiplyBase(blinding)));

  const drawn = drawBlindings(parties, random, secret);
  const { aBlinding, sBlinding, sL, sR } = drawn;
  const A = blinded(sumOfBits(values), aBlinding);
  const S = blinded(secretSumOverGenerators(secret(byParty(sL, sR, BITS_MAX))), sBlinding);

  const transcript = beginTranscript(setting, commitments);
  transcript.append("A", A);
  transcript.append("S", S);
  const y = challengeScalar(transcript, "y");
  const z = challengeScalar(transcript, "z");

  // l(X) = (a_L − z) + s_L·X and r(X) = yⁱ∘(a_R + z + s_R·X) + z²·zʲ·2ⁱ, where a_R = a_L − 1.
  const powersOfY = vectors.powers(y, length);
  const powersOfZ = vectors.scale(scalars.multiply(z, z), vectors.powers(z, parties)); // z²·zʲ
  const powersOf2 = powersOfTwo(BITS_MAX);
  const shifts = concatBytes(...Array.from({ length: parties }, (_, j) => vectors.scale(at(powersOfZ, j), powersOf2)));
  const bits = secret(vectors.bits(values));
  const l0 = secret(vectors.add(bits, repeat(scalars.negate(z), length)));
  const aRPlusZ = secret(vectors.add(bits, repeat(scalars.subtract(z, ONE), length)));
  const r0 = secret(vectors.add(secret(vectors.multiply(powersOfY, aRPlusZ)), shifts));
  const r1 = secret(vectors.multiply(powersOfY, sR));

  // t(X) = ⟨l(X), r(X)⟩ = t₀ + t₁·X + t₂·X².
  const crossed = [secret(vectors.innerProduct(l0, r1)), secret(vectors.innerProduct(sL, r0))] as const;
  const t1 = secret(scalars.add(...crossed));
  const t2 = secret(vectors.innerProduct(sL, r1));
  const taus = drawScalars(2 * parties, random, secret);
  const tau1 = secret(sumOfEvery(taus, 2, 0));
  const tau2 = secret(sumOfEvery(taus, 2, 1));
  const T1 = blinded(ristretto.multiply(t1, setting.valueBase), tau1);
  const T2 = blinded(ristretto.multiply(t2, setting.valueBase), tau2);
  transcript.append("T_1", T1);
  transcript.append("T_2", T2);
  const x = challengeScalar(transcript, "x");

  // From here on nothing is secret but what is wiped: l, r and the three scalars may be seen.
  const l = vectors.multiplyAdd(x, sL, l0);
  const r = vectors.multiplyAdd(x, r1, r0);
  const tx = vectors.innerProduct(l, r);
  const tauOfX = secret(scalars.multiply(x, secret(scalars.multiplyAdd(tau2, x, tau1)))); // τ₁·x + τ₂·x²
  const txBlinding = scalars.add(secret(vectors.innerProduct(blindings, powersOfZ)), tauOfX);
  const eBlinding = scalars.multiplyAdd(sBlinding, x, aBlinding);
  transcript.append("t_x", tx);
  transcript.append("t_x_blinding", txBlinding);
  transcript.append("e_blinding", eBlinding);
  const w = challengeScalar(transcript, "w");
  const hFactors = vectors.powers(scalars.invert(y), length);
  const { valueBase } = setting;
  const innerProduct = proveInnerProduct(transcript, { a: l, b: r, hFactors, w, valueBase, bits: BITS_MAX });
  return concatBytes(A, S, T1, T2, tx, txBlinding, eBlinding, innerProduct);
}

const WIDE_BYTES = 64;

/** So many uniform scalars. With fewer random bytes than asked for, values would lie open: throws `invalid-length`. */
function drawScalars(n: number, random: Random, secret: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const uniform = secret(random(n * WIDE_BYTES));
  return secret(kernel().vectors.reduceWide(bytes(uniform, n * WIDE_BYTES, "The randomness of a range proof")));
}

/** For each party in turn: a blinding for A, one for S, then s_L and s_R. The parties' blindings add up. */
function drawBlindings(
  parties: number,
  random: Random,
  secret: (bytes: Uint8Array) => Uint8Array,
): { aBlinding: Uint8Array; sBlinding: Uint8Array; sL: Uint8Array; sR: Uint8Array } {
  const perParty = 2 + 2 * BITS_MAX;
  const drawn = Array.from({ length: parties }, () => drawScalars(perParty, random, secret));
  const all = secret(concatBytes(...drawn));
  const range = (from: number, to: number): Uint8Array =>
    secret(concatBytes(...drawn.map((scalars) => scalars.subarray(from * SCALAR_BYTES, to * SCALAR_BYTES))));
  return {
    aBlinding: secret(sumOfEvery(all, perParty, 0)),
    sBlinding: secret(sumOfEvery(all, perParty, 1)),
    sL: range(2, 2 + BITS_MAX),
    sR: range(2 + BITS_MAX, perParty),
  };
}

/** The sum of every `step`th scalar from one on. */
function sumOfEvery(vector: Uint8Array, step: number, from: number): Uint8Array {
  const ones = new Uint8Array(vector.length);
  for (let i = from; i < count(vector); i += step) ones.set(ONE, SCALAR_BYTES * i);
  return kernel().vectors.innerProduct(vector, ones);
}
