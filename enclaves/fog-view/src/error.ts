// What the enclave refuses. Codes and messages reach the host, so neither says anything of what is in a query.
import { CodedError } from "@fogbow/core-bytes";

/** Why a call was refused; codes of other packages come through as they are, such as `unknown-channel`. */
export type ViewErrorCode =
  | "not-initialized" // `init` comes first.
  | "already-initialized" // `init` comes once.
  | "unknown-entry-point" // There is no such call.
  | "invalid-config" // A capacity that no map can have.
  | "not-a-store" // A router has no records.
  | "key-wrong-size" // A search key of a record is not 16 bytes.
  | "key-rejected" // A search key of a record is all zero.
  | "value-too-large" // A record's payload is larger than 239 bytes.
  | "map-overflow" // The map holds as many records as it was made for.
  | "not-authenticated" // No message is for a session of this store: its router attests it first.
  | "unknown-handshake" // No handshake with this store has begun, or its answer was read already.
  | "malformed-query" // What a client sealed is no query.
  | "too-many-keys" // A query has more search keys than it may.
  | "unknown-query" // The query was answered, dropped, or made room for others.
  | "malformed-answer"; // What a store sealed is no answer to the query.

/** Wrong input to the enclave of Fog View. */
export class ViewError extends CodedError<ViewErrorCode> {
  override readonly name = "ViewError";
}
