// The one error this package throws.
import { CodedError } from "@fogbow/core-bytes";

/** Why a report service does not start. */
export type FogReportErrorCode =
  | "unreadable-signer" // The chain or the key is no file, or not what it should be.
  | "unreadable-evidence"; // The database holds evidence in no known form.

/** A report service that cannot start, or a report that cannot be served. */
export class FogReportError extends CodedError<FogReportErrorCode> {
  override readonly name = "FogReportError";
}
