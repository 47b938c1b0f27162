// What the database's own errors mean, and which of them are worth another try.
import { CodedError } from "@fogbow/core-bytes";
import { RecoveryDbError } from "./error.ts";

/** Codes of Node's sockets, and SQLSTATEs of class 08 (connection), 57P (shutdown, crash, starting up) and 53300 (too many). */
const NO_CONNECTION = /^(?:ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENOENT|08|57P0[123]|53300)/;
/** What pg and its pool say without a code. */
const NO_CONNECTION_TEXT =
  /connection terminated|not queryable|timeout exceeded when trying to connect|client was closed|no connection to the server|terminating connection|not currently accepting connections/i;

/** SQLSTATE for a table that is not there: nobody has migrated the database yet. */
const NO_TABLE = "42P01";

/** The error that callers see. */
export function asRecoveryDbError(error: unknown): Error {
  if (error instanceof CodedError) return error;
  if (isConnectionFailure(error)) {
    return new RecoveryDbError("database-unavailable", "The recovery database does not answer.", error);
  }
  if (codeOf(error) === NO_TABLE) {
    return new RecoveryDbError(
      "schema-outdated",
      "The recovery database is not migrated: run 'fogbow db migrate'.",
      error,
    );
  }
  return new RecoveryDbError("database-failure", "The recovery database refused.", error);
}

/** Whether there was no connection, or it broke. */
function isConnectionFailure(error: unknown): boolean {
  return error instanceof Error && (NO_CONNECTION.test(codeOf(error)) || NO_CONNECTION_TEXT.test(error.message));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
