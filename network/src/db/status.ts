// `fogbow db status`: what the recovery database holds.
import { toHex } from "@fogbow/core-bytes";
import { type RecoveryDb, RecoveryDbError } from "@fogbow/recovery-db";
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { type DatabaseOptions, withDatabase, withOpenDatabase } from "./database.ts";

/** Adds the command. */
export function addStatusCommand(db: Command, { stdout, env }: Surroundings): void {
  const command = withDatabase(db.command("status"))
    .description("what the recovery database holds: keys, invocations, blocks, what was missed, whether it is migrated")
    .option("--json", JSON_HELP)
    .action(async (options: DatabaseOptions & JsonOption) => {
      const facts = await withOpenDatabase(options, env, async ({ db: database, name }) => ({
        database: name,
        ...(await look(database)),
      }));
      stdout.write(options.json === true ? jsonLine(facts) : narrate(facts));
    });
  withExamples(command, [
    ["fogbow db status --database-url postgres://fog@localhost/fog", "on a server"],
    ["fogbow db status --database-folder recovery-db --json", "the embedded database, for programs"],
  ]);
}

type Facts = Awaited<ReturnType<typeof look>> & { readonly database: string };

async function look(db: RecoveryDb) {
  if (!(await isMigrated(db))) return { schema: "outdated" } as const;
  const keys = await db.ingressKeyRecords(0n, { includeLost: true, includeRetired: true, onlyUnexpired: false });
  return {
    schema: "current",
    ...(await db.counts()),
    highestBlock: (await db.highestKnownBlockIndex()) ?? null,
    missedBlockRanges: await db.missedBlockRanges(),
    keys: keys.map(({ key, status, lastScannedBlock }) => ({
      key: toHex(key),
      ...status,
      lastScannedBlock: lastScannedBlock ?? null,
    })),
  } as const;
}

async function isMigrated(db: RecoveryDb): Promise<boolean> {
  try {
    await db.assertMigrated();
    return true;
  } catch (error) {
    if (error instanceof RecoveryDbError && error.code === "schema-outdated") return false;
    throw error;
  }
}

function narrate(facts: Facts): string {
  if (facts.schema === "outdated") {
    return rows([
      ["database", facts.database],
      ["schema", "not of this version: run 'fogbow db migrate'"],
    ]);
  }
  const missed = facts.missedBlockRanges.map(({ startBlock, endBlock }) => `${startBlock} to ${endBlock - 1n}`);
  return rows([
    ["database", facts.database],
    ["schema", facts.schema],
    ["ingress keys", facts.ingressKeys],
    ["invocations", facts.invocations],
    ["blocks", facts.blocks],
    ["highest block", facts.highestBlock ?? "none"],
    ["events", facts.events],
    ["reports", facts.reports],
    ["missed blocks", missed.length === 0 ? "none" : missed.join(", ")],
    ...facts.keys.map(({ key, lastScannedBlock, pubkeyExpiry, retired, lost }) => {
      const scanned = lastScannedBlock === null ? "nothing scanned" : `scanned to ${lastScannedBlock}`;
      const state = `${retired ? ", retired" : ""}${lost ? ", lost" : ""}`;
      return [`key ${key.slice(0, 16)}…`, `${scanned}, promised before ${pubkeyExpiry}${state}`] as const;
    }),
  ]);
}
