// Tests of the rules of the burn redemption builder.
import { burnAddress } from "@fogbow/core-account";
import { U64_MAX } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { BurnRedemptionMemoBuilder } from "../../../src/index.ts";
import { amount, fixed } from "../../fixtures.ts";
import { expectCode, expectTypedError } from "../../typed-errors.ts";
import { change, onChange, onOutput, payment } from "./builder-context.ts";

const data = new Uint8Array(64).fill(0xd7);
const burn = (value: bigint, token = 0n): ReturnType<typeof payment> =>
  payment(value, { token, recipient: burnAddress() });
const withDestination = (): BurnRedemptionMemoBuilder => new BurnRedemptionMemoBuilder({ data, destinationMemo: true });

test("the burn carries the 64 bytes, the change the burn address", () => {
  const builder = withDestination();
  builder.setFee(amount(10n));
  expect(onOutput(builder, burn(90n))).toEqual({ kind: "burn-redemption", data });
  expect(onChange(builder, change(5n))).toEqual({
    kind: "destination",
    recipientHash: fixed("121f1d80f93043f19ec0c0aee2e8c226", 16),
    recipientCount: 1,
    fee: 10n,
    totalOutlay: 100n,
  });
});

test("without destination memos the change says nothing", () => {
  const builder = new BurnRedemptionMemoBuilder({ data });
  builder.memoForOutput(burn(90n));
  expect(onChange(builder, change(5n, 77n))).toEqual({ kind: "unused" });
  builder.setFee(amount(1n));
});

test("nothing but one output to the burn address is allowed", () => {
  const builder = withDestination();
  expectCode(() => builder.memoForOutput(payment(1n)), "recipient-not-allowed");
  const withFog = payment(1n, { recipient: { ...burnAddress(), fogReportUrl: "fog://example.com" } });
  expectCode(() => builder.memoForOutput(withFog), "recipient-not-allowed");
  builder.memoForOutput(burn(1n));
  expectCode(() => builder.memoForOutput(burn(1n)), "multiple-outputs");
});

test("the change needs the burn before it, and comes once", () => {
  const builder = withDestination();
  expectCode(() => builder.memoForChange(change(1n)), "missing-output");
  builder.memoForOutput(burn(1n));
  builder.memoForChange(change(1n));
  expectCode(() => builder.memoForChange(change(1n)), "multiple-change-outputs");
  expectCode(() => builder.setFee(amount(1n)), "fee-after-change");
});

test("burn, fee and change are of one token", () => {
  for (const [burned, fee, rest] of [
    [1n, 0n, 0n],
    [0n, 1n, 0n],
    [0n, 0n, 1n],
  ] as const) {
    const builder = withDestination();
    builder.setFee(amount(1n, fee));
    builder.memoForOutput(burn(1n, burned));
    expectCode(() => builder.memoForChange(change(1n, rest)), "mixed-token-ids");
  }
});

test("outlays beyond 64 bits and fees beyond 56 are refused", () => {
  const builder = withDestination();
  builder.setFee(amount(1n));
  builder.memoForOutput(burn(U64_MAX));
  expectCode(() => builder.memoForChange(change(1n)), "amount-too-large");
  const expensive = withDestination();
  expensive.setFee(amount(1n << 56n));
  expensive.memoForOutput(burn(1n));
  expectCode(() => expensive.memoForChange(change(1n)), "fee-too-large");
});

test("the data has 64 bytes, and later changes to them do not count", () => {
  expectTypedError(() => new BurnRedemptionMemoBuilder({ data: new Uint8Array(63) }), "invalid-length");
  for (const own of [data.slice(), Buffer.from(data)]) {
    const builder = new BurnRedemptionMemoBuilder({ data: own });
    own.fill(0);
    expect(onOutput(builder, burn(1n))).toEqual({ kind: "burn-redemption", data });
  }
});
