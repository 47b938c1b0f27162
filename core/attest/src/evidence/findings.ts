// Collects the checks of one verification as a tree, and the problems among them. No check stops those after it.
import type { Check } from "../check.ts";
import type { Problem, ProblemCode } from "./problem.ts";

/** What a check looks at. */
export interface Finding {
  readonly ok: boolean;
  /** The problem there is when the check fails. */
  readonly problem: ProblemCode;
  readonly expected: string;
  readonly actual: string;
  readonly children?: readonly Check[];
}

/** The checks made so far. */
export class Findings {
  readonly checks: Check[] = [];
  readonly problems: Problem[] = [];

  /** Adds a check. */
  add(id: string, { ok, problem, expected, actual, children }: Finding): void {
    this.checks.push({ id, ok, expected, actual, ...(children === undefined ? {} : { children }) });
    if (!ok) {
      this.problems.push({ code: problem, expected, actual });
    }
  }

  /** Adds a check that consists of those in `parts`. */
  group(id: string, parts: Findings): void {
    this.checks.push({ id, ok: parts.ok, children: parts.checks });
    this.problems.push(...parts.problems);
  }

  /** Adds what others found. */
  append(others: Findings): void {
    this.checks.push(...others.checks);
    this.problems.push(...others.problems);
  }

  /** Whether every check passed so far. */
  get ok(): boolean {
    return this.problems.length === 0;
  }
}
