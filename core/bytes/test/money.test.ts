// Tests of token ids, values and decimal amounts.
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMob, MOB, PICOMOB_PER_MOB, parseMob, tokenId, tokenValue, U64_MAX } from "../src/index.ts";

test("decimal amounts are read as picoMOB", () => {
  expect(parseMob("1.5")).toBe(1_500_000_000_000n);
  expect(parseMob("0")).toBe(0n);
  expect(parseMob("0.000000000001")).toBe(1n);
  expect(parseMob("007.10")).toBe(7_100_000_000_000n);
  expect(parseMob("18446744.073709551615")).toBe(U64_MAX);
});

test("amounts are written with as few digits as they need", () => {
  expect(formatMob(tokenValue(0n))).toBe("0");
  expect(formatMob(tokenValue(1n))).toBe("0.000000000001");
  expect(formatMob(tokenValue(PICOMOB_PER_MOB))).toBe("1");
  expect(formatMob(tokenValue(1_500_000_000_000n))).toBe("1.5");
});

test("every value survives its decimal text", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, U64_MAX), (n) => {
      expect(parseMob(formatMob(tokenValue(n)))).toBe(n);
    }),
  );
});

test("text that is no plain decimal number is refused", () => {
  const texts = ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "1_000", " 1", "1\n", "0x1", "１", "1.0000000000000"];
  for (const text of texts) {
    expect(() => parseMob(text)).toThrow(expect.objectContaining({ code: "invalid-amount" }));
  }
});

test("more than 64 bits of picoMOB is refused", () => {
  const message = "At most 18446744.073709551615 MOB can be written in 64 bits.";
  expect(() => parseMob("18446744.073709551616")).toThrow(expect.objectContaining({ code: "out-of-range", message }));
  expect(() => parseMob("99999999999999999999")).toThrow(expect.objectContaining({ code: "out-of-range" }));
});

test("token ids and values are unsigned 64-bit integers", () => {
  expect(MOB).toBe(0n);
  expect(tokenId(U64_MAX)).toBe(U64_MAX);
  for (const n of [-1n, U64_MAX + 1n]) {
    expect(() => tokenId(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    expect(() => tokenValue(n)).toThrow(expect.objectContaining({ code: "out-of-range" }));
  }
});
