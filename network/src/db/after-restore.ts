// `fogbow db after-restore`: what must be done to a database that was restored from a backup before anything writes to it.
// Wallets have seen events and invocations that the backup does not have; their numbers must not be given out again, or a
// wallet would pass over the new ones for good.
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { type DatabaseOptions, withDatabase, withOpenDatabase } from "./database.ts";

/** Adds the command. */
export function addAfterRestoreCommand(db: Command, { stdout, env }: Surroundings): void {
  const command = withDatabase(db.command("after-restore"))
    .description(
      "after restoring a backup, before anything else runs: move the numbers of events and invocations past all that " +
        "wallets can have seen (2^40, more than a deployment can use up between a backup and its restore)",
    )
    .option("--json", JSON_HELP)
    .action(async (options: DatabaseOptions & JsonOption) => {
      const facts = await withOpenDatabase(options, env, async ({ db: database, name }) => ({
        database: name,
        nextUserEventId: await database.skipUserEventIds(),
        highestBlock: (await database.highestKnownBlockIndex()) ?? null,
      }));
      stdout.write(
        options.json === true
          ? jsonLine(facts)
          : rows([
              ["database", facts.database],
              ["next event", facts.nextUserEventId],
              ["scanned until", facts.highestBlock ?? "nothing"],
            ]),
      );
    });
  withExamples(command, [["DATABASE_URL=postgres://fog@localhost/fog fogbow db after-restore", "on a server"]]);
}
