// A verdict's checks as an indented list.
import type { Check } from "@fogbow/core-attest";
import { printable } from "../ledger/output.ts";

/** One line a check: what passed, and of what did not, what was expected and what was found. */
export function checkTree(checks: readonly Check[], depth = 0): string {
  return checks
    .map(({ id, ok, expected, actual, children = [] }) => {
      const detail = ok ? said(actual) : `: expected ${printable(expected ?? "")}, found ${printable(actual ?? "")}`;
      return `${"  ".repeat(depth)}${ok ? "ok  " : "FAIL"}  ${id}${detail}\n${checkTree(children, depth + 1)}`;
    })
    .join("");
}

function said(actual: string | undefined): string {
  return actual === undefined || actual === "" ? "" : `: ${printable(actual)}`;
}
