// What callers are told of what went wrong (spec 03 §2.10–2.11).
import { Code, ConnectError } from "@connectrpc/connect";
import { RecoveryDbError, type RecoveryDbErrorCode } from "@fogbow/recovery-db";
import { IngestError, type IngestErrorCode } from "../error.ts";

const CODES: Readonly<Record<IngestErrorCode, Code>> = {
  "invalid-options": Code.Internal,
  "not-idle": Code.FailedPrecondition,
  "active-peer": Code.FailedPrecondition,
  "peer-unreachable": Code.Unavailable,
  "peer-refused": Code.Internal,
  "attestation-failed": Code.PermissionDenied,
  "unexpected-key": Code.Unavailable,
  "invalid-peers": Code.InvalidArgument,
  "invalid-key": Code.InvalidArgument,
  "invalid-window": Code.InvalidArgument,
  busy: Code.Unavailable,
  "key-lost": Code.FailedPrecondition,
  "key-retired": Code.Internal,
  "evidence-differs": Code.Internal,
  "key-raced": Code.Unavailable,
  "sealed-key-refused": Code.Internal,
  stopping: Code.Unavailable,
  "storage-failure": Code.Internal,
};

/** What the database refuses for what the caller said, or is not ready for; whatever else it does is internal. */
const DATABASE_CODES: Readonly<Partial<Record<RecoveryDbErrorCode, Code>>> = {
  "unknown-key": Code.InvalidArgument,
  "invalid-argument": Code.InvalidArgument,
  "lease-lost": Code.FailedPrecondition,
  "schema-outdated": Code.Unavailable, // It may be migrated this very moment.
};

/** Runs what an RPC asks for. What goes wrong is told with its code and its sentence. */
export async function told<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw toldError(error);
  }
}

function toldError(error: unknown): unknown {
  if (error instanceof IngestError) {
    return new ConnectError(error.message, CODES[error.code], undefined, undefined, error);
  }
  if (error instanceof RecoveryDbError) {
    const code = DATABASE_CODES[error.code];
    if (code !== undefined) return new ConnectError(error.message, code, undefined, undefined, error);
    return new ConnectError(`The recovery database failed: ${error.code}.`, Code.Internal, undefined, undefined, error);
  }
  return error;
}

/** What the enclave refuses of what a peer sent. */
export async function toldRefusal<Result>(run: () => Promise<Result>, refusedAs: Code): Promise<Result> {
  return told(async () => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof IngestError || !(error instanceof Error && "reason" in error)) throw error;
      throw error.reason === undefined
        ? new ConnectError(
            "The enclave is not answering; try again later.",
            Code.Unavailable,
            undefined,
            undefined,
            error,
          )
        : new ConnectError("The enclave refuses the message.", refusedAs, undefined, undefined, error);
    }
  });
}
