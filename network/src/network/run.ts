// `fogbow network run DIR`: all nodes of a network on this machine, one process each.
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { RunningNetwork, type RunningNodeFacts } from "./running-network.ts";

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

async function runNetwork(folder: string, options: RunOptions, surroundings: Surroundings): Promise<void> {
  const started = performance.now();
  const stop = stopSignal(surroundings);
  const network = new RunningNetwork(folder, options, surroundings);
  try {
    const nodes = await Promise.race([network.up(), stop]);
    if (nodes === undefined) return;
    const facts = { seconds: Number(((performance.now() - started) / 1000).toFixed(1)), nodes };
    surroundings.stdout.write(options.json === true ? jsonLine(facts) : narrate(folder, facts));
    await Promise.race([stop, network.ended]);
    if (network.hasEnded) throw new CommandError("node-ended", "All nodes have ended.");
  } finally {
    await network.stop();
  }
}

function narrate(
  folder: string,
  { seconds, nodes }: { readonly seconds: number; readonly nodes: readonly RunningNodeFacts[] },
): string {
  const table = rows(nodes.map(({ name, client, admin }) => [name, `${client}  ${admin}`] as const));
  return `${table}All ${nodes.length} nodes run, after ${seconds} s. Look at them with fogbow node status ${folder}; Ctrl-C stops them.\n`;
}
