// Callers in turn.
import { expect, test } from "vitest";
import { FairQueue } from "../../src/replica/fair-queue.ts";

test("whoever wants much waits for himself, not others for him", () => {
  const queue = new FairQueue<string>(100);
  for (let i = 0; i < 10; i++) queue.add("greedy", `g${i}`);
  queue.add("modest", "m0");
  queue.add("other", "o0");
  queue.add("modest", "m1");
  expect(queue.take(6)).toEqual(["g0", "m0", "o0", "g1", "m1", "g2"]);
  expect(queue.length).toBe(7);
});

test("the turn goes on where it stopped", () => {
  const queue = new FairQueue<string>(100);
  for (const caller of ["a", "b", "c"]) for (const n of [1, 2]) queue.add(caller, `${caller}${n}`);
  expect([queue.take(2), queue.take(2), queue.take(9)]).toEqual([
    ["a1", "b1"],
    ["c1", "a2"],
    ["b2", "c2"],
  ]);
  expect(queue.take(1)).toEqual([]);
});

test("a full queue takes nothing", () => {
  const queue = new FairQueue<number>(2);
  expect([queue.add("a", 1), queue.add("b", 2), queue.add("c", 3)]).toEqual([true, true, false]);
});
