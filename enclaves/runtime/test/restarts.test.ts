import { expect, test } from "vitest";
import { Restarts } from "../src/host/restarts.ts";

test("restarts wait twice as long each time, up to a bound, and end", () => {
  const restarts = new Restarts(9, 100);
  const waits = Array.from({ length: 10 }, () => restarts.crashed());
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, undefined]);
});

test("a stable run makes up for earlier crashes, once", () => {
  let now = 0;
  const restarts = new Restarts(2, 100, () => now);
  expect([restarts.crashed(), restarts.crashed()]).toEqual([100, 200]);
  restarts.ready();
  now += 60_000;
  expect([restarts.crashed(), restarts.crashed(), restarts.crashed()]).toEqual([100, 200, undefined]);
});

test("a run that ends just before it is stable counts", () => {
  let now = 0;
  const restarts = new Restarts(1, 100, () => now);
  restarts.crashed();
  restarts.ready();
  now += 59_999;
  expect(restarts.crashed()).toBeUndefined();
});

test("starts that never become ready end, however long they take", () => {
  let now = 0;
  const restarts = new Restarts(3, 100, () => now);
  restarts.ready();
  const waits = Array.from({ length: 5 }, () => {
    const wait = restarts.crashed();
    now += 100_000;
    return wait;
  });
  expect(waits).toEqual([100, 200, 400, undefined, undefined]);
});
