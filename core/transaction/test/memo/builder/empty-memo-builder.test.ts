// Test of the builder that says nothing.
import { expect, test } from "vitest";
import { EmptyMemoBuilder, type MemoBuilder } from "../../../src/index.ts";
import { amount } from "../../fixtures.ts";
import { change, payment } from "./builder-context.ts";

test("every output gets 66 zero bytes, in any order and with any fee", () => {
  const builder: MemoBuilder = new EmptyMemoBuilder();
  expect(builder.memoForChange(change(1n))).toEqual(new Uint8Array(66));
  builder.setFee(amount(1n << 60n, 8n));
  expect(builder.memoForOutput(payment(1n, { token: 3n }))).toEqual(new Uint8Array(66));
});
