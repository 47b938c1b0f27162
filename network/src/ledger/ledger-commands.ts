// `fogbow ledger …`: what can be done with a ledger in a directory, one file a command.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addBlockCommand } from "./block.ts";
import { addExportCommand } from "./export.ts";
import { addImportCommand } from "./import.ts";
import { addInfoCommand } from "./info.ts";
import { addInitCommand } from "./init.ts";
import { addSnapshotCommand } from "./snapshot.ts";
import { addSyncCommand } from "./sync.ts";
import { addTxOutCommand } from "./tx-out.ts";
import { addVerifyCommand } from "./verify.ts";

/** Adds the ledger commands to the program. */
export function addLedgerCommands(program: Command, surroundings: Surroundings): void {
  const ledger = program
    .command("ledger")
    .description("make, read, verify, archive, import and sync a ledger in a directory");
  addInitCommand(ledger, surroundings);
  addInfoCommand(ledger, surroundings);
  addVerifyCommand(ledger, surroundings);
  addExportCommand(ledger, surroundings);
  addImportCommand(ledger, surroundings);
  addSnapshotCommand(ledger, surroundings);
  addSyncCommand(ledger, surroundings);
  addBlockCommand(ledger, surroundings);
  addTxOutCommand(ledger, surroundings);
}
