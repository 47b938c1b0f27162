// Tests of encoded unmasked amounts.
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { encodeMessage, UnmaskedAmountSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUnmaskedAmount, encodeUnmaskedAmount } from "../../src/index.ts";
import { amounts, privateKeys } from "../arbitraries.ts";
import { amount } from "../fixtures.ts";
import { expectTotal, expectTypedError } from "../typed-errors.ts";

const blinding = (): Secret => new Secret(new Uint8Array(32).fill(1));

test("the bytes are two fixed integers and a wrapped scalar, zeros left out", () => {
  expect(toHex(encodeUnmaskedAmount({ ...amount(5n, 2n), blinding: blinding() }))).toBe(
    `090500000000000000110200000000000000${"1a220a20"}${"01".repeat(32)}`,
  );
  expect(toHex(encodeUnmaskedAmount({ ...amount(0n), blinding: blinding() }))).toBe(`1a220a20${"01".repeat(32)}`);
});

test("every unmasked amount survives", () => {
  fc.assert(
    fc.property(amounts, privateKeys, (plain, key) => {
      const decoded = decodeUnmaskedAmount(encodeUnmaskedAmount({ ...plain, blinding: key }));
      expect(decoded).toMatchObject(plain);
      expect(decoded.blinding.equals(key)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("a blinding beyond the group order is reduced, not refused", () => {
  const data = fromHex("efd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  const decoded = decodeUnmaskedAmount(encodeMessage(UnmaskedAmountSchema, { blinding: { data } }));
  expect(toHex(decoded.blinding.expose())).toBe(`02${"00".repeat(31)}`);
});

test("a blinding is required and has 32 bytes", () => {
  expectTypedError(() => decodeUnmaskedAmount(new Uint8Array(0)), "missing-field");
  const short = encodeMessage(UnmaskedAmountSchema, { blinding: { data: new Uint8Array(31) } });
  expectTypedError(() => decodeUnmaskedAmount(short), "wrong-length");
});

test("any bytes are an unmasked amount or a typed error", () => {
  const valid = encodeUnmaskedAmount({ ...amount(5n, 2n), blinding: blinding() });
  expectTotal(valid, decodeUnmaskedAmount, encodeUnmaskedAmount);
});
