// How often what a session proposes is not valid.
import { expect, test } from "vitest";
import { TX_FAILURES_MAX } from "../../src/limits.ts";
import { Sessions } from "../../src/replica/sessions.ts";

test("a session with too many failures within half a minute must end", () => {
  const sessions = new Sessions();
  for (let i = 0; i < TX_FAILURES_MAX; i++) expect(sessions.fail("a", 0)).toBe(false);
  expect(sessions.fail("a", 29_999)).toBe(true);
  expect(sessions.fail("a", 29_999)).toBe(false); // Whoever comes back begins anew.
});

test("failures of long ago do not count", () => {
  const sessions = new Sessions();
  for (let i = 0; i < TX_FAILURES_MAX; i++) sessions.fail("a", 0);
  expect(sessions.fail("a", 30_000)).toBe(false);
});
