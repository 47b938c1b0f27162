// What fast-check feeds this package: keys, scalars, points and a `Random` that serves prepared bytes.
import type { Random } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { PrivateKey, type PublicKey, publicKey } from "../src/index.ts";

/** Uniform byte strings of one length. */
export const bytesOfLength = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** Canonical scalars, also the smallest and the largest. */
export const scalars: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: bytesOfLength(64).map((uniform) => kernel().scalars.reduceWide(uniform)) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1).map((n) => new Uint8Array(32).fill(n, 0, 1)) },
  { weight: 1, arbitrary: fc.constant(null).map(() => kernel().scalars.negate(new Uint8Array(32).fill(1, 0, 1))) },
);

/** Private keys. */
export const privateKeys: fc.Arbitrary<PrivateKey> = scalars.map((scalar) => new PrivateKey(scalar.slice()));

/** Points whose private key nobody knows. */
export const points: fc.Arbitrary<PublicKey> = bytesOfLength(64).map((u) => publicKey(kernel().ristretto.oneWayMap(u)));

/** A `Random` that serves copies of the given strings in order and refuses any other length or a further call. */
export function prepared(...servings: readonly Uint8Array[]): Random {
  const rest = [...servings];
  return (length) => {
    const next = rest.shift();
    if (next?.length !== length) {
      throw new Error(`Asked for ${length} random bytes; ${next?.length ?? "none"} were prepared.`);
    }
    return next.slice();
  };
}

/** One change to a byte string: a flipped bit, a cut, or bytes appended. */
export const mutations: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(7)).map(([position, bit]) => (bytes: Uint8Array) => {
    const changed = bytes.slice();
    const i = position % changed.length;
    changed[i] = (changed[i] ?? 0) ^ (1 << bit);
    return changed;
  }),
  fc.nat().map((length) => (bytes: Uint8Array) => bytes.slice(0, length % bytes.length)),
  fc.uint8Array({ minLength: 1, maxLength: 80 }).map((tail) => (bytes: Uint8Array) => Uint8Array.of(...bytes, ...tail)),
);
