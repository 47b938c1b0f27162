// The prover's side of the inner-product argument (spec 02 §4.3): shows that it knows vectors a and b behind a commitment
// by halving them, round after round, until one scalar of each is left.
//
// All of it is public. Before it was compressed, the protocol sent the vectors themselves: blinded by the vectors s_L and
// s_R they tell nothing (Bünz et al., "Bulletproofs" (2018), §4.1, with perfect zero knowledge). So variable time is right.
//
// Generators are not folded: a factor for each keeps track of what folding would have multiplied it by, and each L and R is
// one sum over half of the original generators, which have tables.
import { concatBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import type { Transcript } from "../transcript.ts";
import { byParty, sumOverGenerators } from "./generators.ts";
import { count, halves, ONE, repeat } from "./scalar-vector.ts";
import { beginInnerProduct, challengeScalar } from "./setting.ts";

/** What is shown: a and b with ⟨a, G⟩ + ⟨b, factors ∘ H⟩ + ⟨a, b⟩·w·B. */
export interface InnerProductWitness {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  /** y⁻ⁱ: what the generators H are multiplied by. */
  readonly hFactors: Uint8Array;
  /** The challenge w. */
  readonly w: Uint8Array;
  /** B. */
  readonly valueBase: Uint8Array;
  /** Generators of each kind a party uses. */
  readonly bits: number;
}

/** The end of a proof: L ‖ R of each round, then a ‖ b. */
export function proveInnerProduct(transcript: Transcript, witness: InnerProductWitness): Uint8Array {
  const { scalars, vectors } = kernel();
  const length = count(witness.a);
  const parts: Uint8Array[] = [];
  let { a, b, hFactors } = witness;
  let gFactors = repeat(ONE, length);
  beginInnerProduct(transcript, length);
  while (count(a) > 1) {
    const times = length / count(a);
    const [aLow, aHigh] = halves(a);
    const [bLow, bHigh] = halves(b);
    // Index p of the folded generators stands for all the indices that are p modulo the folded length.
    const g = vectors.multiply(repeat(concatBytes(aHigh, aLow), times), gFactors);
    const h = vectors.multiply(repeat(concatBytes(bHigh, bLow), times), hFactors);
    const commitHalf = (upperG: boolean, product: Uint8Array): Uint8Array =>
      sumOverGenerators(byParty(half(g, aLow.length, upperG), half(h, aLow.length, !upperG), witness.bits), {
        scalars: [scalars.multiply(product, witness.w)],
        points: [witness.valueBase],
      });
    const left = commitHalf(true, vectors.innerProduct(aLow, bHigh));
    const right = commitHalf(false, vectors.innerProduct(aHigh, bLow));
    parts.push(left, right);
    transcript.append("L", left);
    transcript.append("R", right);
    const u = challengeScalar(transcript, "u");
    const uInverse = scalars.invert(u);
    a = vectors.multiplyAdd(u, aLow, vectors.scale(uInverse, aHigh));
    b = vectors.multiplyAdd(uInverse, bLow, vectors.scale(u, bHigh));
    const [us, uInverses] = [repeat(u, count(aLow)), repeat(uInverse, count(aLow))];
    gFactors = vectors.multiply(gFactors, repeat(concatBytes(uInverses, us), times));
    hFactors = vectors.multiply(hFactors, repeat(concatBytes(us, uInverses), times));
  }
  return concatBytes(...parts, a, b);
}

/** The vector with zeros for the lower or the upper half of every two blocks of `blockBytes`. */
function half(vector: Uint8Array, blockBytes: number, upper: boolean): Uint8Array {
  const kept = vector.slice();
  for (let i = upper ? 0 : blockBytes; i < kept.length; i += 2 * blockBytes) kept.fill(0, i, i + blockBytes);
  return kept;
}
