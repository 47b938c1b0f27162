// What the enclave refuses. Codes and messages reach the host, so neither says anything of what a client asked.
import { CodedError } from "@fogbow/core-bytes";

/** Why a call was refused; codes of other packages come through as they are, such as `unknown-channel`. */
export type LedgerEnclaveErrorCode =
  | "not-initialized" // `init` comes first.
  | "already-initialized" // `init` comes once.
  | "unknown-entry-point" // There is no such call.
  | "invalid-config" // A capacity is no power of two, or too large.
  | "not-offered" // The enclave was not initialised for this.
  | "malformed-request" // What a client or a router sealed is no such request.
  | "too-many-items" // A request asks for more than it may.
  | "unknown-query" // A question was given up, answered, or never opened.
  | "unknown-handshake" // No handshake with this store has begun, or its answer was read already.
  | "foreign-answer" // An answer is of no store that the router has a channel to, is to another question, or comes twice.
  | "store-full" // The key images do not fit.
  | "unexpected-block"; // A block is not the next one, or is not what it claims to be.

/** Wrong input to the enclave of Fog Ledger. */
export class LedgerEnclaveError extends CodedError<LedgerEnclaveErrorCode> {
  override readonly name = "LedgerEnclaveError";
}
