// `fogbow enclave …`: making enclaves' bundles, and looking at what proves them, one file a command.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { addBuildCommand } from "./build.ts";
import { addInspectEvidenceCommand } from "./inspect-evidence.ts";
import { addMeasureCommand } from "./measure.ts";
import { addVerifyCommand } from "./verify.ts";

/** Adds the enclave commands to the program. */
export function addEnclaveCommands(program: Command, surroundings: Surroundings): void {
  const enclave = program.command("enclave").description("build, measure and verify enclaves, and inspect evidence");
  addBuildCommand(enclave, surroundings);
  addMeasureCommand(enclave, surroundings);
  addVerifyCommand(enclave, surroundings);
  addInspectEvidenceCommand(enclave, surroundings);
}
