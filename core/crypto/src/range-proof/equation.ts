// The verifier's equation (spec 02 §4.3): a proof is valid when a sum over its points, the commitments and the generators
// is the identity. Each proof adds its sum times a weight, so that many proofs are one multi-scalar multiplication.
import { concatBytes, equalBytes, toHex } from "@fogbow/core-bytes";
import { KernelError, kernel } from "@fogbow/kernel";
import { BITS_MAX, byParty, IDENTITY, PARTIES_MAX, sumOverGenerators } from "./generators.ts";
import { type ProofParts, tryDecodeProof } from "./proof-bytes.ts";
import { at, count, ONE, powersOfTwo, repeat, reverse } from "./scalar-vector.ts";
import { beginInnerProduct, beginTranscript, challengeScalar, padded, type Setting } from "./setting.ts";

/** A well-formed proof with all its challenges. Whether it is valid, the equation will tell. */
export interface ReadProof {
  readonly setting: Setting;
  /** Padded. */
  readonly commitments: readonly Uint8Array[];
  readonly parts: ProofParts;
  readonly y: Uint8Array;
  readonly z: Uint8Array;
  readonly x: Uint8Array;
  readonly w: Uint8Array;
  /** The challenge of each round. */
  readonly u: Uint8Array;
  /** The weight of the second of the two equations that are checked as one: hashed from every byte of the proof. */
  readonly c: Uint8Array;
  /** A digest of everything above. */
  readonly digest: Uint8Array;
}

/** Decodes a proof and replays its transcript; undefined when it is malformed or the number of commitments is wrong. */
export function tryReadProof(
  setting: Setting,
  proof: Uint8Array,
  unpadded: readonly Uint8Array[],
): ReadProof | undefined {
  if (unpadded.length === 0 || unpadded.length > PARTIES_MAX) return undefined;
  if (unpadded.some((commitment) => commitment.length !== IDENTITY.length)) return undefined;
  const commitments = padded(unpadded);
  const length = setting.bits * commitments.length;
  const parts = tryDecodeProof(proof, length);
  if (parts === undefined) return undefined;

  const transcript = beginTranscript(setting, commitments);
  transcript.append("A", parts.bitCommitment);
  transcript.append("S", parts.blindingCommitment);
  const y = challengeScalar(transcript, "y");
  const z = challengeScalar(transcript, "z");
  transcript.append("T_1", parts.t1);
  transcript.append("T_2", parts.t2);
  const x = challengeScalar(transcript, "x");
  transcript.append("t_x", parts.tx);
  transcript.append("t_x_blinding", parts.txBlinding);
  transcript.append("e_blinding", parts.eBlinding);
  const w = challengeScalar(transcript, "w");
  beginInnerProduct(transcript, length);
  const rounds = parts.rounds.map(({ left, right }) => {
    transcript.append("L", left);
    transcript.append("R", right);
    return challengeScalar(transcript, "u");
  });
  // The protocol ends here. What follows is this verifier's own.
  transcript.append("a", parts.a);
  transcript.append("b", parts.b);
  transcript.append("value-base", setting.valueBase);
  transcript.append("blinding-base", setting.blindingBase);
  const c = challengeScalar(transcript, "c");
  const digest = transcript.challenge("digest", 32);
  return { setting, commitments, parts, y, z, x, w, u: concatBytes(...rounds), c, digest };
}

/** A sum that is the identity when every proof added to it is valid. */
export class RangeEquation {
  #generators: Uint8Array = new Uint8Array(0);
  readonly #bases = new Map<string, { readonly point: Uint8Array; scalar: Uint8Array }>();
  readonly #scalars: Uint8Array[] = [];
  readonly #points: Uint8Array[] = [];

