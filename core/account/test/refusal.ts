// Expecting typed errors: anything else that is thrown fails the test.
import { CodedError } from "@fogbow/core-bytes";

/** The code of the error that `action` throws, or undefined when it returns. */
export function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof CodedError) {
      return String(error.code);
    }
    throw error;
  }
  return undefined;
}
