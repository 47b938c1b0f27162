// A run of a program: its arguments, its exit code, and failures in one line.
import { CodedError } from "@fogbow/core-bytes";
import { type Command, CommanderError } from "commander";
import type { Surroundings } from "./surroundings.ts";

/** Runs what arguments name. The exit code: 0, or that of one clear error. */
export async function runProgram(
  program: Command,
  args: readonly string[],
  { stdout, stderr }: Surroundings,
): Promise<number> {
  each(program, (command) =>
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) }),
  );
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode; // Commander has said what was wrong.
    stderr.write(`fogbow: ${describe(error)}\n`);
    return exitCodeOf(error);
  }
}

/** 2 when somebody cannot be reached, 3 when an enclave is not trusted, 4 when a payment is rejected, 5 when something is in use, else 1. */
function exitCodeOf(error: unknown): number {
  const code = error instanceof CodedError ? error.code : undefined;
  return EXIT_CODES.find(([, codes]) => code !== undefined && codes.includes(code))?.[0] ?? 1;
}

const EXIT_CODES: readonly (readonly [exitCode: number, codes: readonly string[]])[] = [
  [2, ["connection-failed", "fog-not-ready", "network-down", "node-unreachable", "report-unavailable", "server-error"]],
  [3, ["attestation-failed", "report-refused"]],
  [4, ["fee-outdated", "input-spent", "insufficient-funds", "tombstone-passed", "tx-expired", "tx-refused"]],
  [5, ["file-exists", "folder-not-empty", "network-up"]],
];

/** Commands take settings over from their parents only when they are made after them. */
function each(command: Command, change: (command: Command) => unknown): void {
  change(command);
  for (const child of command.commands) each(child, change);
}

/** What went wrong, and the code of it: of the product's own errors, and of the system's. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? `${error.message} (${error.code})` : error.message;
}
