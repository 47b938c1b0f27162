import { Secret, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { seedFromEntropy, slip10Key } from "../src/index.ts";
import { codeOf } from "./refusal.ts";

const zeroSeed = (): Secret => seedFromEntropy(new Secret(new Uint8Array(32)));

describe("slip10Key", () => {
  test("derives the key of the all-zero phrase", () => {
    const key = toHex(slip10Key(zeroSeed(), 0).expose());
    expect(key).toBe("609935c5958e0e8b21cba89bdfe6f372a42337314bf182da73c6fd324cf0e045");
  });

  test("every account index has its own key, and the top bit of an index is ignored", () => {
    const seed = zeroSeed();
    const key = (index: number): string => toHex(slip10Key(seed, index).expose());
    const distinct = [0, 1, 2, 0x7fff_ffff].map(key);
    expect(new Set(distinct).size).toBe(4);
    expect([0x8000_0000, 0x8000_0001, 0x8000_0002, 0xffff_ffff].map(key)).toEqual(distinct);
  });

  test("refuses a seed of another length", () => {
    for (const length of [0, 16, 32, 63, 65]) {
      expect(codeOf(() => slip10Key(new Secret(new Uint8Array(length)), 0))).toBe("bad-entropy-length");
    }
  });

  test("refuses indices that are no 32-bit integers", () => {
    for (const index of [-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => slip10Key(zeroSeed(), index))).toBe("out-of-range");
    }
  });
});
