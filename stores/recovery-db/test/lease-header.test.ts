import { expect, test } from "vitest";
import { leaseFromHeader, leaseToHeader } from "../src/lease-header.ts";

test("a lease comes out of its header as it went in", () => {
  const lease = { name: "overseer", holder: "b2d1-44" };
  expect(leaseFromHeader(leaseToHeader(lease))).toEqual(lease);
  expect(leaseFromHeader(null)).toBeUndefined();
});

test("a header that is no lease is refused", () => {
  const refused = expect.objectContaining({ code: "invalid-argument" });
  for (const text of ["", "overseer", "overseer ", " me", "a b c", "a\tb c", `overseer ${"x".repeat(201)}`]) {
    expect(() => leaseFromHeader(text)).toThrow(refused);
  }
  expect(() => leaseToHeader({ name: "two words", holder: "me" })).toThrow(refused);
});
