// Tests of minimum fees.
import { toHex, U64_MAX } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_MINIMUM_FEE, FeeMap } from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { expectCode, expectTypedError } from "../typed-errors.ts";

const map = new FeeMap([
  [2n, 1_280n],
  [0n, DEFAULT_MINIMUM_FEE],
]);

test("the default fee map has the digest that the specification names", () => {
  const digest = "79c184506718faa8b0769d78d5d296eea5c072dcd7a900194fafb9eef2828d2e";
  expect(toHex(new FeeMap([[0n, DEFAULT_MINIMUM_FEE]]).digest)).toBe(digest);
});

test("the digests of larger fee maps are those of the public reference library", () => {
  const digest = (...entries: [bigint, bigint][]): string => toHex(new FeeMap(entries).digest);
  expect(digest([0n, 128n])).toBe("069fa9c7ed37607a73d8dd2cd6fd3d91b80b86b927725cfd016b3def5ad38f29");
  expect(digest([U64_MAX, U64_MAX - 127n], [1n, 1_024n], [8192n, 128n], [0n, DEFAULT_MINIMUM_FEE])).toBe(
    "9ada7c8170334ec00a9a5226abf41870d4f4c882aaeb48c69f0ba49ff8a6b9eb",
  );
});

test("the digest depends on every token and fee, and on no order", () => {
  const digest = (...entries: [bigint, bigint][]): string => toHex(new FeeMap(entries).digest);
  expect(digest([0n, 400_000_000n], [2n, 1_280n])).toBe(toHex(map.digest));
  expect(digest([0n, 400_000_000n], [2n, 1_408n])).not.toBe(toHex(map.digest));
  expect(digest([0n, 400_000_000n], [3n, 1_280n])).not.toBe(toHex(map.digest));
});

test("tokens are listed in ascending order with their fees", () => {
  expect(map.entries()).toEqual([
    [0n, 400_000_000n],
    [2n, 1_280n],
  ]);
  expect(map.minimum(amount(0n, 2n).tokenId)).toBe(1_280n);
  expect(map.minimum(amount(0n, 1n).tokenId)).toBeUndefined();
});

test("a minimum fee is a positive multiple of 128", () => {
  for (const fee of [0n, 127n, 129n, 400_000_001n]) {
    expectCode(() => new FeeMap([[0n, fee]]), "invalid-minimum-fee");
  }
  expect(new FeeMap([[0n, 128n]]).minimum(amount(0n).tokenId)).toBe(128n);
});

test("token 0 has a minimum fee, and numbers have 64 bits", () => {
  expectCode(() => new FeeMap([[1n, 128n]]), "missing-minimum-fee");
  expectCode(() => new FeeMap([]), "missing-minimum-fee");
  expectTypedError(() => new FeeMap([[0n, 1n << 64n]]), "out-of-range");
  expectTypedError(() => new FeeMap([[-1n, 128n]]), "out-of-range");
});

test("the minimum fee has priority 128, and each 128th of it counts one", () => {
  expect(map.priority(amount(1_280n, 2n))).toBe(128n);
  expect(map.priority(amount(1_289n, 2n))).toBe(128n);
  expect(map.priority(amount(1_290n, 2n))).toBe(129n);
  expect(map.priority(amount(9n, 2n))).toBe(0n);
  expect(map.priority(amount(9n, 1n))).toBeUndefined();
});

test("whatever the numbers, a fee is looked up and divided as the definition says", () => {
  const u64 = fc.oneof(fc.bigInt(0n, U64_MAX), fc.bigInt(0n, 1_000n), fc.bigInt(0xffff_ff00n, 0x1_0000_00ffn));
  const entry = fc.tuple(
    u64,
    u64.map((fee) => (fee / 128n || 1n) * 128n),
  );
  const entries = fc.array(entry, { maxLength: 20 });
  fc.assert(
    fc.property(entries, u64, u64, fc.nat(), (others, fee, stranger, pick) => {
      const all = new Map([[0n, 128n] as const, ...others]);
      const fees = new FeeMap(all);
      const [token = 0n] = [...all.keys()].slice(pick % all.size);
      for (const each of [token, stranger]) {
        const minimum = all.get(each);
        expect(fees.minimum(amount(0n, each).tokenId)).toBe(minimum);
        expect(fees.priority(amount(fee, each))).toBe(minimum && fee / (minimum / 128n));
      }
    }),
  );
});
