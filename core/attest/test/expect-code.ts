// Expecting the package's own error with a code, and no other error.
import { expect } from "vitest";
import { AttestError, type AttestErrorCode } from "../src/error.ts";

/** Fails unless `act` throws an {@link AttestError} with this code. */
export function expectCode(act: () => unknown, code: AttestErrorCode): void {
  const error = caught(act);
  expect(error).toBeInstanceOf(AttestError);
  expect(error).toMatchObject({ code });
}

/** What `act` throws. */
export function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
