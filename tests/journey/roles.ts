// Fog's roles as processes of their own, beside a ledger that a test grows: what an operator would start, with the same command.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../network/bin/fogbow.js", import.meta.url));
const START_MS = 120_000;

/** A role that runs, and what it printed when it was ready. */
export interface Role {
  readonly facts: Readonly<Record<string, string>>;
  /** Ends it, and waits until it has gone. */
  readonly stop: () => Promise<void>;
  /** Ends it as a machine that fails does: at once, without a word, and with whatever it was doing half done. */
  readonly kill: () => Promise<void>;
  /** Whether it has gone, asked or not. */
  readonly hasEnded: () => boolean;
  /** What it has said on standard error. */
  readonly said: () => string;
}

/** Starts `fogbow` with arguments, and waits until it says that it is ready. Rejects with what it complained of. */
export async function startRole(args: readonly string[]): Promise<Role> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const complaints: string[] = [];
  child.stderr.on("data", (chunk) => complaints.push(String(chunk)));
  let hasEnded = false;
  const gone = new Promise<void>((resolve) =>
    child.once("close", () => {
      hasEnded = true;
      resolve();
    }),
  );
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    const fail = (why: string): void =>
      reject(new Error(`${args.join(" ")} ${why}: ${complaints.join("").slice(-2_000)}`));
    child.once("close", () => fail("ended"));
    setTimeout(() => fail("did not start"), START_MS).unref();
  });
  const facts = JSON.parse(
    await ready.catch((error: unknown) => {
      child.kill("SIGKILL");
      throw error;
    }),
  );
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return {
    facts,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    hasEnded: () => hasEnded,
    said: () => complaints.join(""),
  };
}

/** Runs `fogbow` to its end with standard input, and gives what it printed. Rejects with what it complained of. */
export async function runCommand(args: readonly string[], input = ""): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: "pipe" });
  let output = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${args.join(" ")}: ${complaint}`);
  return output;
}

/** A port of the loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
