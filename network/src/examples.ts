// The end of a command's help: three ways to call it, to copy from.
import type { Command } from "commander";

/** Adds examples to the help of a command, each with what it is for. */
export function withExamples(command: Command, examples: readonly (readonly [call: string, what: string])[]): Command {
  const width = Math.max(...examples.map(([call]) => call.length)) + 2;
  const lines = examples.map(([call, what]) => `  ${call.padEnd(width)}${what}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
