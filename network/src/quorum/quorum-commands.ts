// `fogbow quorum …`: what can be said about whom nodes listen to, before any of them runs.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addCheckCommand } from "./check.ts";

/** Adds the quorum commands to the program. */
export function addQuorumCommands(program: Command, surroundings: Surroundings): void {
  const quorum = program.command("quorum").description("check whom the nodes of a network listen to");
  addCheckCommand(quorum, surroundings);
}
