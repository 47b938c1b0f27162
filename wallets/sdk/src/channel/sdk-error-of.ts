// From what a channel or a transport throws to what a user can be told (spec 03 §8.8).
import { Code, ConnectError } from "@connectrpc/connect";
import { AttestError } from "@fogbow/core-attest";
import { WireError } from "@fogbow/core-wire";
import { SdkError, type SdkErrorCode } from "../error.ts";

/** What a node says that has more to do than it can (spec 05 §4). */
const OVER_CAPACITY = "Temporarily over capacity";

/** What the server's status means. */
function codeOfStatus({ code, rawMessage }: ConnectError): SdkErrorCode {
  switch (code) {
    case Code.PermissionDenied:
    case Code.Unauthenticated:
      return "authorization-failed";
    case Code.ResourceExhausted:
      return "rate-limited";
    case Code.Unavailable:
      return rawMessage === OVER_CAPACITY ? "rate-limited" : "connection-failed";
    case Code.FailedPrecondition:
      return rawMessage.startsWith("chain-id mismatch:") ? "chain-id-mismatch" : "request-refused";
    case Code.InvalidArgument:
    case Code.OutOfRange:
    case Code.Unimplemented:
      return "request-refused";
    case Code.Internal:
    case Code.DataLoss:
      return "server-error";
    default:
      return "connection-failed";
  }
}

/** The channel's own errors: an answer that cannot be opened, a session denied. All others are of evidence. */
function codeOfChannel({ code }: AttestError): SdkErrorCode {
  switch (code) {
    case "server-refused":
    case "permission-denied":
      return "authorization-failed";
    case "channel-busy":
    case "channel-closed":
    case "session-closed":
      return "connection-failed";
    case "channel-id-mismatch":
    case "handshake-not-decrypted":
    case "message-not-decrypted":
    case "message-too-large":
    case "message-too-short":
    case "rekey-needed":
      return "invalid-response";
    default:
      return "attestation-failed";
  }
}

/** The error to hand on. What is none of these is a mistake in a program, and stays what it is. */
export function sdkErrorOf(error: unknown): unknown {
  if (error instanceof ConnectError) {
    return new SdkError(codeOfStatus(error), `The server answers: ${error.rawMessage}`, { cause: error });
  }
  if (error instanceof AttestError) return new SdkError(codeOfChannel(error), error.message, { cause: error });
  if (error instanceof WireError) return new SdkError("invalid-response", error.message, { cause: error });
  return error;
}
