// The processes of a network's nodes.
import type { RunningFacts } from "../node/run.ts";
import type { Surroundings } from "../surroundings.ts";
import { nodeFilesIn } from "./network-folder.ts";
import { NodeProcess } from "./node-process.ts";

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
    { stderr, env }: Pick<Surroundings, "stderr" | "env">,
  ) {
    this.#processes = nodeFilesIn(folder).map((file) => new NodeProcess({ file, logLevel, env, stderr }));
    this.ended = Promise.all(
      this.#processes.map(async ({ name, end }) => {
        const { code, signal } = await end;
        if (!this.#isStopping) stderr.write(`${name} has ended: ${signal ?? `exit code ${code}`}\n`);
      }),
    );
  }

  /** Resolves when all nodes run. Rejects with `node-ended`, `node-silent`. */
  up(): Promise<RunningNodeFacts[]> {
    return Promise.all(this.#processes.map(untilRunning));
  }

  /** Whether no node is left. */
  get hasEnded(): boolean {
    return this.#processes.every(({ hasEnded }) => hasEnded);
  }

  /** Ends all nodes; those that do not listen are killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#processes.map((node) => node.stop()));
  }
}

async function untilRunning(node: NodeProcess): Promise<RunningNodeFacts> {
  return { name: node.name, ...(await node.untilRunning()) };
}
