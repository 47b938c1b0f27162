import { expect, test } from "vitest";
import { SdkError, type SdkErrorCode } from "../src/index.ts";

test("errors say whether the same call may succeed later", () => {
  const isRetryable = (code: SdkErrorCode): boolean => new SdkError(code, "for a test").retryable;
  const passing: readonly SdkErrorCode[] = ["connection-failed", "rate-limited", "report-unavailable", "fee-outdated"];
  const lasting: readonly SdkErrorCode[] = [
    "attestation-failed",
    "client-outdated",
    "insufficient-funds",
    "input-spent",
    "report-refused",
    "tx-refused",
    "chain-id-mismatch",
  ];
  expect(passing.map(isRetryable)).toEqual(passing.map(() => true));
  expect(lasting.map(isRetryable)).toEqual(lasting.map(() => false));
});
