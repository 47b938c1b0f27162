// `fogbow db …`: the recovery database, for its operator.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addAfterRestoreCommand } from "./after-restore.ts";
import { addCleanCommand } from "./clean.ts";
import { addMigrateCommand } from "./migrate.ts";
import { addMissedBlocksCommand } from "./missed-blocks.ts";
import { addServeCommand } from "./serve.ts";
import { addStatusCommand } from "./status.ts";

/** Adds the commands of the recovery database to the program. */
export function addDbCommands(program: Command, surroundings: Surroundings): void {
  const db = program.command("db").description("the recovery database of Fog: make it, look at it, offer it, clean up");
  addMigrateCommand(db, surroundings);
  addStatusCommand(db, surroundings);
  addServeCommand(db, surroundings);
  addCleanCommand(db, surroundings);
  addAfterRestoreCommand(db, surroundings);
  addMissedBlocksCommand(db, surroundings);
}
