// One line of a verdict: what was looked at, what it should have been and what it was (spec 04 §13).

/** A check of a verification, with the checks that it consists of. */
export interface Check {
  /** A stable name for programs, in kebab-case. */
  readonly id: string;
  readonly ok: boolean;
  /** What would have passed, for people. */
  readonly expected?: string;
  /** What was found, for people. Never a secret. */
  readonly actual?: string;
  readonly children?: readonly Check[];
}
