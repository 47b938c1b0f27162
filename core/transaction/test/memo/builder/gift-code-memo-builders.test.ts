// Tests of the rules of the three gift code builders.
import { U64_MAX } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  GiftCodeCancellationMemoBuilder,
  GiftCodeFundingMemoBuilder,
  GiftCodeSenderMemoBuilder,
  MEMO_FEE_MAX,
  type MemoBuilder,
} from "../../../src/index.ts";
import { amount, fixed } from "../../fixtures.ts";
import { expectCode, expectTypedError } from "../../typed-errors.ts";
import { change, onChange, onOutput, payment } from "./builder-context.ts";

/** A builder ready for its change output. */
const ready: readonly { readonly name: string; readonly create: () => MemoBuilder }[] = [
  {
    name: "funding",
    create: () => {
      const builder = new GiftCodeFundingMemoBuilder({ note: "" });
      builder.memoForOutput(payment(1n));
      return builder;
    },
  },
  { name: "sender", create: () => new GiftCodeSenderMemoBuilder({ note: "" }) },
  { name: "cancellation", create: () => new GiftCodeCancellationMemoBuilder({ globalIndex: 0n }) },
];

describe.each(ready)("every gift code builder, here $name,", ({ create }) => {
  test("assumes a fee of 400 000 000 picoMOB and tells the one it is set to", () => {
    expect(onChange(create(), change(1n))).toMatchObject({ fee: 400_000_000n });
    const builder = create();
    builder.setFee(amount(MEMO_FEE_MAX));
    expect(onChange(builder, change(1n))).toMatchObject({ fee: MEMO_FEE_MAX });
  });

  test("refuses a fee beyond 56 bits at once, and one below 0", () => {
    expectCode(() => create().setFee(amount(MEMO_FEE_MAX + 1n)), "fee-too-large");
    const negative = { ...amount(0n), value: -1n as never }; // Not what the type promises.
    expectTypedError(() => create().setFee(negative), "out-of-range");
  });

  test("writes one change, of the fee's token, and then keeps its fee", () => {
    const builder = create();
    expectCode(() => builder.memoForChange(change(1n, 1n)), "mixed-token-ids");
    builder.memoForChange(change(1n));
    expectCode(() => builder.memoForChange(change(1n)), "multiple-change-outputs");
    expectCode(() => builder.setFee(amount(1n)), "fee-after-change");
  });
});

describe("funding", () => {
  test("leaves the gift unmarked and points at it from the change", () => {
    const builder = new GiftCodeFundingMemoBuilder({ note: "for you" });
    builder.setFee(amount(9n));
    expect(onOutput(builder, payment(100n))).toEqual({ kind: "unused" });
    expect(onChange(builder, change(5n))).toEqual({
      kind: "gift-code-funding",
      giftHash: fixed("ff016678", 4),
      fee: 9n,
      note: "for you",
    });
  });

  test("needs exactly one gift, before the change", () => {
    const builder = new GiftCodeFundingMemoBuilder({ note: "" });
    expectCode(() => builder.memoForChange(change(1n)), "missing-output");
    builder.memoForOutput(payment(1n));
    expectCode(() => builder.memoForOutput(payment(1n)), "multiple-outputs");
    builder.memoForChange(change(1n));
    expectCode(() => builder.memoForOutput(payment(1n)), "outputs-after-change");
  });

  test("takes a note of 53 bytes and no more", () => {
    new GiftCodeFundingMemoBuilder({ note: "n".repeat(53) });
    expectCode(() => new GiftCodeFundingMemoBuilder({ note: "n".repeat(54) }), "memo-too-long");
  });
});

describe("sending and cancelling", () => {
  test("mark the change only", () => {
    const sender = new GiftCodeSenderMemoBuilder({ note: "thank you" });
    expectCode(() => sender.memoForOutput(payment(1n)), "output-not-allowed");
    expect(onChange(sender, change(1n))).toMatchObject({ kind: "gift-code-sender", note: "thank you" });
    const cancellation = new GiftCodeCancellationMemoBuilder({ globalIndex: U64_MAX });
    expectCode(() => cancellation.memoForOutput(payment(1n)), "output-not-allowed");
    expect(onChange(cancellation, change(1n))).toMatchObject({ kind: "gift-code-cancellation", globalIndex: U64_MAX });
  });

  test("take a note of 57 bytes and an index of 64 bits, and no more", () => {
    new GiftCodeSenderMemoBuilder({ note: "n".repeat(57) });
    expectCode(() => new GiftCodeSenderMemoBuilder({ note: "n".repeat(58) }), "memo-too-long");
    expectTypedError(() => new GiftCodeCancellationMemoBuilder({ globalIndex: U64_MAX + 1n }), "out-of-range");
  });
});
