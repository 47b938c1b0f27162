// A server in a process of its own, whose memory, descriptors and end a test can look at.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

const SCRIPT = fileURLToPath(new URL("serve-health.mjs", import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** What a server says about itself. */
export interface Vitals {
  readonly rss: number;
  readonly connections: number;
}

/** A running server process. */
export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  readonly vitals: () => Promise<Vitals>;
  /** Sends SIGTERM and resolves with the exit code and the milliseconds it took. */
  readonly terminate: () => Promise<{ readonly code: number | null; readonly ms: number }>;
}

/** Starts a server. `descriptors` bounds how many files and connections it may have open. */
export async function startServer(descriptors?: number): Promise<ServerProcess> {
  const command = [process.execPath, "--expose-gc", SCRIPT];
  const limited = ["bash", "-c", `ulimit -n ${descriptors}; exec "$@"`, "bash", ...command];
  const [program = "", ...args] = descriptors === undefined ? command : limited;
  // Some systems pause after each connection that is accepted, to share them between processes. Here is one process.
  const env = { ...process.env, UV_TCP_SINGLE_ACCEPT: "0" };
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, number>> => JSON.parse((await lines.next()).value ?? "{}");
  const { port = 0 } = await next();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    vitals: async () => {
      child.stdin.write("\n");
      const { rss = 0, connections = 0 } = await next();
      return { rss, connections };
    },
    terminate: async () => {
      const start = performance.now();
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      return { code, ms: performance.now() - start };
    },
  };
}
