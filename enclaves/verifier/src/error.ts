// What can keep a transaction from being verified. That it is invalid is an answer and no error.
import { CodedError } from "@fogbow/core-bytes";

/** Why a pool did not verify. */
export type VerifierErrorCode =
  | "queue-full" // More transactions wait than the pool holds. Wait for `room`, or refuse them too.
  | "cancelled" // The caller's signal was aborted.
  | "closed" // The pool was closed.
  | "thread-failed"; // A thread died of this very transaction, or none would live now.

/** Thrown, or rejected with, by this package. */
export class VerifierError extends CodedError<VerifierErrorCode> {
  override readonly name = "VerifierError";
}
