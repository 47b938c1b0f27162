// The one error this package throws.
import { CodedError } from "@fogbow/core-bytes";

/** Why this package stopped. Bad messages are not errors: `checkMessage` and `receive` name what is wrong with them. */
export type ScpErrorCode =
  | "invalid-quorum-set" // The node's own quorum set breaks a rule; the message names it.
  | "invalid-parameter" // A time base, a limit or a counter is not a whole number in its range.
  | "invalid-value" // A value is empty or has a character that does not belong in one.
  | "unknown-sender-bound" // More nodes have sent messages than a slot keeps apart.
  | "too-many-nodes" // A network to be checked has more nodes than the check takes.
  | "duplicate-node" // A network to be checked names a node twice.
  | "slot-not-next" // Slots are opened in ascending order.
  | "own-key-reused" // A message that this node never sent carries its key: another process signs with it. Halt.
  | "invariant-violated"; // The program is wrong, or the stored state was: voting on would be unsafe. Halt.

/** A broken rule of the caller, or a broken invariant of this package. */
export class ScpError extends CodedError<ScpErrorCode> {
  override readonly name = "ScpError";
}
