// Tests of decoy selection: enough of them, none twice, and spread over the logarithm of age.
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseDecoys } from "../../src/index.ts";
import { seeded } from "../tx/made-transaction.ts";
import { expectCode } from "../typed-errors.ts";

const seed = Number(process.env.FOGBOW_SEED ?? 3);
fc.configureGlobal({ seed });

test("every ring gets ten decoys in the ledger, none twice and none that is spent", () => {
  const draws = fc.record({ rings: fc.integer({ min: 1, max: 16 }), spare: fc.nat(2000), number: fc.nat() });
  fc.assert(
    fc.property(draws, ({ rings, spare, number }) => {
      const ledgerSize = BigInt(rings * 11 + spare);
      const realIndexes = Array.from({ length: rings }, (_, i) => (BigInt(i) * ledgerSize) / BigInt(rings));
      const decoys = chooseDecoys({ ledgerSize, realIndexes, random: seeded(number) });
      expect(decoys.map((ring) => ring.length)).toEqual(realIndexes.map(() => 10));
      const all = [...realIndexes, ...decoys.flat()];
      expect(new Set(all).size).toBe(all.length);
      expect(all.every((index) => index >= 0n && index < ledgerSize)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("what an offer's ring holds is no decoy of another ring, though it may hold what is spent", () => {
  const excluded = Array.from({ length: 11 }, (_, i) => BigInt(2 * i));
  const drawn = chooseDecoys({ ledgerSize: 22n, realIndexes: [4n], excluded, random: seeded(seed) }).flat();
  expect(drawn.filter((index) => index % 2n === 0n)).toEqual([]);
  expect(new Set(drawn).size).toBe(10);
  const tooFew = { ledgerSize: 20n, realIndexes: [4n], excluded, random: seeded(seed) };
  expectCode(() => chooseDecoys(tooFew), "ledger-too-small");
});

test("the same randomness chooses the same decoys", () => {
  const choose = (number: number): bigint[][] =>
    chooseDecoys({ ledgerSize: 1n << 40n, realIndexes: [5n, 9n], random: seeded(number) });
  expect(choose(1)).toEqual(choose(1));
  expect(choose(1)).not.toEqual(choose(2));
});

test("every doubling of age is as likely as any other, and the newest 256 outputs are one class", () => {
  const ledgerSize = 1n << 12n; // 256, then 256, 512, 1 024 and 2 048 more: five classes.
  const counts = [0, 0, 0, 0, 0];
  const rounds = 100;
  for (let round = 0; round < rounds; round++) {
    const random = seeded(seed + round);
    for (const index of chooseDecoys({ ledgerSize, realIndexes: [0n, 1n, 2n], random }).flat()) {
      const age = ledgerSize - 1n - index;
      const ageClass = age < 256n ? 0 : age.toString(2).length - 8;
      counts[ageClass] = (counts[ageClass] as number) + 1;
    }
  }
  const expected = (rounds * 30) / 5;
  // Four standard deviations of a binomial distribution: √(3000 · 1/5 · 4/5) = 22.
  for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(88);
});

test("within a class all ages are as likely", () => {
  const ledgerSize = 511n; // One class: twice 256 is more than there are.
  const halves = [0, 0];
  for (let round = 0; round < 100; round++) {
    for (const index of chooseDecoys({ ledgerSize, realIndexes: [0n], random: seeded(seed + round) }).flat()) {
      halves[index < 256n ? 0 : 1] = (halves[index < 256n ? 0 : 1] as number) + 1;
    }
  }
  expect(Math.abs((halves[0] as number) - 500)).toBeLessThan(64); // Four standard deviations of 1 000 throws.
});

test("a ledger without enough outputs is refused", () => {
  const random = seeded(1);
  expectCode(() => chooseDecoys({ ledgerSize: 10n, realIndexes: [0n], random }), "ledger-too-small");
  expect(chooseDecoys({ ledgerSize: 11n, realIndexes: [4n], random })[0]?.sort((a, b) => Number(a - b))).toEqual([
    0n,
    1n,
    2n,
    3n,
    5n,
    6n,
    7n,
    8n,
    9n,
    10n,
  ]);
  expectCode(() => chooseDecoys({ ledgerSize: 22n, realIndexes: [22n], random }), "ledger-too-small");
  expectCode(() => chooseDecoys({ ledgerSize: 22n, realIndexes: [-1n], random }), "ledger-too-small");
});

test("one output cannot be spent twice", () => {
  const draw = { ledgerSize: 100n, realIndexes: [3n, 3n], random: seeded(1) };
  expectCode(() => chooseDecoys(draw), "duplicate-ring-elements");
});
