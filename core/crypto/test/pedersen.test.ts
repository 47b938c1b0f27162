// Tests of Pedersen commitments.
import { fromHex, MOB, toHex, tokenId, tokenValue, U64_MAX } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { commit, valueGenerator } from "../src/index.ts";
import { scalars } from "./arbitraries.ts";
import { resultsOf } from "./watch-secrets.ts";

test("a published output's commitment opens to its value", () => {
  const blinding = fromHex("00d2937ca1abb419e88f80b390a3669200c0a05605207d42e026df4b64e32f0a");
  expect(toHex(commit({ value: tokenValue(10n), tokenId: MOB, blinding }))).toBe(
    "f8d1d80bb73745dd7ef9c8966540f9c21b291aff858c1ccc8a11ebb1c82a423e",
  );
});

test("a test network output's commitment opens to its value", () => {
  const blinding = fromHex("433be1ae49bc0811d645bd05368e1098d67d164b874be1f450c73f4acb9b4a04");
  expect(toHex(commit({ value: tokenValue(605599997600n), tokenId: MOB, blinding }))).toBe(
    "fa882d4d353612fa30518e3c31e57d4d83cdfb1456d1a9b1a08037a60bd88d29",
  );
});

test("another token's commitment opens with that token only", () => {
  const blinding = fromHex("abf11c9601153bea4ce69878daa8c836efde759c32d95d4cbe36a5c6b2d63803");
  const value = tokenValue(1475000000000n);
  const commitment = "8607908eeddee1db0d117494cb8ef94cf9b9e496878fc492d22177a9f844204f";
  expect(toHex(commit({ value, tokenId: tokenId(1n), blinding }))).toBe(commitment);
  expect(toHex(commit({ value, tokenId: MOB, blinding }))).not.toBe(commitment);
});

test("zero value, zero blinding and both are legal", () => {
  const zero = new Uint8Array(32);
  const one = new Uint8Array(32).fill(1, 0, 1);
  expect(commit({ value: tokenValue(0n), tokenId: MOB, blinding: zero })).toEqual(zero);
  expect(commit({ value: tokenValue(1n), tokenId: MOB, blinding: zero })).toEqual(valueGenerator(MOB));
  expect(commit({ value: tokenValue(0n), tokenId: MOB, blinding: one })).toEqual(kernel().ristretto.multiplyBase(one));
});

test("commitments add up", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, U64_MAX / 2n), fc.bigInt(0n, U64_MAX / 2n), scalars, scalars, (v, w, b, c) => {
      const sum = commit({ value: tokenValue(v + w), tokenId: MOB, blinding: kernel().scalars.add(b, c) });
      const parts = [
        commit({ value: tokenValue(v), tokenId: MOB, blinding: b }),
        commit({ value: tokenValue(w), tokenId: MOB, blinding: c }),
      ] as const;
      expect(kernel().ristretto.add(...parts)).toEqual(sum);
    }),
    { numRuns: 20 },
  );
});

test("a blinding that is no canonical scalar is refused", () => {
  for (const [blinding, code] of [
    [new Uint8Array(32).fill(0xff), "invalid-scalar"],
    [new Uint8Array(31), "invalid-length"],
  ] as const) {
    expect(() => commit({ value: tokenValue(1n), tokenId: MOB, blinding })).toThrow(expect.objectContaining({ code }));
  }
});

test("the two halves, either of which gives the value away, are wiped", () => {
  const blinding = new Uint8Array(32).fill(1);
  const make = (): unknown => commit({ value: tokenValue(5n), tokenId: MOB, blinding });
  expect(resultsOf("ristretto", "multiply", make)).toEqual([new Uint8Array(32)]);
  expect(resultsOf("ristretto", "multiplyBase", make)).toEqual([new Uint8Array(32)]);
  expect(blinding).toEqual(new Uint8Array(32).fill(1));
});
