// On which platform the enclave of a role runs.
import type { PlatformOptions } from "@fogbow/runtime-enclave";
import { CommandError } from "../error.ts";
import type { RoleOptions } from "./role-options.ts";

/** The platform that `--enclave-platform` names, simulated without. Throws CommandError `invalid-argument`. */
export function viewPlatform(options: RoleOptions): PlatformOptions {
  const kind = options.text("enclave-platform") ?? "simulated";
  switch (kind) {
    case "simulated":
    case "software-mode":
      return { kind: "simulated", softwareMode: kind === "software-mode" }; // It keeps nothing: view's enclave seals nothing.
    case "gramine-sgx":
      return { kind };
    case "tdx":
    case "sev-snp":
      return { kind, binding: "image" };
    default:
      throw new CommandError("invalid-argument", `There is no enclave platform ${kind}.`);
  }
}
