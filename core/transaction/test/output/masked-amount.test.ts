// Tests of masked amounts of both versions against published and computed values.
import { fromHex, le64, readLe64, Secret, toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  amountSharedSecret,
  type BlockVersion,
  type MaskedAmount,
  maskAmount,
  maskAmountV2,
  tryUnmaskAmount,
  unmaskAmount,
} from "../../src/index.ts";
import { amounts, bytesOfLength } from "../arbitraries.ts";
import { amount } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";
import { KNOWN_OUTPUTS, TESTNET_OUTPUTS } from "./known-outputs.ts";

const secretOf = (bytes: Uint8Array): Secret => new Secret(bytes.slice());

test.each(KNOWN_OUTPUTS)("the known amount is masked and unmasked: $name", (known) => {
  const sharedSecret = new Secret(fromHex(known.sharedSecret));
  const masked = maskAmount(known.blockVersion, amount(known.value, known.tokenId), sharedSecret);
  expect(masked.version).toBe(known.blockVersion < 3 ? 1 : 2);
  expect(toHex(masked.commitment)).toBe(known.commitment);
  expect(toHex(le64(masked.maskedValue))).toBe(known.maskedValue);
  expect(toHex(masked.maskedTokenId)).toBe(known.maskedTokenId);
  const unmasked = unmaskAmount(masked, sharedSecret);
  expect(unmasked).toMatchObject({ value: known.value, tokenId: known.tokenId });
  expect(toHex(unmasked.blinding.expose())).toBe(known.blinding);
});

test.each(TESTNET_OUTPUTS)("the amount of $name on the test network opens", (known) => {
  const masked: MaskedAmount = {
    version: 2,
    commitment: compressedPoint(fromHex(known.commitment)),
    maskedValue: known.maskedValue,
    maskedTokenId: fromHex(known.maskedTokenId),
  };
  const unmasked = unmaskAmount(masked, new Secret(fromHex(known.sharedSecret)));
  expect(unmasked).toMatchObject({ value: known.value, tokenId: 0n });
  expect(toHex(unmasked.blinding.expose())).toBe(known.blinding);
  const amountSecret = new Secret(fromHex(known.amountSharedSecret));
  expect(maskAmountV2(amount(known.value), amountSecret)).toEqual(masked);
});

test("any amount of any token survives masking from block version 2 on", () => {
  const versions = fc.constantFrom<BlockVersion>(2, 3, 4);
  fc.assert(
    fc.property(versions, amounts, bytesOfLength(32), (version, plain, secret) => {
      const masked = maskAmount(version, plain, secretOf(secret));
      expect(masked.maskedTokenId.length).toBe(8);
      expect(unmaskAmount(masked, secretOf(secret))).toMatchObject(plain);
    }),
    { numRuns: 200 },
  );
});

test("before block version 2 there is no masked token id and only token 0", () => {
  const secret = new Secret(new Uint8Array(32).fill(7));
  for (const version of [0, 1] as const) {
    const masked = maskAmount(version, amount(5n), secret);
    expect(masked).toMatchObject({ version: 1, maskedTokenId: new Uint8Array(0) });
    expect(unmaskAmount(masked, secret)).toMatchObject({ value: 5n, tokenId: 0n });
    expectCode(() => maskAmount(version, amount(5n, 1n), secret), "token-not-allowed");
  }
});

test("the blinding and the masks of two outputs differ, those of one output and another amount are equal", () => {
  const first = new Secret(new Uint8Array(32).fill(1));
  const second = new Secret(new Uint8Array(32).fill(2));
  const one = maskAmount(3, amount(5n), first);
  expect(maskAmount(3, amount(5n), second).commitment).not.toEqual(one.commitment);
  const replaced = maskAmountV2(amount(9n), amountSharedSecret(first));
  expect(replaced.maskedValue ^ one.maskedValue).toBe(5n ^ 9n);
  expect(replaced.maskedTokenId).toEqual(one.maskedTokenId);
  expect(unmaskAmount(replaced, first).blinding.equals(unmaskAmount(one, first).blinding)).toBe(true);
});

test("another secret, value, token id, version or commitment does not open the commitment", () => {
  const secret = new Secret(new Uint8Array(32).fill(3));
  for (const version of [2, 3] as const) {
    const masked = maskAmount(version, amount(1000n, 5n), secret);
    const other = new Secret(new Uint8Array(32).fill(4));
    expect(tryUnmaskAmount(masked, other)).toBeUndefined();
    expectCode(() => unmaskAmount(masked, other), "inconsistent-commitment");
    const changes: readonly Partial<MaskedAmount>[] = [
      { maskedValue: masked.maskedValue ^ 1n },
      { maskedTokenId: le64(readLe64(masked.maskedTokenId) ^ 1n) },
      { version: masked.version === 1 ? 2 : 1 },
      { commitment: compressedPoint(new Uint8Array(32)) },
    ];
    for (const change of changes) {
      expect(tryUnmaskAmount({ ...masked, ...change }, secret), Object.keys(change).join()).toBeUndefined();
    }
  }
});

test("a masked token id is 8 bytes, or none in version 1", () => {
  const secret = new Secret(new Uint8Array(32).fill(3));
  const masked = maskAmount(3, amount(1n), secret);
  for (const [version, length] of [
    [1, 7],
    [1, 9],
    [2, 0],
    [2, 7],
  ] as const) {
    const bad = { ...masked, version, maskedTokenId: new Uint8Array(length) };
    expectCode(() => unmaskAmount(bad, secret), "invalid-masked-amount");
  }
});

test("a zero value of token 0 is committed to like any other", () => {
  const secret = new Secret(new Uint8Array(32).fill(9));
  for (const version of [0, 2, 3] as const) {
    expect(unmaskAmount(maskAmount(version, amount(0n), secret), secret)).toMatchObject({ value: 0n, tokenId: 0n });
  }
});
