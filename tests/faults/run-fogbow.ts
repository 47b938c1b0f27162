// The fogbow command as processes of its own, as people and service managers run it.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../network/bin/fogbow.js", import.meta.url));

/** What a run of the command said. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the command to its end. */
export function fogbow(...args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, error] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    error += chunk;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, error })));
}

/** A command that goes on until it is told to end. */
export interface Running {
  readonly child: ChildProcess;
  /** The first line of its standard output. */
  readonly firstLine: string;
  /** Sends a signal; resolves with the exit code and the milliseconds until then. */
  readonly end: (signal: NodeJS.Signals) => Promise<{ readonly code: number | null; readonly ms: number }>;
}

/** Starts the command; resolves when it has said its first line. Rejects, with what it said, when it ends before that. */
export async function startFogbow(...args: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let error = "";
  child.stderr.on("data", (chunk) => {
    error += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const firstLine = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    void exited.then((code) => reject(new Error(`It ended with ${code}: ${error}`)));
  });
  return {
    child,
    firstLine,
    end: async (signal) => {
      const started = performance.now();
      child.kill(signal);
      const code = await exited;
      return { code, ms: performance.now() - started };
    },
  };
}

/** An offset such that the ports of a generated network of so many nodes are free now. */
export async function freePortOffset(nodes: number): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const offset = 10_000 + ((process.pid * 131 + attempt * 977) % 30_000);
    const ports = [3200, 3300, 3400].flatMap((base) => Array.from({ length: nodes }, (_, i) => base + offset + i));
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return String(offset);
  }
  throw new Error("No ports are free.");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
