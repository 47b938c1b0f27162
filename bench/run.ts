// `npm run bench -- [name] [--json]`: measures the named group of figures, or all of them one after another. A table
// goes to the terminal; with --json one object goes to standard output and the table to standard error.
import { benchCatchUp } from "./catch-up.ts";
import { benchChannel } from "./channel.ts";
import { benchConsensus } from "./consensus.ts";
import { benchCore } from "./core.ts";
import { benchFog } from "./fog.ts";
import { benchKernel } from "./kernel.ts";
import type { Figure } from "./measure.ts";
import { benchPayment } from "./payment.ts";
import { commit, machine } from "./provenance.ts";
import { heading, row } from "./table.ts";
import { benchTransactions } from "./transactions.ts";

const GROUPS: ReadonlyMap<string, (report: (figure: Figure) => void) => Promise<void>> = new Map([
  ["kernel", benchKernel],
  ["core", benchCore],
  ["transactions", benchTransactions],
  ["channel", benchChannel],
  ["catch-up", (report) => benchCatchUp(report)],
  ["consensus", benchConsensus],
  ["fog", benchFog],
  ["payment", benchPayment],
]);

const args = process.argv.slice(2);
const json = args.includes("--json");
const [name, ...rest] = args.filter((argument) => argument !== "--json");
const wrong = rest[0] ?? (name === undefined || GROUPS.has(name) ? undefined : name);

if (wrong === undefined) await bench();
else {
  console.error(`bench: "${wrong}" is no benchmark; give one of ${[...GROUPS.keys()].join(", ")}, or none to run all.`);
  process.exitCode = 2;
}

async function bench(): Promise<void> {
  const stamp = { name: name ?? "all", machine: machine(), commit: commit() };
  const figures: Figure[] = [];
  const say = json ? console.error : console.log;
  say(`${stamp.machine}\ncommit ${stamp.commit}\n\n${heading}`);
  for (const [group, run] of GROUPS) {
    if (name !== undefined && name !== group) continue;
    await run((figure) => {
      figures.push(figure);
      say(row(figure));
    });
  }
  if (json) console.log(JSON.stringify({ ...stamp, figures }));
}
