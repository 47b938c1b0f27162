// What went wrong in a poll without ending it.
import { CodedError } from "@fogbow/core-bytes";

/** Why a part of a poll did not come out. The balance is still true at its block count. */
export type PollProblemCode =
  | "client-outdated" // A sequence of search keys is of a version that this wallet does not know.
  | "damaged-record" // What was found under a search key of ours is no record for us.
  | "foreign-record" // A record was for us, and its output is not ours: Fog was told a lie.
  | "unknown-subaddress" // An output of ours came to a subaddress that is not looked for.
  | "unexpected-answer" // A server left out an answer, or gave one that was not asked for.
  | "server-busy" // A server answers some of the questions later.
  | "server-failed"; // A call failed; `cause` says how.

/** A part of a poll that did not come out. */
export class PollProblem extends CodedError<PollProblemCode> {
  override readonly name = "PollProblem";
}
