// What the database's own errors mean, and which of them are worth another try.
import { CodedError } from "@fogbow/core-bytes";
import { RecoveryDbError } from "./error.ts";

/** Codes of Node's sockets, and SQLSTATEs of class 08 (connection) and 57P (shutdown, crash, starting up). */
const NO_CONNECTION = /^(?:ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENOENT|08|57P0[123])/;
/** What pg and its pool say without a code. */
const NO_CONNECTION_TEXT =
  /connection terminated|not queryable|timeout exceeded when trying to connect|client was closed|no connection to the server|terminating connection/i;

/** The error that callers see. */
export function asRecoveryDbError(error: unknown): Error {
  if (error instanceof CodedError) return error;
  if (isConnectionFailure(error)) {
    return new RecoveryDbError("database-unavailable", "The recovery database does not answer.", error);
  }
  return new RecoveryDbError("database-failure", "The recovery database refused.", error);
}

/** Whether there was no connection, or it broke. */
function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return NO_CONNECTION.test(code) || NO_CONNECTION_TEXT.test(error.message);
}
