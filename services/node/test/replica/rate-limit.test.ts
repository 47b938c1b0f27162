// How often somebody may speak.
import { expect, test } from "vitest";
import { RateLimit } from "../../src/replica/rate-limit.ts";

test("a burst is let through, then so many a second, each caller for himself", () => {
  const limit = new RateLimit<string>(10, 3);
  expect([1, 2, 3, 4].map(() => limit.allows("a", 0))).toEqual([true, true, true, false]);
  expect(limit.allows("b", 0)).toBe(true);
  expect([limit.allows("a", 99), limit.allows("a", 100), limit.allows("a", 100)]).toEqual([false, true, false]);
  expect([1, 2, 3, 4].map(() => limit.allows("a", 60_000))).toEqual([true, true, true, false]); // No more than a burst.
});
