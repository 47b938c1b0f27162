// Tests of the rules of the defragmentation builder.
import { U64_MAX } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { DefragmentationMemoBuilder } from "../../../src/index.ts";
import { amount } from "../../fixtures.ts";
import { expectCode, expectTypedError } from "../../typed-errors.ts";
import { change, onChange, onOutput, payment } from "./builder-context.ts";

test("the main output tells fee, outlay and id, the change only the id", () => {
  const builder = new DefragmentationMemoBuilder({ defragmentationId: 80n });
  builder.setFee(amount(10n));
  expect(onOutput(builder, payment(26n))).toEqual({
    kind: "defragmentation",
    fee: 10n,
    totalOutlay: 36n,
    defragmentationId: 80n,
  });
  expect(onChange(builder, change(0n))).toEqual({
    kind: "defragmentation",
    fee: 0n,
    totalOutlay: 0n,
    defragmentationId: 80n,
  });
});

test("the id is 0 and the fee 400 000 000 picoMOB unless told otherwise", () => {
  expect(onOutput(new DefragmentationMemoBuilder(), payment(1n))).toMatchObject({
    fee: 400_000_000n,
    totalOutlay: 400_000_001n,
    defragmentationId: 0n,
  });
});

test("the main output comes first, and each comes once", () => {
  const builder = new DefragmentationMemoBuilder();
  expectCode(() => builder.memoForChange(change(0n)), "missing-output");
  builder.memoForOutput(payment(1n));
  expectCode(() => builder.memoForOutput(payment(1n)), "multiple-outputs");
  builder.memoForChange(change(0n));
  expectCode(() => builder.memoForChange(change(0n)), "multiple-change-outputs");
});

test("the fee cannot change once the main output has named it", () => {
  const builder = new DefragmentationMemoBuilder();
  builder.memoForOutput(payment(1n));
  expectCode(() => builder.setFee(amount(1n)), "fee-after-output");
});

test("the change has value 0 and, like the main output, the fee's token", () => {
  const builder = new DefragmentationMemoBuilder();
  expectCode(() => builder.memoForOutput(payment(1n, { token: 1n })), "mixed-token-ids");
  builder.memoForOutput(payment(1n));
  expectCode(() => builder.memoForChange(change(1n)), "change-not-zero");
  expectCode(() => builder.memoForChange(change(0n, 1n)), "mixed-token-ids");
});

test("an id beyond 64 bits is refused", () => {
  expectTypedError(() => new DefragmentationMemoBuilder({ defragmentationId: U64_MAX + 1n }), "out-of-range");
});

test("outlays beyond 64 bits and fees beyond 56 are refused", () => {
  const builder = new DefragmentationMemoBuilder();
  expectCode(() => builder.memoForOutput(payment(U64_MAX)), "amount-too-large");
  builder.setFee(amount(1n << 56n));
  expectCode(() => builder.memoForOutput(payment(1n)), "fee-too-large");
});
