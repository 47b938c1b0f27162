// What prover and verifier of a range proof agree on beforehand, and the transcript both of them keep (spec 02 §4.3).
import { type TokenId, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { BASE_POINT, valueGenerator } from "../generators.ts";
import { Transcript } from "../transcript.ts";

const RANGE_PROOF = utf8("rangeproof v1");
const INNER_PRODUCT = utf8("ipp v1");

/** The terms of a proof: transactions use one for each token, published test vectors others. */
export interface Setting {
  /** Label of the transcript. */
  readonly label: string;
  /** Values are below 2^bits; 8, 16, 32 or 64. */
  readonly bits: number;
  /** The point that carries values. */
  readonly valueBase: Uint8Array;
  /** The point that carries blindings. */
  readonly blindingBase: Uint8Array;
}

/** 64-bit values of a token on the base H_t, blinded on G. */
export function settingOf(tokenId: TokenId): Setting {
  return { label: "mc_bulletproof_transcript", bits: 64, valueBase: valueGenerator(tokenId), blindingBase: BASE_POINT };
}

/** A list of at least one element, extended to the next power of two by its last (spec 02 §4.4). */
export function padded<T>(list: readonly T[]): T[] {
  let length = 1;
  while (length < list.length) length *= 2; // Not by `Math.log2`, which no standard says is exact.
  return Array.from({ length }, (_, i) => list[Math.min(i, list.length - 1)] as T); // Within.
}

/** A transcript that has seen the sizes and the padded commitments. */
export function beginTranscript(setting: Setting, commitments: readonly Uint8Array[]): Transcript {
  const transcript = new Transcript(setting.label);
  transcript.append("dom-sep", RANGE_PROOF);
  transcript.appendU64("n", BigInt(setting.bits));
  transcript.appendU64("m", BigInt(commitments.length));
  for (const commitment of commitments) transcript.append("V", commitment);
  return transcript;
}

/** Announces the inner-product argument over `length` generators of each kind. */
export function beginInnerProduct(transcript: Transcript, length: number): void {
  transcript.append("dom-sep", INNER_PRODUCT);
  transcript.appendU64("n", BigInt(length));
}

/** The next challenge, a scalar. */
export function challengeScalar(transcript: Transcript, label: string): Uint8Array {
  return kernel().scalars.reduceWide(transcript.challenge(label, 64));
}
