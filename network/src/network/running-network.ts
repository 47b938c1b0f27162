// The processes of a network's nodes.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { CommandError } from "../error.ts";
import type { RunningFacts } from "../node/run.ts";
import type { Surroundings } from "../surroundings.ts";
import { NODE_START_MS_MAX, NODE_STOP_MS_MAX } from "./limits.ts";
import { nodeFilesIn } from "./network-folder.ts";

/** A node that runs. */
export type RunningNodeFacts = RunningFacts & { readonly name: string };

/** A network, one process a node. */
export class RunningNetwork {
  readonly #processes: readonly NodeProcess[];
  /** Resolves when all nodes have ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  #isStopping = false;

  /** Starts all nodes of a folder. What they log, and whether one ends by itself, goes to standard error. */
  constructor(
    folder: string,
    { logLevel }: { readonly logLevel: string },
    surroundings: Pick<Surroundings, "stderr" | "env">,
  ) {
    this.#processes = nodeFilesIn(folder).map((file) => startNode(file, logLevel, surroundings));
    this.ended = Promise.all(
      this.#processes.map(async ({ name, child, exit }) => {
        await exit;
        if (this.#isStopping) return;
        surroundings.stderr.write(`${name} has ended: ${child.signalCode ?? `exit code ${child.exitCode}`}\n`);
      }),
    );
  }

  /** Resolves when all nodes run. Rejects with `node-ended`, `node-silent`. */
  up(): Promise<RunningNodeFacts[]> {
    return Promise.all(this.#processes.map(untilRunning));
  }

  /** Whether no node is left. */
  get hasEnded(): boolean {
    return this.#processes.every(({ child }) => hasEnded(child));
  }

  /** Ends all nodes; those that do not listen are killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#processes.map(stopNode));
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A node's process. */
interface NodeProcess {
  readonly name: string;
  readonly child: Child;
  readonly exit: Promise<void>;
}

function startNode(file: string, logLevel: string, { stderr, env }: Pick<Surroundings, "stderr" | "env">): NodeProcess {
  const name = basename(dirname(file));
  const command = fileURLToPath(new URL("../../bin/fogbow.js", import.meta.url));
  const args = [command, "node", "run", "--config", file, "--log-level", logLevel, "--json"];
  const child: Child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
  createInterface({ input: child.stderr }).on("line", (line) => stderr.write(`${name} | ${line}\n`));
  return { name, child, exit: once(child, "exit").then(() => undefined) };
}

/** Resolves with what a node prints when it runs. Rejects with `node-ended`, `node-silent`. */
async function untilRunning({ name, child, exit }: NodeProcess): Promise<RunningNodeFacts> {
  const lines = createInterface({ input: child.stdout });
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), NODE_START_MS_MAX);
  try {
    const ended = exit.then(() => {
      throw new CommandError("node-ended", `${name} has ended before it ran.`);
    });
    ended.catch(() => undefined); // It ends some day.
    const [line] = (await Promise.race([once(lines, "line", { signal: timeout.signal }), ended])) as [string]; // A line is text.
    return { name, ...(JSON.parse(line) as RunningFacts) }; // `node run --json` prints them.
  } catch (error) {
    if (!timeout.signal.aborted) throw error;
    throw new CommandError("node-silent", `${name} did not start within ${NODE_START_MS_MAX / 1000} seconds.`);
  } finally {
    clearTimeout(timer);
  }
}

async function stopNode({ child, exit }: NodeProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), NODE_STOP_MS_MAX);
  await exit;
  clearTimeout(timer);
}

const hasEnded = ({ exitCode, signalCode }: Child): boolean => exitCode !== null || signalCode !== null;
