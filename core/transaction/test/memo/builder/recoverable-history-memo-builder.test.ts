// Tests of the rules of the recoverable-history builder, event by event.
import { publicAddress, shortAddressHash, subaddress } from "@fogbow/core-account";
import { U64_MAX } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { RecoverableHistoryMemoBuilder, senderCredential, verifySenderMemo } from "../../../src/index.ts";
import { alice, amount, bob, root0, zeros } from "../../fixtures.ts";
import { expectCode, expectTypedError } from "../../typed-errors.ts";
import { change, OUTPUT_KEY, onChange, onOutput, payment } from "./builder-context.ts";

const DEFAULT_FEE = 400_000_000n;
const credential = senderCredential(alice());
const bobHash = shortAddressHash(publicAddress(bob()));
const both = { paymentRequestId: 1n, paymentIntentId: 2n };

describe("payments", () => {
  test("get an unused memo without a credential, even with payment ids", () => {
    for (const options of [{}, { paymentRequestId: 1n }, { paymentIntentId: 1n }, both]) {
      expect(onOutput(new RecoverableHistoryMemoBuilder(options), payment(5n))).toEqual({ kind: "unused" });
    }
  });

  test("get the sender memo that the payment ids call for, and it validates", () => {
    const cases = [
      [{}, { kind: "authenticated-sender" }],
      [{ paymentRequestId: 7n }, { kind: "authenticated-sender-with-payment-request-id", paymentRequestId: 7n }],
      [{ paymentIntentId: 0n }, { kind: "authenticated-sender-with-payment-intent-id", paymentIntentId: 0n }],
    ] as const;
    for (const [ids, expected] of cases) {
      const builder = new RecoverableHistoryMemoBuilder({ credential, ...ids });
      expect(onOutput(builder, payment(5n))).toMatchObject({ ...expected, senderHash: credential.addressHash });
      const check = {
        payload: builder.memoForOutput(payment(5n)),
        sender: publicAddress(alice()),
        subaddressViewPrivateKey: subaddress(bob(), 0n).viewPrivateKey,
        txOutPublicKey: OUTPUT_KEY,
      };
      expect(verifySenderMemo(check)).toBe(true);
    }
  });

  test("with a credential and both payment ids are refused", () => {
    const builder = new RecoverableHistoryMemoBuilder({ credential, ...both });
    expectCode(() => builder.memoForOutput(payment(5n)), "conflicting-payment-ids");
  });

  test("must share one token", () => {
    const builder = new RecoverableHistoryMemoBuilder({});
    builder.memoForOutput(payment(5n, { token: 1n }));
    expectCode(() => builder.memoForOutput(payment(5n)), "mixed-token-ids");
  });

  test("must sum to 64 bits", () => {
    const builder = new RecoverableHistoryMemoBuilder({});
    builder.memoForOutput(payment(U64_MAX));
    builder.memoForOutput(payment(0n));
    expectCode(() => builder.memoForOutput(payment(1n)), "amount-too-large");
  });

  test("of less than nothing are refused, the first one too", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    const negative = { ...payment(0n), amount: { ...amount(0n), value: -1n as never } }; // Not what the type promises.
    expectTypedError(() => builder.memoForOutput(negative), "out-of-range");
    expect(onChange(builder, change(0n))).toMatchObject({ recipientCount: 0, totalOutlay: DEFAULT_FEE });
  });

  test("are at most 255", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    for (let i = 0; i < 255; i++) {
      builder.memoForOutput(payment(1n));
    }
    expectCode(() => builder.memoForOutput(payment(1n)), "too-many-recipients");
    expect(onChange(builder, change(0n))).toMatchObject({ recipientCount: 255, totalOutlay: DEFAULT_FEE + 255n });
  });

  test("after the destination memo are refused", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    builder.memoForChange(change(1n));
    expectCode(() => builder.memoForOutput(payment(1n)), "outputs-after-change");
  });

  test("that were refused are not counted", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    builder.memoForOutput(payment(5n));
    expectCode(() => builder.memoForOutput(payment(7n, { token: 9n })), "mixed-token-ids");
    expect(onChange(builder, change(0n))).toMatchObject({ recipientCount: 1, totalOutlay: DEFAULT_FEE + 5n });
  });
});

