// The error of a watcher's configuration. What a source does is no error of the watcher: it is an alarm.
import { CodedError } from "@fogbow/core-bytes";

/** Why a watcher does not start. */
export type WatcherErrorCode =
  | "malformed-config" // The file is not TOML or JSON.
  | "invalid-config" // Something in it is missing, unknown, or not of its form; the message names it.
  | "invalid-uri"; // The address of a node is none.

/** Thrown by `@fogbow/watcher`. */
export class WatcherError extends CodedError<WatcherErrorCode> {
  override readonly name = "WatcherError";
}
