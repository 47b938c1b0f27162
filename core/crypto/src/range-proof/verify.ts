// Verifying range proofs: one, many at once, and finding the bad ones among many.
import type { Random, TokenId } from "@fogbow/core-bytes";
import { Transcript } from "../transcript.ts";
import { RangeEquation, type ReadProof, TERMS_MAX, termsOf, tryReadProof } from "./equation.ts";
import { ONE } from "./scalar-vector.ts";
import { challengeScalar, type Setting, settingOf } from "./setting.ts";

/** A claim that the values in 1 to 32 commitments to a token are below 2⁶⁴. */
export interface RangeClaim {
  readonly proof: Uint8Array;
  /** As many as there were values; the padding is understood. */
  readonly commitments: readonly Uint8Array[];
  readonly tokenId: TokenId;
}

/** Whether the claim is proven. Anything malformed is simply false. Variable time: all of it is public. */
export function verifyRange({ proof, commitments, tokenId }: RangeClaim): boolean {
  return verifyInSetting(settingOf(tokenId), proof, commitments);
}

/** The same for any setting. */
export function verifyInSetting(setting: Setting, proof: Uint8Array, commitments: readonly Uint8Array[]): boolean {
  const read = tryReadProof(setting, proof, commitments);
  return read !== undefined && allHold([read], new Uint8Array(0));
}

/**
 * Whether all claims are proven, at a fraction of the cost of one after the other: one sum for up to some two hundred
 * proofs. Every proof gets a weight that nobody can know before all proofs are given, hashed from them and from 32 bytes of
 * `random`, so that mistakes cannot cancel out. True for no claims.
 */
export function verifyRangeBatch(claims: readonly RangeClaim[], random: Random): boolean {
  const read = claims.map(tryRead);
  return read.every((proof) => proof !== undefined) && allHold(read, random(SEED_BYTES));
}

/**
 * The indices of the claims that are not proven, in ascending order. Halves the batch until each bad proof is alone: one
 * among many costs two batches more at most; if all are bad, each is verified alone and in a few batches.
 */
export function findInvalidRanges(claims: readonly RangeClaim[], random: Random): number[] {
  const malformed: number[] = [];
  const wellFormed: Suspect[] = [];
  claims.forEach((claim, index) => {
    const proof = tryRead(claim);
    if (proof === undefined) malformed.push(index);
    else wellFormed.push({ index, proof });
  });
  return [...malformed, ...badAmong(wellFormed, random)].sort((a, b) => a - b);
}

interface Suspect {
  readonly index: number;
  readonly proof: ReadProof;
}

const SEED_BYTES = 32;

function badAmong(suspects: readonly Suspect[], random: Random): number[] {
  const proofs = suspects.map(({ proof }) => proof);
  return allHold(proofs, random(SEED_BYTES)) ? [] : culprits(suspects, random);
}

/** The same where one at least is known to be bad. */
function culprits(suspects: readonly Suspect[], random: Random): number[] {
  if (suspects.length === 1) return suspects.map(({ index }) => index);
  const middle = suspects.length >> 1;
  const [first, second] = [suspects.slice(0, middle), suspects.slice(middle)];
  const bad = badAmong(first, random);
  return bad.length === 0 ? culprits(second, random) : [...bad, ...badAmong(second, random)];
}

function tryRead({ proof, commitments, tokenId }: RangeClaim): ReadProof | undefined {
  return tryReadProof(settingOf(tokenId), proof, commitments);
}

/** Whether all proofs are valid, in as few equations as the kernel's bound of points allows. */
function allHold(proofs: readonly ReadProof[], seed: Uint8Array): boolean {
  const weights = weightsOf(proofs, seed);
  let equation = new RangeEquation();
  let terms = 0;
  for (const [i, proof] of proofs.entries()) {
    if (terms + termsOf(proof) > TERMS_MAX) {
      if (!equation.holds()) return false;
      equation = new RangeEquation();
      terms = 0;
    }
    equation.add(proof, weights[i] as Uint8Array); // As many.
    terms += termsOf(proof);
  }
  return equation.holds();
}

/** A scalar for each proof. One proof needs none but 1. */
function weightsOf(proofs: readonly ReadProof[], seed: Uint8Array): Uint8Array[] {
  if (proofs.length === 1) return [ONE];
  const transcript = new Transcript("fogbow range proof batch");
  transcript.append("seed", seed);
  for (const { digest } of proofs) transcript.append("proof", digest);
  return proofs.map(() => challengeScalar(transcript, "weight"));
}
