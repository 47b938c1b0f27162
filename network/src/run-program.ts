// A run of a program: its arguments, its exit code, and failures in one line.
import { type Command, CommanderError } from "commander";
import { exitCodeOf, nextCommandOf } from "./exit-codes.ts";
import type { Surroundings } from "./surroundings.ts";

/** Runs what arguments name. The exit code: 0, or another after one clear error; {@link exitCodeOf} says which. */
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
    const next = nextCommandOf(error);
    if (next !== undefined) stderr.write(`next: ${next}\n`);
    return exitCodeOf(error);
  }
}

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
