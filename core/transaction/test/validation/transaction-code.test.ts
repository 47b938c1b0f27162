// Tests of the codes' numbers.
import { expect, test } from "vitest";
import { TRANSACTION_VALIDATION_NUMBERS, transactionValidationCode } from "../../src/index.ts";

test("every number of the protocol has one code, 0 and 10 to 55, and no other number has any", () => {
  const numbers = Object.values(TRANSACTION_VALIDATION_NUMBERS).sort((a, b) => a - b);
  expect(numbers).toEqual([0, ...Array.from({ length: 46 }, (_, i) => i + 10)]);
  expect(transactionValidationCode(55)).toBe("fee-map-digest-mismatch");
  expect(transactionValidationCode(10)).toBe("inputs-proofs-length-mismatch");
  expect(transactionValidationCode(9)).toBeUndefined();
});
