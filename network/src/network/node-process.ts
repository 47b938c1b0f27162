// A node of a network on this machine, in a process of its own.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { CommandError } from "../error.ts";
import type { RunningFacts } from "../node/run.ts";
import type { Sink, Surroundings } from "../surroundings.ts";
import { NODE_START_MS_MAX, NODE_STOP_MS_MAX } from "./limits.ts";

/** How a node's process is started. */
export interface NodeProcessOptions {
  /** The node's file. */
  readonly file: string;
  /** What it says: silent, error, warn, info, debug or trace. */
  readonly logLevel: string;
  readonly env: Surroundings["env"];
  /** Takes what it says, each line with the node's name before it. */
  readonly stderr: Sink;
  /** Program and arguments that the node's command line is handed to, such as one that sets limits. */
  readonly through?: readonly string[];
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The command that is installed with this package. */
export const fogbowCommand: string = fileURLToPath(new URL("../../bin/fogbow.js", import.meta.url));

/** A node's process, from its start to its end. */
export class NodeProcess {
  /** The name of its folder. */
  readonly name: string;
  /** Resolves when it has ended. */
  readonly end: Promise<ProcessEnd>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  /** Starts it. */
  constructor({ file, logLevel, env, stderr, through = [] }: NodeProcessOptions) {
    this.name = basename(dirname(file));
    const [program = process.execPath, ...args] = [...through, process.execPath, fogbowCommand];
    const settings = ["node", "run", "--config", file, "--log-level", logLevel, "--json"];
    this.#child = spawn(program, [...args, ...settings], { stdio: ["ignore", "pipe", "pipe"], env });
    createInterface({ input: this.#child.stderr }).on("line", (line) => stderr.write(`${this.name} | ${line}\n`));
    this.end = once(this.#child, "exit").then(([code, signal]) => ({ code, signal }) as ProcessEnd); // What `exit` tells.
    this.end.catch(() => undefined); // Whoever waits for it hears that it could not be started.
  }

  /** Its process id. Throws `node-ended` when it could not be started. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new CommandError("node-ended", `${this.name} could not be started.`);
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves with what it prints when it runs; once. Rejects with `node-ended`, `node-silent`. */
  async untilRunning(): Promise<RunningFacts> {
    const lines = createInterface({ input: this.#child.stdout });
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), NODE_START_MS_MAX);
    try {
      const ended = this.end.then(() => {
        throw new CommandError("node-ended", `${this.name} has ended before it ran.`);
      });
      ended.catch(() => undefined); // It ends some day.
      const [line] = (await Promise.race([once(lines, "line", { signal: timeout.signal }), ended])) as [string]; // A line is text.
      return JSON.parse(line) as RunningFacts; // `node run --json` prints them.
    } catch (error) {
      if (!timeout.signal.aborted) throw error;
      throw new CommandError("node-silent", `${this.name} did not start within ${NODE_START_MS_MAX / 1000} seconds.`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it as an operator does; as {@link kill} when it takes too long. */
  async stop(): Promise<ProcessEnd> {
    if (!this.hasEnded) this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), NODE_STOP_MS_MAX);
    return this.end.finally(() => clearTimeout(timer));
  }

  /** Ends it wherever it is, as a crash does. */
  kill(): Promise<ProcessEnd> {
    if (!this.hasEnded) this.#child.kill("SIGKILL");
    return this.end;
  }
}
