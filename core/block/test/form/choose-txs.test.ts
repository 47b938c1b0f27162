// Tests of choosing transactions: in which order, and which of those that conflict.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseTxs, priorityBucket, TXS_MAX, type TxCandidate } from "../../src/index.ts";
import { candidate, filled } from "./candidates.ts";

describe("the order of candidates", () => {
  /** Of each pair the first comes first, by the field that it names and those before it. */
  const pairs: Readonly<Record<string, readonly [Partial<TxCandidate>, Partial<TxCandidate>]>> = {
    "higher priority, beyond what a number holds": [{ priority: 2n ** 63n + 1n }, { priority: 2n ** 63n }],
    "lower hash": [{}, { txHash: filled(2, 32) }],
    "lower tombstone block": [{ tombstoneBlock: 9n }, { tombstoneBlock: 10n }],
    "lower key images": [{}, { keyImages: [filled(2, 32)] }],
    "fewer key images": [{}, { keyImages: [filled(1, 32), filled(2, 32)] }],
    "lower indexes": [{ highestIndexes: [99n, 5n] }, { highestIndexes: [100n] }],
    "fewer indexes": [{ highestIndexes: [] }, {}],
    "lower output keys": [{}, { outputPublicKeys: [filled(3, 32)] }],
  };

  test.each(Object.entries(pairs))("%s first", (_, [first, second]) => {
    // They conflict, so that only the first is chosen.
    const conflicting = { outputPublicKeys: [filled(1, 32), filled(1, 32)] };
    const [a, b] = [first, second].map((change) => candidate(1, { ...change }));
    const [x, y] = [
      { ...conflicting, ...a },
      { ...conflicting, ...b },
    ] as [TxCandidate, TxCandidate];
    expect(chooseTxs([x, y]).indexOf(x)).toBe(0);
    expect(chooseTxs([y, x]).indexOf(x)).toBe(0);
  });

  test("a field counts only when those before it are equal", () => {
    const late = candidate(1, { priority: 127n });
    const early = candidate(2, { tombstoneBlock: 99n });
    const last = candidate(3);
    expect(chooseTxs([late, last, early])).toEqual([early, last, late]);
  });

  test("does not depend on the order in which they come", () => {
    const candidates = Array.from({ length: 12 }, (_, n) =>
      candidate(n, { priority: BigInt(n % 3), keyImages: [filled(n >> 1, 32)], outputPublicKeys: [filled(n % 7, 32)] }),
    );
    const chosen = chooseTxs(candidates);
    fc.assert(
      fc.property(fc.shuffledSubarray(candidates, { minLength: 12 }), (shuffled) => {
        expect(chooseTxs(shuffled)).toEqual(chosen);
      }),
    );
  });
});

test("priorities in buckets differ where the minimum fee doubles, as far as there are buckets", () => {
  const buckets = (bits: number, ...priorities: bigint[]): bigint[] =>
    priorities.map((priority) => priorityBucket(priority, bits));
  expect(buckets(64, 0n, 129n, 2n ** 64n - 1n)).toEqual([0n, 129n, 2n ** 64n - 1n]);
  expect(buckets(4, 0n, 128n, 255n, 256n, 511n, 512n)).toEqual([0n, 0n, 0n, 1n, 1n, 2n]);
  expect(buckets(4, 128n << 14n, (128n << 15n) - 1n, 128n << 15n, 2n ** 64n - 1n)).toEqual([14n, 14n, 15n, 15n]);
  expect(buckets(1, 128n, 255n, 256n, 2n ** 64n - 1n)).toEqual([0n, 0n, 1n, 1n]);
  fc.assert(
    fc.property(
      fc.bigInt(0n, 2n ** 64n - 1n),
      fc.bigInt(0n, 2n ** 64n - 1n),
      fc.integer({ min: 1, max: 4 }),
      (a, b, bits) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const [first = 0n, second = 0n] = buckets(bits, low, high);
        expect(first <= second && second < 1n << BigInt(bits)).toBe(true);
      },
    ),
  );
});

test("a candidate that conflicts with one that was not chosen is chosen", () => {
  const first = candidate(1);
  const second = candidate(2, { keyImages: [filled(1, 32), filled(2, 32)] });
  const third = candidate(3, { keyImages: [filled(2, 32)] });
  expect(chooseTxs([third, second, first])).toEqual([first, third]);
});

test("neither key images nor output keys are in a block twice, and taken output keys not at all", () => {
  const image = candidate(2, { keyImages: [filled(2, 32), filled(1, 32)] });
  const key = candidate(3, { outputPublicKeys: [filled(3, 32), filled(1, 32)] });
  expect(chooseTxs([candidate(1), image, key])).toEqual([candidate(1)]);
  // A key image is no output key.
  const neither = candidate(2, { keyImages: [filled(9, 32)], outputPublicKeys: [filled(8, 32)] });
  const crossed = candidate(3, { keyImages: [filled(8, 32)], outputPublicKeys: [filled(9, 32)] });
  expect(chooseTxs([neither, crossed])).toEqual([neither, crossed]);
  expect(chooseTxs([neither, crossed], [filled(9, 32)])).toEqual([neither]);
});

test("the same transaction twice is chosen once", () => {
  expect(chooseTxs([candidate(1), candidate(1)])).toEqual([candidate(1)]);
});

test("a block has room for 5000", () => {
  const bytes = (n: number): Uint8Array => Uint8Array.of(n >> 8, n);
  const many = Array.from({ length: TXS_MAX + 1 }, (_, n) =>
    candidate(0, { txHash: bytes(n), keyImages: [bytes(n)], outputPublicKeys: [bytes(n)] }),
  );
  const chosen = chooseTxs([...many].reverse());
  expect(chosen).toHaveLength(TXS_MAX);
  expect(chosen).toEqual(many.slice(0, TXS_MAX));
});
