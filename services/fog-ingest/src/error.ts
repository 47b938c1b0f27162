// The one error class of ingest.
import { CodedError } from "@fogbow/core-bytes";

/** Why an ingest server does not do what it is told, or ends. */
export type IngestErrorCode =
  | "invalid-options" // What the server is told about itself does not go together; the message says what.
  | "not-idle" // Only an idle server changes its keys, or promises fewer blocks.
  | "active-peer" // Another server scans with this key, or will.
  | "peer-unreachable" // A peer does not answer.
  | "peer-refused" // A peer does not do what it is asked.
  | "attestation-failed" // A peer's enclave is no copy of this one, or does not take this one for its copy.
  | "unexpected-key" // The enclave's key changed meanwhile: try again.
  | "invalid-peers" // The list of peers is malformed, or lacks this server.
  | "invalid-key" // That is no ingress key.
  | "invalid-window" // No report promises so many blocks.
  | "busy" // Keys are being changed already: try again.
  | "key-lost" // The key was declared lost: what it promised counts as missed, and it must not be used again.
  | "key-retired" // The key is retired, and all that was promised is scanned.
  | "evidence-differs" // The enclave's evidence names another key than the one that it scans with.
  | "key-raced" // Another server has taken this key on in the same moment: try again.
  | "sealed-key-refused" // The enclave does not take the key of the state file, which was renamed; start again for a new key.
  | "stopping" // The server is told to end.
  | "storage-failure"; // The state file cannot be written.

/** Thrown by `@fogbow/fog-ingest`. */
export class IngestError extends CodedError<IngestErrorCode> {
  override readonly name = "IngestError";
}
