// What callers are told when something fails: a code, and no more than they need.
import { Code, ConnectError } from "@connectrpc/connect";
import { WireError } from "@fogbow/core-wire";
import { RecoveryDbError } from "@fogbow/recovery-db";
import { RuntimeError } from "@fogbow/runtime-enclave";

/** Does something with the enclave; what it refuses has this code for callers, what else fails is `INTERNAL`. */
export async function told<T>(work: () => Promise<T>, refused: Code): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asTold(error, refused);
  }
}

/** An error as callers are told it. */
function asTold(error: unknown, refused: Code): ConnectError {
  if (error instanceof ConnectError) return error;
  if (error instanceof WireError) return new ConnectError(error.message, Code.InvalidArgument);
  if (error instanceof RecoveryDbError && error.retryable) {
    return new ConnectError("The recovery database does not answer.", Code.Unavailable, undefined, undefined, error);
  }
  if (!(error instanceof RuntimeError))
    return new ConnectError("The request could not be answered.", Code.Internal, undefined, undefined, error);
  if (error.code === "enclave-busy") return new ConnectError("The server is busy.", Code.ResourceExhausted);
  if (error.code === "input-too-long" || error.reason === "too-many-keys") {
    return new ConnectError("A query has too many search keys.", Code.ResourceExhausted);
  }
  if (error.code === "call-refused" || error.code === "input-too-short") {
    return new ConnectError(`The enclave refuses this: ${error.reason ?? error.code}.`, refused);
  }
  return new ConnectError("The enclave does not answer.", Code.Unavailable, undefined, undefined, error);
}
