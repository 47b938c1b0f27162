// Tests of offers: each breaks one rule of a valid one, signs it where it can be signed, and gets that rule's name.
import { Secret } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  type BlockVersion,
  type ClaimedTxOut,
  type InputRules,
  maskAmount,
  type SignedContingentInput,
  validateSignedContingentInput,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { makeOutput, open } from "../validation/valid-transaction.ts";
import { CHANGE, claim, makeOffer, PARTIAL, REQUIRED, SWAP } from "./offers.ts";

const swap = makeOffer(SWAP);
const resultOf = (change: Partial<SignedContingentInput>): string =>
  validateSignedContingentInput({ ...swap, ...change });
const withRules = (change: Partial<InputRules>): string =>
  validateSignedContingentInput(makeOffer({ ...PARTIAL, ...change }));

test("an offer is valid, whole or in parts", () => {
  expect(resultOf({})).toBe("valid");
  expect(withRules({})).toBe("valid");
});

describe("what is signed", () => {
  test("is refused before block version 3", () => {
    for (const blockVersion of [0, 1, 2] as const satisfies readonly BlockVersion[]) {
      expect(resultOf({ blockVersion })).toBe("input-rules-not-allowed");
    }
    expect(resultOf({ blockVersion: 3 })).toBe("valid");
  });

  test("has one index for each ring member", () => {
    const { txOutGlobalIndices } = swap;
    expect(resultOf({ txOutGlobalIndices: txOutGlobalIndices.slice(1) })).toBe("wrong-number-of-global-indices");
    const more = [...txOutGlobalIndices, 7n];
    expect(resultOf({ txOutGlobalIndices: more })).toBe("wrong-number-of-global-indices");
  });

  test("has rules", () => {
    expect(resultOf({ txIn: { ...swap.txIn, inputRules: undefined } })).toBe("missing-rules");
  });

  test("is ring, rules and pseudo-output, but no membership proof", () => {
    const invalid = "invalid-signature";
    const { txIn, pseudoOutputAmount: spent } = swap;
    expect(resultOf({ txIn: { ...txIn, inputRules: { ...SWAP, maxTombstoneBlock: 9n } } })).toBe(invalid);
    expect(resultOf({ txIn: { ...txIn, ring: [...txIn.ring].reverse() } })).toBe(invalid);
    expect(resultOf({ pseudoOutputAmount: { ...spent, ...amount(1_001n, 1n) } })).toBe(invalid);
    expect(resultOf({ pseudoOutputAmount: { ...spent, ...amount(1_000n, 2n) } })).toBe(invalid);
    expect(resultOf({ pseudoOutputAmount: { ...spent, blinding: new Secret(new Uint8Array(32)) } })).toBe(invalid);
    expect(resultOf({ mlsag: { ...swap.mlsag, cZero: new Uint8Array(32) } })).toBe(invalid);
    expect(resultOf({ mlsag: { ...swap.mlsag, responses: [] } })).toBe("length-mismatch");
    const keyImage = new Uint8Array(32).fill(0xff);
    expect(resultOf({ mlsag: { ...swap.mlsag, keyImage } })).toBe("invalid-key-image");
    const proof = { index: 0n, highestIndex: 0n, elements: [] };
    expect(resultOf({ txIn: { ...txIn, proofs: [proof] } })).toBe("valid");
  });
});

describe("required outputs", () => {
  test("have one amount each", () => {
    const [one] = swap.requiredOutputAmounts;
    if (one === undefined) throw new Error("There is one.");
    expect(resultOf({ requiredOutputAmounts: [] })).toBe("wrong-number-of-required-output-amounts");
    expect(resultOf({ requiredOutputAmounts: [one, one] })).toBe("wrong-number-of-required-output-amounts");
  });

  test("are opened by their amounts", () => {
    const right = open(REQUIRED);
    const wrong = [{ ...right, ...amount(6n) }, { ...right, ...amount(5n, 1n) }, open(CHANGE)];
    for (const each of wrong) {
      expect(resultOf({ requiredOutputAmounts: [each] })).toBe("required-output-mismatch");
    }
  });
});

describe("partial fills", () => {
  const random = seeded(43);
  const zero = (token: bigint): ClaimedTxOut => claim(makeOutput(4, amount(0n, token), random));
  const damaged = (claimed: ClaimedTxOut, length: number): ClaimedTxOut => ({
    ...claimed,
    amountSharedSecret: new Uint8Array(length),
  });
  const old = maskAmount(2, amount(1_000n, 1n), CHANGE.sharedSecret);

  test("have a change that can be opened, is not zero and not below the least", () => {
    const change = claim(CHANGE);
    expect(withRules({ partialFillChange: damaged(change, 31) })).toBe("invalid-amount-shared-secret");
    expect(withRules({ partialFillChange: damaged(change, 32) })).toBe("amount-not-opened");
    const version1 = { ...change, txOut: { ...change.txOut, maskedAmount: old } };
    expect(withRules({ partialFillChange: version1 })).toBe("amount-not-opened");
    expect(withRules({ partialFillChange: zero(1n), minPartialFillValue: 0n })).toBe("zero-partial-fill-change");
    expect(withRules({ minPartialFillValue: 1_000n })).toBe("valid");
    expect(withRules({ minPartialFillValue: 1_001n })).toBe("min-partial-fill-value-exceeds-partial-change");
  });

  test("have outputs that can be opened and are not zero", () => {
    const [price] = PARTIAL.partialFillOutputs;
    if (price === undefined) throw new Error("There is one.");
    expect(withRules({ partialFillOutputs: [damaged(price, 0)] })).toBe("invalid-amount-shared-secret");
    expect(withRules({ partialFillOutputs: [price, damaged(price, 32)] })).toBe("amount-not-opened");
    expect(withRules({ partialFillOutputs: [price, zero(0n)] })).toBe("zero-partial-fill-output");
  });

  test("say nothing without a change", () => {
    const none = { partialFillChange: undefined };
    expect(withRules(none)).toBe("missing-partial-fill-change");
    expect(withRules({ ...none, minPartialFillValue: 0n })).toBe("missing-partial-fill-change");
    expect(withRules({ ...none, partialFillOutputs: [] })).toBe("missing-partial-fill-change");
    expect(withRules({ ...none, partialFillOutputs: [], minPartialFillValue: 0n })).toBe("valid");
  });
});
