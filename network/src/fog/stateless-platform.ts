// The platform of an enclave that keeps nothing between starts.
import type { PlatformOptions } from "@fogbow/runtime-enclave";
import { CommandError } from "../error.ts";
import type { RoleOptions } from "./role-options.ts";

/** What `--enclave-platform` says, `simulated` without. Throws `invalid-argument`. */
export function statelessPlatform(options: RoleOptions): PlatformOptions {
  const kind = options.text("enclave-platform") ?? "simulated";
  switch (kind) {
    case "simulated":
    case "software-mode":
      return { kind: "simulated", softwareMode: kind === "software-mode" };
    case "gramine-sgx":
      return { kind };
    case "tdx":
    case "sev-snp":
      return { kind, binding: "image" };
    default:
      throw new CommandError("invalid-argument", `There is no enclave platform ${kind}.`);
  }
}
