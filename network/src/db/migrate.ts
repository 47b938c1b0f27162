// `fogbow db migrate`: makes the tables, or brings them to this version.
import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { type DatabaseOptions, withDatabase, withOpenDatabase } from "./database.ts";

/** Adds the command. */
export function addMigrateCommand(db: Command, { stdout, env }: Surroundings): void {
  const command = withDatabase(db.command("migrate"))
    .description("make the tables of the recovery database, or bring them to this version; run again, it does nothing")
    .option("--json", JSON_HELP)
    .action(async (options: DatabaseOptions & JsonOption) => {
      const facts = await withOpenDatabase(options, env, async ({ db: database, name }) => {
        await database.migrate();
        return { database: name, schema: "current" };
      });
      stdout.write(options.json === true ? jsonLine(facts) : rows(Object.entries(facts)));
    });
  withExamples(command, [
    ["DATABASE_URL=postgres://fog@localhost/fog fogbow db migrate", "on a server"],
    ["fogbow db migrate --database-folder recovery-db", "the embedded database in a folder"],
  ]);
}
