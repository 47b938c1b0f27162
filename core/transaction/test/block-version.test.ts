// Tests of block versions and the features they switch on.
import { expect, test } from "vitest";
import { BLOCK_VERSION_MAX, blockVersion, blockVersionFeatures } from "../src/index.ts";
import { expectCode } from "./typed-errors.ts";

test("the block versions are 0 to 4 and no others", () => {
  expect([0, 1, 2, 3, 4].map(blockVersion)).toEqual([0, 1, 2, 3, BLOCK_VERSION_MAX]);
  for (const version of [-1, 5, 1.5, Number.NaN, 2 ** 32]) {
    expectCode(() => blockVersion(version), "unknown-block-version");
  }
});

test("an unknown version switches on nothing: it is refused", () => {
  for (const version of [undefined, 5, -1, Number.NaN, "3"]) {
    expectCode(() => blockVersionFeatures(version as never), "unknown-block-version"); // As from a caller in JavaScript.
  }
});

test("each feature begins with its block version and stays", () => {
  const payments = { memos: 1, maskedTokenIds: 2, maskedAmountsV2: 3, sortedOutputs: 3, mixedTokens: 3, inputRules: 3 };
  const first = { ...payments, minting: 2, mintingToFog: 3 };
  for (const version of [0, 1, 2, 3, 4].map(blockVersion)) {
    const expected = Object.fromEntries(Object.entries(first).map(([name, from]) => [name, version >= from]));
    expect(blockVersionFeatures(version)).toEqual(expected);
  }
});
