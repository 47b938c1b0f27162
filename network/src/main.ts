// The fogbow command: parses arguments, runs what they name, and turns failures into one line and an exit code.
import { randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { narrate } from "./narrate.ts";
import { timeKernel } from "./time-kernel.ts";
import { tour } from "./tour.ts";

/** Where the command writes, and what decides about colour. The running process fits. */
export interface Surroundings {
  readonly stdout: Sink & { readonly isTTY?: boolean };
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Sink {
  write(text: string): unknown;
}

/** Runs the command with its arguments (without node and script). Returns the exit code: 0, or 1 after one clear error. */
export async function main(args: readonly string[], { stdout, stderr, env }: Surroundings): Promise<number> {
  const colors = pc.createColors(stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb");
  const program = new Command("fogbow")
    .description("Private payments for phones: the MobileCoin network and MobileCoin Fog in TypeScript.")
    .version(version(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  program
    .command("tour")
    .description(
      "take a tour of the library: a payment from words to key image, another into a ledger; no network is involved",
    )
    .option("--json", "print the same facts as one JSON object")
    .action(async ({ json }: { readonly json?: boolean }) => {
      const facts = await tour(systemRandom);
      const timing = timeKernel(systemRandom);
      stdout.write(json === true ? `${JSON.stringify({ ...facts, timing })}\n` : narrate(facts, timing, colors));
    });
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode; // Commander has said what was wrong.
    stderr.write(`fogbow: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** The system's generator, the one place where this command gets randomness. Filled in place: no copy stays behind. */
const systemRandom = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return manifest.version;
}
