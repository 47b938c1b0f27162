// The fogbow command: parses arguments, runs what they name, and turns failures into one line and an exit code.
import { randomFillSync } from "node:crypto";
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { addDbCommands } from "./db/db-commands.ts";
import { addEnclaveCommands } from "./enclave/enclave-commands.ts";
import { addFogCommands } from "./fog/fog-commands.ts";
import { addLedgerCommands } from "./ledger/ledger-commands.ts";
import { narrate } from "./narrate.ts";
import { addNetworkCommands } from "./network/network-commands.ts";
import { addNodeCommands } from "./node/node-commands.ts";
import { addQuorumCommands } from "./quorum/quorum-commands.ts";
import type { Surroundings } from "./surroundings.ts";
import { timeKernel } from "./time-kernel.ts";
import { tour } from "./tour.ts";
import { visitNetwork } from "./tour-network.ts";
import { packageVersion } from "./version.ts";
import { addWalletCommands } from "./wallet/wallet-commands.ts";
import { addWatcherCommands } from "./watcher/watcher-commands.ts";

/** Runs the command with its arguments (without node and script). Returns the exit code: 0, or 1 after one clear error. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, env } = surroundings;
  const colors = pc.createColors(stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb");
  const program = new Command("fogbow")
    .description("Private payments for phones: the MobileCoin network and MobileCoin Fog in TypeScript.")
    .version(packageVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  program
    .command("tour")
    .description("take a tour of the library: a payment from words to key image, another into a ledger")
    .option(
      "--network",
      "and start five validators and a Fog on this machine: real payments, found by wallets without a ledger",
    )
    .option("--json", "print the same facts as one JSON object")
    .action(async ({ json, network: isLong }: { readonly json?: boolean; readonly network?: boolean }) => {
      const facts = await tour(systemRandom);
      const timing = timeKernel(systemRandom);
      const network = isLong === true ? await visitNetwork({ random: systemRandom, stderr, env }) : undefined;
      const all = { ...facts, timing, ...(network && { network }) };
      stdout.write(json === true ? `${JSON.stringify(all)}\n` : narrate(facts, timing, network, colors));
    });
  addEnclaveCommands(program, surroundings);
  addLedgerCommands(program, surroundings);
  addQuorumCommands(program, surroundings);
  addNodeCommands(program, surroundings);
  addNetworkCommands(program, surroundings);
  addWatcherCommands(program, surroundings);
  addDbCommands(program, surroundings);
  addFogCommands(program, surroundings);
  addWalletCommands(program, surroundings);
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode; // Commander has said what was wrong.
    stderr.write(`fogbow: ${describe(error)}\n`);
    return 1;
  }
}

/** What went wrong, and the code of it: of the product's own errors, and of the system's. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? `${error.message} (${error.code})` : error.message;
}

/** The system's generator, the one place where this command gets randomness. Filled in place: no copy stays behind. */
const systemRandom = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
