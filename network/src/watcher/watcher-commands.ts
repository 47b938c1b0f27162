// `fogbow watcher …`: who watches what validators publish.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addWatcherRunCommand } from "./run.ts";

/** Adds the watcher's commands to the program. */
export function addWatcherCommands(program: Command, surroundings: Surroundings): void {
  const watcher = program
    .command("watcher")
    .description("watch the archives of validators: what each holds, who signed it and when");
  addWatcherRunCommand(watcher, surroundings);
}
