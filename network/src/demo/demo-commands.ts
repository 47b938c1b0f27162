// `fogbow demo life`: a payment on the running network, told step by step.
import type { Command } from "commander";
import pc from "picocolors";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { connectTo } from "../up/connect.ts";
import { homeOf, withHome } from "../up/home.ts";
import { newIdentity } from "../wallet/accounts.ts";
import { type LivedStep, liveLife } from "./life.ts";

/** Adds the commands to the program. */
export function addDemoCommands(program: Command, surroundings: Surroundings): void {
  const demo = program.command("demo").description("show what the running network of `fogbow up` can do");
  const life = withHome(
    demo
      .command("life")
      .description(
        "live the life of a payment in ten steps, from a new phone to a deniable proof of who paid, with the time of each; steps whose " +
          "part does not exist yet say so",
      ),
  )
    .option("--json", `${JSON_HELP}: a list of steps`)
    .action((options: JsonOption & { readonly home?: string }) => run(options, surroundings));
  withExamples(life, [
    ["fogbow demo life", "beside fogbow up"],
    ["fogbow demo life --json", "for a program"],
  ]);
}

async function run(options: JsonOption & { readonly home?: string }, { stdout, env }: Surroundings): Promise<void> {
  const colors = pc.createColors(stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb");
  const home = homeOf(options, env);
  const connection = await connectTo(home, { random: systemRandom });
  const lived: LivedStep[] = [];
  try {
    await liveLife({ connection, identity: (entropy) => newIdentity(home, entropy), random: systemRandom }, (step) => {
      lived.push(step);
      if (options.json !== true) stdout.write(line(step, colors));
    });
  } finally {
    connection.close();
  }
  if (options.json === true) stdout.write(jsonLine(lived));
}

function line({ step, title, state, told, ms }: LivedStep, colors: ReturnType<typeof pc.createColors>): string {
  const mark = state === "done" ? colors.green("✓") : colors.yellow("–");
  const time = ms === undefined ? "not yet" : `${ms} ms`;
  return `${mark} ${`${step}`.padStart(2)}  ${title}\n      ${colors.dim(`${time}: ${told}`)}\n`;
}
