// Known answers of the generators.
import { toHex, tokenId } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { expect, test } from "vitest";
import { BASE_POINT, valueGenerator } from "../src/index.ts";
import { resultsOf } from "./watch-secrets.ts";

const KNOWN: readonly (readonly [bigint, string])[] = [
  [0n, "806024d8f41f25e280a0ca45fa2fa28c0529f7b0cbaf182dc195fa23cc58c82b"],
  [1n, "6e736cab24540ffd7a74ea23db4d394e3a8290c2d62cf944c56dd63669cc593b"],
  [2n, "56128cfeda755fa5ab569eefb26128bffd652c860927738158ab93e40a7d1746"],
  [8192n, "68481a0a0ed5252b3d030f6e5f015fe647ffb83aa4b798361111036b29286272"],
];

test("value generators are the recorded ones, the first time and again", () => {
  for (const [token, generator] of [...KNOWN, ...KNOWN]) {
    expect(toHex(valueGenerator(tokenId(token)))).toBe(generator);
  }
});

test("the base point is the kernel's", () => {
  const one = new Uint8Array(32);
  one[0] = 1;
  expect(BASE_POINT).toEqual(kernel().ristretto.multiplyBase(one));
});

test("a caller that changes its generator changes nobody else's", () => {
  valueGenerator(tokenId(1n)).fill(0);
  valueGenerator(tokenId(1n)).fill(0);
  expect(toHex(valueGenerator(tokenId(1n)))).toBe(KNOWN[1]?.[1]);
});

const timesComputed = (token: bigint): number =>
  resultsOf("ristretto", "oneWayMap", () => valueGenerator(tokenId(token))).length;

test("a generator is computed once, and many tokens push the oldest out", () => {
  for (let i = 100n; i < 164n; i++) {
    valueGenerator(tokenId(i));
  }
  expect([timesComputed(77n), timesComputed(77n)]).toEqual([1, 0]);
  for (let i = 100n; i < 164n; i++) {
    valueGenerator(tokenId(i));
  }
  expect(timesComputed(77n)).toBe(1);
});

test("the random token ids of other people's outputs push nothing out", () => {
  valueGenerator(tokenId(77n));
  for (let i = 0n; i < 64n; i++) {
    valueGenerator(tokenId(0x1_0000_0000_0000n + i));
  }
  expect(timesComputed(77n)).toBe(0);
  expect(timesComputed(0x1_0000_0000_0000n)).toBe(1);
});
