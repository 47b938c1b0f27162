// The generators of Bulletproofs (spec 02 §4.1) and sums over them. Each party of an aggregate has 64 points G and 64
// points H, hashed from a label of its own. Those of the first four parties, which nearly every transaction is content
// with, are prepared as tables at their first use: 5 MiB, which the kernel keeps too. Others are decoded in each sum.
import { concatBytes, le32, utf8 } from "@fogbow/core-bytes";
import { kernel, type PointTable } from "@fogbow/kernel";
import { SCALAR_BYTES } from "./scalar-vector.ts";

/** Most values one proof can cover. */
export const PARTIES_MAX = 32;

/** Generators of each kind that a party has: the bits of the largest value. */
export const BITS_MAX = 64;

const PARTY_POINTS = 2 * BITS_MAX;
const PARTY_BYTES = PARTY_POINTS * SCALAR_BYTES;
const POINT_BYTES = 32;
const UNIFORM_BYTES = 64;
const TABLED_PARTIES = 4;

const encodings: Uint8Array[] = [];
let prepared: PointTable | undefined;

/** The encodings of party j's 64 points G and then 64 points H, 4 096 bytes that nobody may change. */
export function partyGenerators(party: number): Uint8Array {
  for (let j = encodings.length; j <= party; j++) {
    encodings.push(concatBytes(generatorChain("G", j), generatorChain("H", j)));
  }
  return encodings[party] as Uint8Array; // The loop has made it.
}

/** SHAKE256 of the chain's name and label, mapped to points 64 bytes at a time. */
function generatorChain(kind: "G" | "H", party: number): Uint8Array {
  const { hashes, ristretto } = kernel();
  const uniform = hashes.shake256(BITS_MAX * UNIFORM_BYTES, utf8(`GeneratorsChain${kind}`), le32(party));
  const points = Array.from({ length: BITS_MAX }, (_, i) =>
    ristretto.oneWayMap(uniform.subarray(UNIFORM_BYTES * i, UNIFORM_BYTES * (i + 1))),
  );
  return concatBytes(...points);
}

/** Points that are no generators, and a scalar for each. */
export interface OtherTerms {
  readonly scalars: readonly Uint8Array[];
  readonly points: readonly Uint8Array[];
}

/**
 * Σ over generators and other points, **in variable time, for public scalars only**. `scalars` come party by party, 64
 * for G and 64 for H, as {@link byParty} lays them out. Throws the kernel's `invalid-point`.
 */
export function sumOverGenerators(scalars: Uint8Array, others: OtherTerms): Uint8Array {
  const { table, points } = generators(scalars.length / PARTY_BYTES);
  return kernel().ristretto.multiScalarMultiply(
    concatBytes(scalars, ...others.scalars),
    concatBytes(points, ...others.points),
    table,
  );
}

/** Σ over generators with secret scalars, laid out likewise. Constant time. */
export function secretSumOverGenerators(scalars: Uint8Array): Uint8Array {
  const { table, points } = generators(scalars.length / PARTY_BYTES);
  return kernel().ristretto.multiScalarMultiplySecret(scalars, points, table);
}

/** Σ over the bits of secret values, 8 bytes a party: G where a bit is 1, −H where it is 0. Constant time. */
export function sumOfBits(values: Uint8Array): Uint8Array {
  const { table, points } = generators(values.length / 8);
  return kernel().ristretto.sumBits(values, points, table);
}

/** The prepared generators of so many parties, and the encodings of the others'. */
function generators(parties: number): { table: PointTable; points: Uint8Array } {
  prepared ??= kernel().ristretto.prepare(
    concatBytes(...Array.from({ length: TABLED_PARTIES }, (_, j) => partyGenerators(j))),
  );
  const tabled = Math.min(parties, TABLED_PARTIES);
  const others = Array.from({ length: parties - tabled }, (_, j) => partyGenerators(tabled + j));
  return { table: { count: tabled * PARTY_POINTS, bytes: prepared.bytes }, points: concatBytes(...others) };
}

/**
 * Lays scalars for the generators G and H out party by party, each vector having `bits` of them a party. Generators
 * beyond a party's first `bits` get zeros.
 */
export function byParty(g: Uint8Array, h: Uint8Array, bits: number): Uint8Array {
  const used = bits * SCALAR_BYTES;
  const parties = g.length / used;
  const scalars = new Uint8Array(parties * PARTY_BYTES);
  for (let j = 0; j < parties; j++) {
    scalars.set(g.subarray(used * j, used * (j + 1)), PARTY_BYTES * j);
    scalars.set(h.subarray(used * j, used * (j + 1)), PARTY_BYTES * j + PARTY_BYTES / 2);
  }
  return scalars;
}

/** The point that adds nothing, whose encoding no part of a proof may be. */
export const IDENTITY: Uint8Array = new Uint8Array(POINT_BYTES);
