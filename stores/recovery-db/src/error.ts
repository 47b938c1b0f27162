// The one error this package throws.
import { CodedError } from "@fogbow/core-bytes";

/** Why an operation did not happen. Nothing was written then. */
export type RecoveryDbErrorCode =
  | "invalid-url" // The database's URL is none that names a PostgreSQL server.
  | "invalid-argument" // A key, a name or a number does not have the size it must have.
  | "database-unavailable" // No connection, or it broke. Asking again may help.
  | "folder-in-use" // Another process has the folder of the embedded database open.
  | "database-failure" // The database refused; `cause` has the details.
  | "schema-outdated" // The database was migrated by another version, or never.
  | "corrupt-row" // A stored row cannot be what was written.
  | "unknown-key" // There is no such ingress key.
  | "unknown-invocation" // There is no such ingest invocation.
  | "key-exists" // The ingress key is there already.
  | "already-decommissioned" // The ingest invocation was decommissioned before.
  | "port-taken" // Another process had the port all the time that we tried.
  | "lease-lost" // Somebody else holds the lease, or nobody.
  | "conflicting-counts"; // Two keys tell different numbers of outputs for one block.

/** A refusal or a failure of the recovery database. */
export class RecoveryDbError extends CodedError<RecoveryDbErrorCode> {
  override readonly name = "RecoveryDbError";
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: RecoveryDbErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.retryable = code === "database-unavailable";
  }
}
