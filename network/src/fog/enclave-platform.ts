// On which platform the enclave of a role runs.
import type { PlatformOptions } from "@fogbow/runtime-enclave";
import { CommandError } from "../error.ts";
import type { RoleOptions } from "./role-options.ts";

/**
 * What `--enclave-platform` says, `simulated` without, which protects nobody from root on this machine. The state folder is
 * for enclaves that seal something between starts. Throws `invalid-argument`.
 */
export function enclavePlatform(options: RoleOptions, stateFolder?: string): PlatformOptions {
  const kind = options.text("enclave-platform") ?? "simulated";
  switch (kind) {
    case "simulated":
    case "software-mode":
      return {
        kind: "simulated",
        softwareMode: kind === "software-mode",
        ...(stateFolder !== undefined && { stateFolder }),
      };
    case "gramine-sgx":
      return { kind };
    case "tdx":
    case "sev-snp":
      return { kind, binding: "image" };
    default:
      throw new CommandError("invalid-argument", `There is no enclave platform ${kind}.`);
  }
}
