// What can keep a server from starting. What is wrong with a call is told to the caller, as a gRPC status.
import { CodedError } from "@fogbow/core-bytes";

/** Why a server did not start. */
export type ServerErrorCode =
  | "port-taken" // Another process had the port all the time that we tried.
  | "cannot-listen" // The address is not of this machine, or the port is not ours to take.
  | "invalid-certificate" // The certificate chain or its key cannot be read, or they do not go together.
  | "invalid-uri" // The URI of a service is none, or of another scheme.
  | "invalid-token-secret"; // The secret of token authentication is not 32 bytes.

/** Thrown by `@fogbow/server`. */
export class ServerError extends CodedError<ServerErrorCode> {
  override readonly name = "ServerError";
}
