// `fogbow node …`: one validator, and how validators are doing.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addRunCommand } from "./run.ts";
import { addStatusCommand } from "./status.ts";

/** Adds the node commands to the program. */
export function addNodeCommands(program: Command, surroundings: Surroundings): void {
  const node = program.command("node").description("run a validator node, and ask nodes how they are doing");
  addRunCommand(node, surroundings);
  addStatusCommand(node, surroundings);
}
