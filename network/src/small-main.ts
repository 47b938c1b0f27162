// The command for roles that have to be small: a process of one of them loads nothing of enclaves, ledgers and wallets.
import { Command } from "commander";
import { addAdminGatewayCommand } from "./fog/admin-gateway.ts";
import { runProgram } from "./run-program.ts";
import type { Surroundings } from "./surroundings.ts";

/** Whether arguments name one of those roles. */
export function isSmall([group, name]: readonly string[]): boolean {
  return group === "fog" && name === "admin-gateway";
}

/** Runs the command as `main` does, for arguments of which `isSmall` is true. */
export function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = new Command("fogbow");
  addAdminGatewayCommand(program.command("fog"), surroundings);
  return runProgram(program, args, surroundings);
}
