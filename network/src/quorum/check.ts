// `fogbow quorum check PATH…`: whether a network's quorum sets are safe, and how much may go wrong.
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, printable } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { examineQuorums, type QuorumFacts, type Tolerance } from "./examine-quorums.ts";
import { readNodes } from "./read-nodes.ts";

interface CheckOptions extends JsonOption {
  readonly strict?: boolean;
}

/** Adds the command. */
export function addCheckCommand(quorum: Command, { stdout }: Surroundings): void {
  const command = quorum
    .command("check")
    .description(
      "check quorum sets: each for itself, and together whether any two quorums share a node, how many nodes may lie, " +
        "and how many may be silent",
    )
    .argument("<path...>", "folder of a network, files of nodes, or host:port=FILE for network files")
    .option("--strict", "fail on warnings too")
    .option("--json", JSON_HELP)
    .action(async (paths: readonly string[], { strict, json }: CheckOptions) => {
      const facts = examineQuorums(await readNodes(paths));
      stdout.write(json === true ? jsonLine(facts) : narrate(facts));
      const [problem] = [...facts.problems, ...(strict === true ? facts.warnings : [])];
      if (problem !== undefined) throw new CommandError("quorum-unsafe", problem.message);
    });
  withExamples(command, [
    ["fogbow quorum check network.toml", "one quorum set for itself"],
    ["fogbow quorum check ./mynet", "all nodes that `network generate` made"],
    ["fogbow quorum check a.example:443=a.toml b.example:443=b.toml", "what several operators wrote"],
  ]);
}

/** The quorum set of a node that listens to nobody. */
const ALONE = "0 of ()";

function narrate({ nodes, disjoint, liars, silent, problems, warnings }: QuorumFacts): string {
  const lines = nodes.map(({ responderId, quorumSet }) => `${responderId} listens to ${quorumSet}`);
  if (liars === undefined || silent === undefined) {
    if (nodes[0]?.quorumSet === ALONE) lines.push("A network of one node, which decides by itself.");
    else if (problems.length === 0) {
      lines.push("Whether quorums intersect takes the configurations of all nodes: give a folder, or several files.");
    }
  } else {
    if (liars.nodes !== undefined) lines.push(liarsText(liars, disjoint));
    if (silent.nodes !== undefined) lines.push(silentText(silent));
  }
  for (const { message } of warnings) lines.push(`warning: ${message}`);
  for (const { message } of problems) lines.push(`PROBLEM: ${message}`);
  if (problems.length === 0 && warnings.length === 0) lines.push("No objections.");
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function liarsText(liars: Tolerance, disjoint: QuorumFacts["disjoint"]): string {
  const held = isNone(liars)
    ? "Any two quorums share a node, which must be honest."
    : `Any two quorums share an honest node, even if ${anySome(liars, "lies", "lie")}.`;
  const [a = [], b = []] = disjoint ?? [];
  if (liars.breaking === undefined || disjoint === undefined) return held;
  return `${held} With the lies of ${list(liars.breaking)}, ${list(a)} could decide one thing, and ${list(b)} another.`;
}

function silentText(silent: Tolerance): string {
  const held = isNone(silent)
    ? "All nodes go on as long as none is silent."
    : `All others go on when ${anySome(silent, "is silent", "are silent")}.`;
  return silent.breaking === undefined ? held : `${held} Without ${list(silent.breaking)} not all of the others do.`;
}

const isNone = ({ nodes, isExact }: Tolerance): boolean => nodes === 0 && isExact;

/** "any one node lies", "any 2 nodes lie", "at least any 2 nodes lie". */
function anySome({ nodes, isExact }: Tolerance, one: string, many: string): string {
  return `${isExact ? "" : "at least "}any ${nodes === 1 ? `one node ${one}` : `${nodes} nodes ${many}`}`;
}

const list = (names: readonly string[]): string => names.join(" and ");
