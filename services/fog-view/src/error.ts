// Why a role of Fog View does not start or cannot go on. What a caller does wrong is no error of the service.
import { CodedError } from "@fogbow/core-bytes";

/** Codes of {@link FogViewError}. */
export type FogViewErrorCode =
  | "invalid-sharding-strategy" // It is neither `default` nor `START-END`.
  | "duplicate-shard" // The router asks the shard already.
  | "too-many-shards" // A router asks no more shards.
  | "corrupt-rows" // The database gave rows that cannot be: a block out of turn, or a record of another form.
  | "enclave-ended"; // The enclave has ended, and with it what it held in memory: the process should start anew.

/** Thrown by `@fogbow/fog-view`. */
export class FogViewError extends CodedError<FogViewErrorCode> {
  override readonly name = "FogViewError";
}
