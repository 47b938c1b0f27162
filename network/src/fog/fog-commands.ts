// `fogbow fog …`: the roles of Fog, one process each, and what their operator does with them.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addAdminGatewayCommand } from "./admin-gateway.ts";
import { addAuthorityCommands } from "./authority.ts";
import { addBalanceCommand } from "./balance.ts";
import { addIngestCommand } from "./ingest.ts";
import { addIngestAdminCommand } from "./ingest-admin.ts";
import { addIngressKeyCommand } from "./ingress-key.ts";
import { addKeyImageStoreCommand } from "./key-image-store.ts";
import { addKeysCommand } from "./keys.ts";
import { addLedgerRouterCommand } from "./ledger-router.ts";
import { addOverseerCommand } from "./overseer.ts";
import { addReportCommand } from "./report.ts";
import { addTestLedgerCommands } from "./test-ledger.ts";
import { addViewRouterCommand } from "./view-router.ts";
import { addViewStoreCommand } from "./view-store.ts";

/** Adds the commands of Fog to the program. */
export function addFogCommands(program: Command, surroundings: Surroundings): void {
  const fog = program.command("fog").description("run the roles of Fog, one process each, and direct them");
  addIngestCommand(fog, surroundings);
  addIngestAdminCommand(fog, surroundings);
  addReportCommand(fog, surroundings);
  addKeyImageStoreCommand(fog, surroundings);
  addLedgerRouterCommand(fog, surroundings);
  addAuthorityCommands(fog, surroundings);
  addOverseerCommand(fog, surroundings);
  addAdminGatewayCommand(fog, surroundings);
  addKeysCommand(fog, surroundings);
  addIngressKeyCommand(fog, surroundings);
  addTestLedgerCommands(fog, surroundings);
  addViewStoreCommand(fog, surroundings);
  addViewRouterCommand(fog, surroundings);
  addBalanceCommand(fog, surroundings);
}
