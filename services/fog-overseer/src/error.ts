// What keeps an overseer from starting. What happens afterwards it logs, and tries again.
import { CodedError } from "@fogbow/core-bytes";

/** Why an overseer does not start. */
export type OverseerErrorCode =
  | "no-nodes" // It has no ingest server to watch, or too many.
  | "duplicate-node"; // One ingest server is named twice: it would be counted twice.

/** Thrown by `@fogbow/fog-overseer`. */
export class OverseerError extends CodedError<OverseerErrorCode> {
  override readonly name = "OverseerError";
}
