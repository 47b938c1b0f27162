// The one error of this package.
import { CodedError } from "@fogbow/core-bytes";

/** Why bytes are not the message that was asked for, or a message has no bytes. */
export type WireErrorCode =
  | "message-too-large" // More bytes than the caller allows for this message.
  | "malformed-message" // Not a protobuf message of this schema: cut short, wrong wire type, bad text, too deep.
  | "missing-field" // A field this message cannot do without is absent.
  | "wrong-length" // A byte field has another length than its meaning demands.
  | "unencodable-message"; // A value does not fit its field: an integer out of range, text that has no UTF-8 form.

/** Wrong input to `@fogbow/core-wire`. */
export class WireError extends CodedError<WireErrorCode> {
  override readonly name = "WireError";
}
