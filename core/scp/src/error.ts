// The one error this package throws.
import { CodedError } from "@fogbow/core-bytes";

/** Why this package stopped. Bad messages are not errors: `checkMessage` and `receive` name what is wrong with them. */
export type ScpErrorCode =
  | "invalid-quorum-set" // The node's own quorum set breaks a rule; the message names it.
  | "invalid-parameter" // A time is not a whole number of milliseconds in its range, or a block id not 32 bytes.
  | "invalid-value" // A value is empty or has a character that does not belong in one, or stands for nothing known.
  | "malformed-encoding" // Bytes are not a message in its one encoding, of at most 1 MiB and nested at most 16 deep.
  | "message-too-large" // A message would take more than that.
  | "too-many-senders" // More nodes have sent messages than a slot keeps apart.
  | "too-many-nodes" // A network to be checked has more nodes than the check takes.
  | "duplicate-node" // A network to be checked names a node twice.
  | "slot-not-next" // Slots are opened in ascending order.
  | "invariant-violated"; // The program is wrong, or the stored state was: voting on would be unsafe. Halt.

/** A broken rule of the caller, or a broken invariant of this package. */
export class ScpError extends CodedError<ScpErrorCode> {
  override readonly name = "ScpError";
}
