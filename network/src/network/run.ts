// `fogbow network run DIR`: all nodes of a network on this machine, one process each.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { RunningFacts } from "../node/run.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { NODE_START_MS_MAX, NODE_STOP_MS_MAX } from "./limits.ts";
import { nodeFilesIn } from "./network-folder.ts";

interface RunOptions extends JsonOption {
  readonly logLevel: string;
}

/** Adds the command. */
export function addRunCommand(network: Command, surroundings: Surroundings): void {
  const command = network
    .command("run")
    .description("run all nodes of a network, one process each, until Ctrl-C; their logs go to standard error")
    .argument("<dir>", "folder that `network generate` made")
    .option("--log-level <level>", "what the nodes say: silent, error, warn, info, debug or trace", "warn")
    .option("--json", `${JSON_HELP}, when all nodes run`)
    .action((folder: string, options: RunOptions) => runNetwork(folder, options, surroundings));
  withExamples(command, [
    ["fogbow network run ./mynet", "until Ctrl-C"],
    ["fogbow network run ./mynet --log-level info", "with more to read"],
    ["fogbow network run ./mynet --json > up.json &", "for a program, which sends SIGTERM in the end"],
  ]);
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A node's process. */
interface NodeProcess {
  readonly name: string;
  readonly child: Child;
  readonly exit: Promise<void>;
}

async function runNetwork(folder: string, options: RunOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr } = surroundings;
  const started = performance.now();
  const stop = stopSignal(surroundings);
  let isStopping = false;
  const nodes = nodeFilesIn(folder).map((file) => startNode(file, options, surroundings));
  const endOf = nodes.map(async ({ name, child, exit }) => {
    await exit;
    if (!isStopping) stderr.write(`${name} has ended: ${child.signalCode ?? `exit code ${child.exitCode}`}\n`);
  });
  const allEnded = Promise.all(endOf);
  try {
    const up = await Promise.race([Promise.all(nodes.map(untilRunning)), stop]);
    if (up !== undefined) {
      const seconds = (performance.now() - started) / 1000;
      const facts = { seconds: Number(seconds.toFixed(1)), nodes: up };
      stdout.write(options.json === true ? jsonLine(facts) : narrate(folder, facts));
      await Promise.race([stop, allEnded]);
      if (nodes.every(({ child }) => hasEnded(child))) throw new CommandError("node-ended", "All nodes have ended.");
    }
  } finally {
    isStopping = true;
    await Promise.all(nodes.map(stopNode));
  }
}

function startNode(file: string, { logLevel }: RunOptions, { stderr, env }: Surroundings): NodeProcess {
  const name = basename(dirname(file));
  const command = fileURLToPath(new URL("../../bin/fogbow.js", import.meta.url));
  const args = [command, "node", "run", "--config", file, "--log-level", logLevel, "--json"];
  const child: Child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
  createInterface({ input: child.stderr }).on("line", (line) => stderr.write(`${name} | ${line}\n`));
  return { name, child, exit: once(child, "exit").then(() => undefined) };
}

/** Resolves with what a node prints when it runs. Rejects with `node-ended`, `node-silent`. */
async function untilRunning({ name, child, exit }: NodeProcess): Promise<RunningFacts & { readonly name: string }> {
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

function narrate(
  folder: string,
  {
    seconds,
    nodes,
  }: { readonly seconds: number; readonly nodes: readonly (RunningFacts & { readonly name: string })[] },
): string {
  const table = rows(nodes.map(({ name, client, admin }) => [name, `${client}  ${admin}`] as const));
  return `${table}All ${nodes.length} nodes run, after ${seconds} s. Look at them with fogbow node status ${folder}; Ctrl-C stops them.\n`;
}
