// Runs the command in this process and collects what it says; new directories for it to work in.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { main } from "../src/main.ts";

/** What a run said. */
export interface Run {
  readonly code: number;
  readonly out: string;
  /** Standard error without lines of progress. */
  readonly error: string;
  readonly progress: readonly string[];
}

/** Lines of progress: whether there are any depends on how busy the machine is, so they are kept apart. */
const PROGRESS = /^(?:imported|verified|exported|synced) \d+ .*\n/gm;

/** Runs `fogbow` with arguments and standard input. */
export async function run(args: readonly string[], input = ""): Promise<Run> {
  let out = "";
  let error = "";
  const code = await main(args, {
    stdin: chunks(input),
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (error += text) },
    env: {},
  });
  return { code, out, error: error.replace(PROGRESS, ""), progress: error.match(PROGRESS) ?? [] };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = new TextEncoder().encode(text);
  yield bytes.subarray(0, 7);
  yield bytes.subarray(7);
}

/** Runs what must succeed, with `--json`, and gives what it printed. */
// biome-ignore lint/suspicious/noExplicitAny: what a command printed is looked at field by field.
export async function facts(args: readonly string[], input = ""): Promise<any> {
  const { code, out, error } = await run([...args, "--json"], input);
  expect({ code, error }).toEqual({ code: 0, error: "" });
  expect(out.match(/\n/g)).toHaveLength(1);
  return JSON.parse(out);
}

/** What another process has. */
const IN_USE = ["folder-in-use", "ledger-in-use"];

/** Runs what must fail: one line with this code, which is returned, and nothing on standard output. */
export async function stop(args: readonly string[], expected: string, input = ""): Promise<string> {
  const { code, out, error } = await run(args, input);
  expect({ code, out }).toEqual({ code: IN_USE.includes(expected) ? 5 : 1, out: "" });
  expect(error).toMatch(new RegExp(`^fogbow: [^\\n]+ \\(${expected}\\)\\n$`));
  return error;
}

/** As {@link stop}, for what fails in the same way again; with `--json` the error is the same. */
export async function refusal(args: readonly string[], expected: string, input = ""): Promise<string> {
  const error = await stop(args, expected, input);
  expect(await stop([...args, "--json"], expected, input)).toBe(error);
  return error;
}

const made: string[] = [];

/** A new empty directory, removed when the test file is done. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "fogbow-command."));
  made.push(directory);
  return directory;
}

afterAll(() => {
  for (const directory of made.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
});
