// The fogbow command: parses arguments, runs what they name, and turns failures into one line and an exit code.
import { randomFillSync } from "node:crypto";
import { CodedError } from "@fogbow/core-bytes";
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
import { addHomeCommands } from "./up/home-commands.ts";
import { addUpCommand } from "./up/up.ts";
import { packageVersion } from "./version.ts";
import { addWalletCommands } from "./wallet/wallet-commands.ts";
import { addWatcherCommands } from "./watcher/watcher-commands.ts";

/** Runs the command with its arguments (without node and script). Returns the exit code: 0, or another after one clear error; {@link exitCodeOf} says which. */
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
    .action(async ({ json }: { readonly json?: boolean }) => {
      const facts = await tour(systemRandom);
      const timing = timeKernel(systemRandom);
      stdout.write(json === true ? `${JSON.stringify({ ...facts, timing })}\n` : narrate(facts, timing, colors));
    });
  addUpCommand(program, surroundings);
  addHomeCommands(program, surroundings);
  addWalletCommands(program, surroundings);
  addEnclaveCommands(program, surroundings);
  addLedgerCommands(program, surroundings);
  addQuorumCommands(program, surroundings);
  addNodeCommands(program, surroundings);
  addNetworkCommands(program, surroundings);
  addWatcherCommands(program, surroundings);
  addDbCommands(program, surroundings);
  addFogCommands(program, surroundings);
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode; // Commander has said what was wrong.
    stderr.write(`fogbow: ${describe(error)}\n`);
    return exitCodeOf(error);
  }
}

/** 2 when somebody cannot be reached, 3 when an enclave is not trusted, 4 when a payment is rejected, 5 when something is in use, else 1. */
function exitCodeOf(error: unknown): number {
  const code = error instanceof CodedError ? error.code : undefined;
  return EXIT_CODES.find(([, codes]) => code !== undefined && codes.includes(code))?.[0] ?? 1;
}

const EXIT_CODES: readonly (readonly [exitCode: number, codes: readonly string[]])[] = [
  [2, ["connection-failed", "fog-not-ready", "network-down", "node-unreachable", "report-unavailable", "server-error"]],
  [3, ["attestation-failed", "report-refused"]],
  [4, ["fee-outdated", "input-spent", "insufficient-funds", "tombstone-passed", "tx-expired", "tx-refused"]],
  [5, ["file-exists", "folder-not-empty", "network-up"]],
];

/** What went wrong, and the code of it: of the product's own errors, and of the system's. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? `${error.message} (${error.code})` : error.message;
}

/** The system's generator, the one place where this command gets randomness. Filled in place: no copy stays behind. */
const systemRandom = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
