// What the enclave refuses, as RPCs say it (spec 03 §5.2).
import { Code, ConnectError } from "@connectrpc/connect";
import { RuntimeError } from "@fogbow/runtime-enclave";

const REFUSALS: Readonly<Record<string, readonly [code: Code, message: string]>> = {
  "malformed-request": [Code.InvalidArgument, "The request cannot be read."],
  "too-many-items": [Code.InvalidArgument, "Request size exceeds limit"],
  "not-offered": [Code.Unimplemented, "This server does not offer it."],
  "foreign-answer": [Code.Unavailable, "A store was attested anew meanwhile; try again."],
  "unknown-query": [Code.Unavailable, "The server was too busy; try again."],
};

/** The enclave's own code, when it has refused a call. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof RuntimeError && error.code === "call-refused" ? (error.reason ?? "") : undefined;
}

/** An error of a client's call: whatever else the enclave refuses, the client must attest again. */
export function enclaveError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  const refusal = refusalOf(error);
  if (refusal === undefined) {
    return new ConnectError(
      "The enclave is not answering; try again later.",
      Code.Unavailable,
      undefined,
      undefined,
      error,
    );
  }
  const [code, message] = REFUSALS[refusal] ?? [Code.PermissionDenied, "The enclave refuses the message."];
  return new ConnectError(message, code, undefined, undefined, error);
}

/** What a call to the enclave gives, or the RPC's error. */
export async function orEnclaveError<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw enclaveError(error);
  }
}
