// What a failure means for whoever called this program: its exit code, and the command that helps.
import { Code, ConnectError } from "@connectrpc/connect";
import { CodedError } from "@fogbow/core-bytes";

/** What the program ends with when it has not done what it was told. */
const EXIT_CODES = {
  /** Somebody cannot be reached, or is not ready. */
  unreachable: 2,
  /** A server did not prove that it runs an enclave that is trusted. */
  attestation: 3,
  /** A payment was rejected. */
  rejected: 4,
  /** Another process has it. */
  locked: 5,
} as const;

interface Meaning {
  readonly exit?: keyof typeof EXIT_CODES;
  /** What to run next. */
  readonly next?: string;
}

/** By error code. What is not here is a matter of arguments and files: exit code 1. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  "connection-failed": { exit: "unreachable", next: "fogbow status" },
  "server-error": { exit: "unreachable", next: "fogbow logs" },
  "rate-limited": { exit: "unreachable", next: "the same in some seconds" },
  "report-unavailable": { exit: "unreachable", next: "fogbow status" },
  "fog-not-ready": { exit: "unreachable", next: "fogbow logs" },
  "fog-out-of-sync": { exit: "unreachable", next: "fogbow logs" },
  "ledger-not-ready": { exit: "unreachable", next: "the same in some seconds" },
  "network-down": { exit: "unreachable", next: "fogbow up" },
  "node-unreachable": { exit: "unreachable" },
  "node-silent": { exit: "unreachable" },
  "attestation-failed": { exit: "attestation", next: "fogbow enclave measure, and compare it with what you trust" },
  "report-refused": { exit: "attestation", next: "ask the recipient for the address again" },
  "fee-outdated": { exit: "rejected", next: "the same again" },
  "input-spent": { exit: "rejected", next: "fogbow wallet history" },
  "insufficient-funds": { exit: "rejected", next: "fogbow wallet balance, or fogbow faucet" },
  "not-enough-money": { exit: "rejected" },
  "tombstone-passed": { exit: "rejected", next: "the same again" },
  "tx-expired": { exit: "rejected", next: "the same again" },
  "tx-refused": { exit: "rejected" },
  "network-up": { exit: "locked", next: "fogbow down" },
  "ledger-in-use": { exit: "locked" },
  "folder-in-use": { exit: "locked" },
  "store-locked": { exit: "locked" },
  "port-taken": { exit: "locked" },
};

const UNANSWERED: ReadonlyMap<Code, string> = new Map([
  [Code.Unavailable, "connection-failed"],
  [Code.DeadlineExceeded, "connection-failed"],
  [Code.ResourceExhausted, "rate-limited"],
]);

/** 1 for arguments and files, 2 unreachable, 3 attestation, 4 rejected, 5 locked. */
export function exitCodeOf(error: unknown): number {
  const exit = meaningOf(error)?.exit;
  return exit === undefined ? 1 : EXIT_CODES[exit];
}

/** What to run next, where that is known. */
export function nextCommandOf(error: unknown): string | undefined {
  return meaningOf(error)?.next;
}

function meaningOf(error: unknown): Meaning | undefined {
  const code = error instanceof ConnectError ? UNANSWERED.get(error.code) : codeOf(error);
  return code === undefined ? undefined : MEANINGS[code];
}

const codeOf = (error: unknown): string | undefined => (error instanceof CodedError ? error.code : undefined);
