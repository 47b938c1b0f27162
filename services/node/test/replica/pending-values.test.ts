// Values that wait for a slot.
import { expect, test } from "vitest";
import { PENDING_MAX, PENDING_PER_SESSION_MAX, PROPOSED_LENGTH_MAX, PROPOSED_VALUES_MAX } from "../../src/limits.ts";
import { PendingValues } from "../../src/replica/pending-values.ts";

test("values keep their order, and are there once", () => {
  const pending = new PendingValues();
  expect([pending.add("b", {}), pending.add("a", { at: 5 }), pending.add("b", {})]).toEqual([true, true, false]);
  expect(pending.first()).toEqual(["b", "a"]);
  expect([pending.delete("a"), pending.delete("a"), pending.size]).toEqual([{ at: 5 }, undefined, 1]);
});

test("a session takes no more than its share, and everybody waits when there is no room", () => {
  const pending = new PendingValues();
  for (let i = 0; i < PENDING_PER_SESSION_MAX; i++) pending.add(`greedy ${i}`, { session: "greedy" });
  expect([pending.isFullFor("greedy"), pending.isFullFor("other"), pending.isFullFor(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
  pending.delete("greedy 0");
  expect(pending.isFullFor("greedy")).toBe(false);
  for (let i = 0; pending.size < PENDING_MAX; i++) pending.add(`relayed ${i}`, {});
  expect([pending.isFullFor("greedy"), pending.isFullFor("other")]).toEqual([true, true]);
});

test("a node proposes the first of many", () => {
  const pending = new PendingValues();
  for (let i = 0; i < PROPOSED_VALUES_MAX + 10; i++) pending.add(`value ${i}`, {});
  expect(pending.first()).toHaveLength(PROPOSED_VALUES_MAX);
  expect(pending.values()).toHaveLength(PROPOSED_VALUES_MAX + 10);
});

test("of long values as many are proposed as the journal has room for, and at least one", () => {
  const pending = new PendingValues();
  const half = PROPOSED_LENGTH_MAX / 2;
  for (const digit of ["1", "2", "3"]) pending.add(digit.repeat(half), {});
  expect(pending.first()).toHaveLength(2);
  const single = new PendingValues();
  single.add("1".repeat(PROPOSED_LENGTH_MAX + 1), {});
  single.add("2", {});
  expect(single.first()).toHaveLength(1);
});
