// Values, blindings and randomness for the tests of range proofs, reproducible from FOGBOW_SEED.
import { type Random, type TokenId, tokenId, tokenValue } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import type { RangeClaim } from "../../src/index.ts";
import { proveRange } from "../../src/index.ts";
import type { RangeWitness } from "../../src/range-proof/prove.ts";

/** The seed of this run, to be shown in test names. */
export const seed: string = process.env.FOGBOW_SEED ?? "1";

/** A generator of bytes for one purpose: SHAKE256 of seed, purpose and a counter. */
export function randomFrom(purpose: string): Random {
  let counter = 0;
  return (length) => {
    counter += 1;
    const label = Uint8Array.from(`${seed}/${purpose}/${counter}`, (character) => character.charCodeAt(0));
    return kernel().hashes.shake256(length, label);
  };
}

/** Something to prove about `count` values, some of them at the ends of the range. */
export function witness(purpose: string, count: number, token: TokenId = tokenId(0n)): RangeWitness {
  const random = randomFrom(purpose);
  const extremes = [0n, 1n, 2n ** 64n - 1n, 2n ** 63n];
  const values = Array.from({ length: count }, (_, i) => {
    const view = new DataView(random(8).slice().buffer);
    return tokenValue(i % 3 === 1 ? (extremes[view.getUint8(0) & 3] ?? 0n) : view.getBigUint64(0));
  });
  const blindings = values.map(() => kernel().scalars.reduceWide(random(64)));
  return { values, blindings, tokenId: token, random };
}

/** A claim that holds. */
export function claim(purpose: string, count: number, token: TokenId = tokenId(0n)): RangeClaim {
  return { ...proveRange(witness(purpose, count, token)), tokenId: token };
}

/** The bytes with the lowest bit of one of them flipped. */
export function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte));
}
