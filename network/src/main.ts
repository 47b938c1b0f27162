// The fogbow command: parses arguments, runs what they name, and turns failures into one line and an exit code.
import { Command } from "commander";
import pc from "picocolors";
import { addCanaryCommand } from "./canary/canary-commands.ts";
import { addCompletionCommand } from "./completion.ts";
import { addDbCommands } from "./db/db-commands.ts";
import { addDemoCommands } from "./demo/demo-commands.ts";
import { addEnclaveCommands } from "./enclave/enclave-commands.ts";
import { addFogCommands } from "./fog/fog-commands.ts";
import { addLedgerCommands } from "./ledger/ledger-commands.ts";
import { addLoadCommands } from "./load/load-commands.ts";
import { narrate } from "./narrate.ts";
import { addNetworkCommands } from "./network/network-commands.ts";
import { addNodeCommands } from "./node/node-commands.ts";
import { addQuorumCommands } from "./quorum/quorum-commands.ts";
import { runProgram } from "./run-program.ts";
import type { Surroundings } from "./surroundings.ts";
import { systemRandom } from "./system-random.ts";
import { timeKernel } from "./time-kernel.ts";
import { tour } from "./tour.ts";
import { addHomeCommands } from "./up/home-commands.ts";
import { addUpCommand } from "./up/up.ts";
import { packageVersion } from "./version.ts";
import { addWalletCommands } from "./wallet/wallet-commands.ts";
import { addWatcherCommands } from "./watcher/watcher-commands.ts";

/** Runs the command with its arguments (without node and script). Returns the exit code: 0, or another after one clear error. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, env } = surroundings;
  const colors = pc.createColors(stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb");
  const program = new Command("fogbow")
    .description("Private payments for phones: the MobileCoin network and MobileCoin Fog in TypeScript.")
    .version(packageVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print help");
  program
    .command("tour")
    .description("take a tour of the library: a payment from words to key image, another into a ledger")
    .option(
      "--network",
      "and start five validators and a Fog on this machine: real payments, found by wallets without a ledger",
    )
    .option("--json", "print the same facts as one JSON object")
    .action(async ({ json }: { readonly json?: boolean }) => {
      const facts = await tour(systemRandom);
      const timing = timeKernel(systemRandom);
      stdout.write(json === true ? `${JSON.stringify({ ...facts, timing })}\n` : narrate(facts, timing, colors));
    });
  addUpCommand(program, surroundings);
  addHomeCommands(program, surroundings);
  addWalletCommands(program, surroundings);
  addDemoCommands(program, surroundings);
  addEnclaveCommands(program, surroundings);
  addLedgerCommands(program, surroundings);
  addQuorumCommands(program, surroundings);
  addNodeCommands(program, surroundings);
  addNetworkCommands(program, surroundings);
  addWatcherCommands(program, surroundings);
  addDbCommands(program, surroundings);
  addFogCommands(program, surroundings);
  addCanaryCommand(program, surroundings);
  addLoadCommands(program, surroundings);
  addCompletionCommand(program, surroundings);
  return runProgram(program, args, surroundings);
}
