// `fogbow wallet …`: wallets that find their money through Fog.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addWalletServeCommand } from "./serve.ts";

/** Adds the commands of wallets to the program. */
export function addWalletCommands(program: Command, surroundings: Surroundings): void {
  const wallet = program.command("wallet").description("wallets that hold no ledger");
  addWalletServeCommand(wallet, surroundings);
}
