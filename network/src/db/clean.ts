// `fogbow db clean`: ends what ended without saying so. Nothing is deleted: a wallet may be restored at any time and ask for
// everything (spec 03 §3.4).
import { RecoveryDbError } from "@fogbow/recovery-db";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { type DatabaseOptions, withDatabase, withOpenDatabase } from "./database.ts";

/** An invocation that was silent for two days has ended. */
const SILENT_MS = 2 * 24 * 60 * 60 * 1_000;

interface CleanOptions extends DatabaseOptions, JsonOption {
  readonly egressKeys?: boolean;
  readonly dryRun?: boolean;
}

/** Adds the command. */
export function addCleanCommand(db: Command, { stdout, env }: Surroundings): void {
  const command = withDatabase(db.command("clean"))
    .description("tell wallets that invocations which were silent for two days have ended; nothing is deleted")
    .option("--egress-keys", "decommission those invocations; without it there is nothing to clean")
    .option("--dry-run", "only say which")
    .option("--json", JSON_HELP)
    .action(async (options: CleanOptions) => {
      if (options.egressKeys !== true) throw new CommandError("invalid-argument", "Say what to clean: --egress-keys.");
      const facts = await clean(options, env);
      stdout.write(
        options.json === true
          ? jsonLine(facts)
          : rows([
              ["database", facts.database],
              [facts.dryRun ? "silent for two days" : "decommissioned", facts.invocations.join(", ") || "none"],
            ]),
      );
    });
  withExamples(command, [
    ["fogbow db clean --egress-keys --dry-run", "which invocations of the database of DATABASE_URL have ended"],
    ["fogbow db clean --egress-keys", "and say so to wallets"],
  ]);
}

async function clean(options: CleanOptions, env: Surroundings["env"]) {
  const dryRun = options.dryRun === true;
  return withOpenDatabase(options, env, async ({ db, name }) => {
    const silent = await db.expiredInvocations(new Date(Date.now() - SILENT_MS));
    const invocations: bigint[] = [];
    for (const id of silent) {
      if (dryRun || (await ended(() => db.decommissionIngestInvocation(id)))) invocations.push(id);
    }
    return { database: name, dryRun, invocations };
  });
}

/** False when somebody else was faster. */
async function ended(decommission: () => Promise<void>): Promise<boolean> {
  try {
    await decommission();
    return true;
  } catch (error) {
    if (error instanceof RecoveryDbError && error.code === "already-decommissioned") return false;
    throw error;
  }
}