  /** Adds `weight` times the sum of a proof. */
  add(proof: ReadProof, weight: Uint8Array): void {
    const { scalars, vectors } = kernel();
    const { parts, setting, commitments, y, z, x, w, u, c } = proof;
    const { bits } = setting;
    const parties = commitments.length;
    const length = bits * parties;
    const inverses = scalars.invertBatch(concatBytes(y, u));
    const [yInverse, uInverse] = [at(inverses, 0), inverses.subarray(y.length)];
    const uSquared = vectors.multiply(u, u);
    const zSquared = scalars.multiply(z, z);
    const weightC = scalars.multiply(weight, c);

    // A + x·S + c·x·T₁ + c·x²·T₂ + Σ (uᵢ²·Lᵢ + uᵢ⁻²·Rᵢ)
    const weightCX = scalars.multiply(weightC, x);
    this.#term(weight, parts.bitCommitment);
    this.#term(scalars.multiply(weight, x), parts.blindingCommitment);
    this.#term(weightCX, parts.t1);
    this.#term(scalars.multiply(weightCX, x), parts.t2);
    const lefts = vectors.scale(weight, uSquared);
    const rights = vectors.scale(weight, vectors.multiply(uInverse, uInverse));
    parts.rounds.forEach(({ left, right }, i) => {
      this.#term(at(lefts, i), left);
      this.#term(at(rights, i), right);
    });

    // − (e blinding + c·t_x blinding)·G
    const blinding = scalars.multiplyAdd(c, parts.txBlinding, parts.eBlinding);
    this.#base(setting.blindingBase, scalars.negate(scalars.multiply(weight, blinding)));

    // + (w·(t_x − a·b) + c·(δ − t_x))·B
    const productError = scalars.subtract(parts.tx, scalars.multiply(parts.a, parts.b));
    const sumError = scalars.subtract(delta(bits, parties, y, z), parts.tx);
    const value = scalars.multiplyAdd(w, productError, scalars.multiply(c, sumError));
    this.#base(setting.valueBase, scalars.multiply(weight, value));

    // + Σ c·z²·zʲ·Vⱼ
    const powersOfZ = vectors.scale(zSquared, vectors.powers(z, parties));
    const ofCommitments = vectors.scale(weightC, powersOfZ);
    commitments.forEach((commitment, j) => {
      this.#term(at(ofCommitments, j), commitment);
    });

    // + Σ (−z − a·s_q)·G_q + Σ (z + y^(−q)·(z²·zʲ·2ⁱ − b·s_(N−1−q)))·H_q
    const s = foldingFactors(uSquared, uInverse);
    const weightZ = scalars.multiply(weight, z);
    const minusA = scalars.negate(scalars.multiply(weight, parts.a));
    const minusB = scalars.negate(scalars.multiply(weight, parts.b));
    const g = vectors.multiplyAdd(minusA, s, repeat(scalars.negate(weightZ), length));
    const weighted = vectors.scale(weight, powersOfZ);
    const shifts = Array.from({ length: parties }, (_, j) => vectors.scale(at(weighted, j), powersOfTwo(bits)));
    const inner = vectors.multiplyAdd(minusB, reverse(s), concatBytes(...shifts));
    const h = vectors.add(vectors.multiply(inner, vectors.powers(yInverse, length)), repeat(weightZ, length));
    this.#addGenerators(byParty(g, h, bits));
  }

  /** Whether the sum is the identity. False also when something that was added is no point. */
  holds(): boolean {
    const bases = [...this.#bases.values()];
    const others = {
      scalars: [...bases.map(({ scalar }) => scalar), ...this.#scalars],
      points: [...bases.map(({ point }) => point), ...this.#points],
    };
    try {
      return equalBytes(sumOverGenerators(this.#generators, others), IDENTITY);
    } catch (error) {
      if (error instanceof KernelError && error.code === "invalid-point") return false;
      throw error;
    }
  }

  #term(scalar: Uint8Array, point: Uint8Array): void {
    this.#scalars.push(scalar);
    this.#points.push(point);
  }

  /** Bases are the same for many proofs, so their scalars add up. */
  #base(point: Uint8Array, scalar: Uint8Array): void {
    const key = toHex(point);
    const known = this.#bases.get(key);
    if (known === undefined) this.#bases.set(key, { point, scalar });
    else known.scalar = kernel().scalars.add(known.scalar, scalar);
  }

  #addGenerators(scalars: Uint8Array): void {
    const [longer, shorter] =
      scalars.length > this.#generators.length ? [scalars, this.#generators] : [this.#generators, scalars];
    const sum = kernel().vectors.add(longer.subarray(0, shorter.length), shorter);
    this.#generators = concatBytes(sum, longer.subarray(shorter.length));
  }
}

/** Most terms that proofs of one equation may add besides generators: what the kernel's 8 192 points leave. */
export const TERMS_MAX: number = 8192 - 2 * BITS_MAX * PARTIES_MAX;

/** An upper bound of the terms that a proof adds: its points, its commitments and two bases. */
export function termsOf({ parts, commitments }: ReadProof): number {
  return 4 + 2 * parts.rounds.length + commitments.length + 2;
}

/** s_q, the factors that folding gives the generators: each round doubles the vector, from the last round back. */
function foldingFactors(uSquared: Uint8Array, uInverse: Uint8Array): Uint8Array {
  const { scalars, vectors } = kernel();
  const rounds = count(uSquared);
  let s = ONE;
  for (let i = 0; i < rounds; i++) s = scalars.multiply(s, at(uInverse, i));
  for (let i = rounds - 1; i >= 0; i--) s = concatBytes(s, vectors.scale(at(uSquared, i), s));
  return s;
}

/** δ = (z − z²)·Σ y^q − z³·(2^bits − 1)·Σ zʲ. */
function delta(bits: number, parties: number, y: Uint8Array, z: Uint8Array): Uint8Array {
  const { scalars } = kernel();
  const zSquared = scalars.multiply(z, z);
  const ones = new Uint8Array(32).fill(0xff, 0, bits / 8); // 2^bits − 1
  const ofY = scalars.multiply(scalars.subtract(z, zSquared), sumOfPowers(y, bits * parties));
  const ofZ = scalars.multiply(scalars.multiply(zSquared, z), scalars.multiply(ones, sumOfPowers(z, parties)));
  return scalars.subtract(ofY, ofZ);
}

/** 1 + s + … + s^(n − 1) = (1 + s)·(1 + s²)·(1 + s⁴) … for a power of two n. */
function sumOfPowers(s: Uint8Array, n: number): Uint8Array {
  const { scalars } = kernel();
  let sum = ONE;
  let power = s;
  for (let i = 1; i < n; i *= 2) {
    sum = scalars.multiplyAdd(sum, power, sum);
    power = scalars.multiply(power, power);
  }
  return sum;
}
