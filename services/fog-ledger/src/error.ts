// Why a service of Fog Ledger does not start or cannot go on. What a caller does wrong is no error of the service.
import { CodedError } from "@fogbow/core-bytes";

/** Codes of {@link LedgerServiceError}. */
export type LedgerServiceErrorCode =
  | "invalid-sharding-strategy" // It is neither `default` nor `START-END`.
  | "duplicate-shard" // The router knows the shard already.
  | "too-many-shards" // No more shards are asked.
  | "enclave-ended"; // The enclave has ended, and with it what it held in memory: the process should start anew.

/** Thrown by `@fogbow/fog-ledger`. */
export class LedgerServiceError extends CodedError<LedgerServiceErrorCode> {
  override readonly name = "LedgerServiceError";
}
