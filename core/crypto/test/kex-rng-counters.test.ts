// Tests of the plain counter map against an ordinary map.
import { toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { KexRngCounters } from "../src/index.ts";

const name = (first: number, last: number): Uint8Array => {
  const bytes = new Uint8Array(32);
  bytes[0] = first;
  bytes[31] = last;
  return bytes;
};
// Few first bytes, so that names share buckets.
const names = fc.tuple(fc.nat(2), fc.nat(3)).map(([first, last]) => name(first, last));

test("each name counts for itself from zero", () => {
  fc.assert(
    fc.property(fc.array(names, { maxLength: 60 }), (calls) => {
      const counters = new KexRngCounters({ capacity: 12 });
      const model = new Map<string, bigint>();
      for (const call of calls) {
        const expected = model.get(toHex(call)) ?? 0n;
        expect(counters.next(call)).toBe(expected);
        model.set(toHex(call), expected + 1n);
      }
    }),
  );
});

test("a full map refuses new names and goes on counting the old ones", () => {
  const counters = new KexRngCounters({ capacity: 2 });
  counters.next(name(1, 0));
  counters.next(name(1, 1));
  for (const other of [name(1, 2), name(2, 0)]) {
    expect(() => counters.next(other)).toThrow(
      expect.objectContaining({ name: "CryptoError", code: "kex-rng-counters-full" }),
    );
  }
  expect(counters.next(name(1, 0))).toBe(1n);
});

test("names are copied, so a caller may wipe its own", () => {
  const counters = new KexRngCounters({ capacity: 2 });
  const mine = name(1, 1);
  counters.next(mine);
  mine.fill(0);
  expect(counters.next(name(1, 1))).toBe(1n);
  expect(counters.next(mine)).toBe(0n);
});

test("wiping a map overwrites its names, which are shared secrets", () => {
  const counters = new KexRngCounters({ capacity: 3 });
  for (const each of [name(1, 1), name(1, 2), name(2, 1)]) counters.next(each);
  const fill = vi.spyOn(Uint8Array.prototype, "fill");
  counters.wipe();
  const wiped: unknown[] = fill.mock.contexts;
  fill.mockRestore();
  expect(wiped).toEqual([new Uint8Array(32), new Uint8Array(32), new Uint8Array(32)]);
});

test("a wiped map is empty and can be used again", () => {
  const counters = new KexRngCounters({ capacity: 1 });
  counters.next(name(1, 0));
  counters.wipe();
  expect(counters.next(name(2, 0))).toBe(0n);
  expect(() => counters.next(name(1, 0))).toThrow(expect.objectContaining({ code: "kex-rng-counters-full" }));
});
