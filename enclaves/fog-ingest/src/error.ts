// What the enclave refuses. Codes and messages reach the host, so neither says anything of keys or of whose an output is.
import { CodedError } from "@fogbow/core-bytes";

/** Why a call was refused; codes of other packages come through as they are, such as `unknown-channel`. */
export type FogIngestErrorCode =
  | "not-initialized" // `init` comes first.
  | "already-initialized" // `init` comes once.
  | "unknown-entry-point" // There is no such call.
  | "invalid-capacity" // The capacity is no power of two that an egress key can serve.
  | "invalid-sealed-key" // What was unsealed is no ingress key.
  | "invalid-peer-key" // What a peer sealed is no ingress key.
  | "invalid-block-data" // An output lacks a field: nothing was done. It cannot heal by itself.
  | "chunk-too-big" // More outputs than a call takes, or than an egress key serves: nothing was done.
  | "ingest-failed"; // The map of counters overflowed. A new egress key was made.

/** Wrong input to the ingest enclave. */
export class FogIngestError extends CodedError<FogIngestErrorCode> {
  override readonly name = "FogIngestError";
}
