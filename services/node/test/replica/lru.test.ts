// Bounded memory.
import { expect, test } from "vitest";
import { Lru } from "../../src/replica/lru.ts";

test("what was used longest ago makes room", () => {
  const evicted: string[] = [];
  const lru = new Lru<string, number>(2, (key) => evicted.push(key));
  lru.set("a", 1);
  lru.set("b", 2);
  expect(lru.get("a")).toBe(1);
  lru.set("c", 3);
  expect(evicted).toEqual(["b"]);
  expect([lru.has("a"), lru.has("b"), lru.has("c"), lru.size]).toEqual([true, false, true, 2]);
});

test("looking whether something is there does not use it", () => {
  const lru = new Lru<string, number>(1);
  lru.set("a", 1);
  lru.has("a");
  lru.set("b", 2);
  expect(lru.get("a")).toBeUndefined();
  lru.delete("b");
  expect(lru.size).toBe(0);
});
