// The encoding of a range proof (spec 02 §4.2): A ‖ S ‖ T₁ ‖ T₂ ‖ t_x ‖ t_x blinding ‖ e blinding ‖ (L ‖ R)… ‖ a ‖ b, each
// of 32 bytes, with log₂ of the generators of one kind many pairs L ‖ R.
import { equalBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { IDENTITY } from "./generators.ts";

/** The parts of a proof: points as encodings, not yet decoded but none of them the identity, and canonical scalars. */
export interface ProofParts {
  readonly bitCommitment: Uint8Array; // A
  readonly blindingCommitment: Uint8Array; // S
  readonly t1: Uint8Array; // T₁
  readonly t2: Uint8Array; // T₂
  readonly tx: Uint8Array; // t_x
  readonly txBlinding: Uint8Array;
  readonly eBlinding: Uint8Array;
  /** L and R of each round. */
  readonly rounds: readonly { readonly left: Uint8Array; readonly right: Uint8Array }[];
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

const PART_BYTES = 32;
const PARTS_WITHOUT_ROUNDS = 9;

/**
 * Takes a proof over a power of two of generators of each kind apart. Undefined when its length is not that of such a
 * proof, a point is the identity or a scalar is not canonical.
 */
export function tryDecodeProof(bytes: Uint8Array, generators: number): ProofParts | undefined {
  const roundCount = 31 - Math.clz32(generators);
  if (bytes.length !== PART_BYTES * (PARTS_WITHOUT_ROUNDS + 2 * roundCount)) return undefined;
  const part = (index: number): Uint8Array => bytes.subarray(PART_BYTES * index, PART_BYTES * (index + 1));
  const last = bytes.length / PART_BYTES - 1;
  const rounds = Array.from({ length: roundCount }, (_, i) => ({
    left: part(7 + 2 * i),
    right: part(8 + 2 * i),
  }));
  const points = [part(0), part(1), part(2), part(3), ...rounds.flatMap(({ left, right }) => [left, right])];
  const scalars = [part(4), part(5), part(6), part(last - 1), part(last)];
  if (points.some((point) => equalBytes(point, IDENTITY))) return undefined;
  if (!scalars.every((scalar) => kernel().scalars.isCanonical(scalar))) return undefined;
  return {
    bitCommitment: part(0),
    blindingCommitment: part(1),
    t1: part(2),
    t2: part(3),
    tx: part(4),
    txBlinding: part(5),
    eBlinding: part(6),
    rounds,
    a: part(last - 1),
    b: part(last),
  };
}