describe("the change", () => {
  test("gets an unused memo when destination memos are not wanted, as often as asked and at any time", () => {
    const builder = new RecoverableHistoryMemoBuilder({ credential, ...both });
    expect(onChange(builder, change(1n))).toEqual({ kind: "unused" });
    expect(onChange(builder, change(1n, 4n))).toEqual({ kind: "unused" });
    builder.setFee(amount(1n << 60n, 4n));
  });

  test("tells the last recipient, the count, the fee and everything that left", () => {
    const builder = new RecoverableHistoryMemoBuilder({ credential, destinationMemo: true });
    builder.setFee(amount(1000n));
    builder.memoForOutput(payment(5n, { recipient: publicAddress(root0()) }));
    builder.memoForOutput(payment(7n));
    expect(onChange(builder, change(99n))).toEqual({
      kind: "destination",
      recipientHash: bobHash,
      recipientCount: 2,
      fee: 1000n,
      totalOutlay: 1012n,
    });
  });

  test("assumes a fee of 400 000 000 picoMOB", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    expect(onChange(builder, change(1n))).toMatchObject({ fee: DEFAULT_FEE, totalOutlay: DEFAULT_FEE });
  });

  test("tells zeros for the recipient when there was none", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    expect(onChange(builder, change(1n))).toMatchObject({ recipientHash: zeros(16), recipientCount: 0 });
  });

  test("tells the payment id", () => {
    const withRequest = new RecoverableHistoryMemoBuilder({ destinationMemo: true, paymentRequestId: 3n });
    expect(onChange(withRequest, change(1n))).toMatchObject({
      kind: "destination-with-payment-request-id",
      paymentRequestId: 3n,
    });
    const withIntent = new RecoverableHistoryMemoBuilder({ destinationMemo: true, paymentIntentId: 4n });
    expect(onChange(withIntent, change(1n))).toMatchObject({
      kind: "destination-with-payment-intent-id",
      paymentIntentId: 4n,
    });
  });

  test("with both payment ids is refused, without a credential too", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true, ...both });
    expectCode(() => builder.memoForChange(change(1n)), "conflicting-payment-ids");
  });

  test("is written once", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    builder.memoForChange(change(1n));
    expectCode(() => builder.memoForChange(change(1n)), "multiple-change-outputs");
  });

  test("must be of the payments' token and of the fee's", () => {
    const paid = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    paid.setFee(amount(1n, 2n));
    paid.memoForOutput(payment(1n, { token: 2n }));
    expectCode(() => paid.memoForChange(change(1n, 3n)), "mixed-token-ids");
    expect(onChange(paid, change(1n, 2n))).toMatchObject({ totalOutlay: 2n });
    const unpaid = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    expectCode(() => unpaid.memoForChange(change(1n, 2n)), "mixed-token-ids");
  });

  test("refuses an outlay beyond 64 bits and a fee beyond 56", () => {
    const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    builder.memoForOutput(payment(U64_MAX - 10n));
    expectCode(() => builder.memoForChange(change(1n)), "amount-too-large");
    const expensive = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
    expensive.setFee(amount(1n << 56n));
    expectCode(() => expensive.memoForChange(change(1n)), "fee-too-large");
    expensive.setFee(amount((1n << 56n) - 1n));
    expect(onChange(expensive, change(1n))).toMatchObject({ fee: (1n << 56n) - 1n });
  });
});

test("the fee cannot change once the change has named it", () => {
  const builder = new RecoverableHistoryMemoBuilder({ destinationMemo: true });
  builder.setFee(amount(1n));
  builder.setFee(amount(2n));
  builder.memoForChange(change(1n));
  expectCode(() => builder.setFee(amount(3n)), "fee-after-change");
});
