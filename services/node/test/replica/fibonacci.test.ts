// Delays between attempts.
import { expect, test } from "vitest";
import { RETRY_MS_MAX } from "../../src/limits.ts";
import { fibonacciDelay } from "../../src/replica/fibonacci.ts";

const always = (byte: number) => () => new Uint8Array([byte]);

test("delays are Fibonacci numbers of a second, at least half of each and at most all of it", () => {
  const longest = [1, 2, 3, 4, 5, 6].map((failures) => fibonacciDelay(failures, always(255)));
  expect(longest).toEqual([1_000, 1_000, 2_000, 3_000, 5_000, 8_000]);
  expect([1, 2, 3].map((failures) => fibonacciDelay(failures, always(0)))).toEqual([500, 500, 1_000]);
});

test("no delay is longer than the bound, however many attempts failed", () => {
  expect(fibonacciDelay(1_000_000, always(255))).toBe(RETRY_MS_MAX);
  expect(fibonacciDelay(3, always(255), 10)).toBe(20);
});
