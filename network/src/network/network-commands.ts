// `fogbow network …`: a network on one machine, one file a command.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addGenerateCommand } from "./generate.ts";
import { addPayCommand } from "./pay.ts";
import { addRunCommand } from "./run.ts";

/** Adds the network commands to the program. */
export function addNetworkCommands(program: Command, surroundings: Surroundings): void {
  const network = program.command("network").description("make and run a network on this machine");
  addGenerateCommand(network, surroundings);
  addRunCommand(network, surroundings);
  addPayCommand(network, surroundings);
}
