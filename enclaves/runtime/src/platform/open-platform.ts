// Opens the platform that an enclave is told to run on.
import type { Random } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";
import { type ConfidentialVmOptions, openConfidentialVm } from "./confidential-vm.ts";
import type { FileOperations } from "./file-operations.ts";
import { type GramineSgxOptions, openGramineSgx } from "./gramine-sgx.ts";
import type { Platform } from "./platform.ts";
import { openSimulated, type SimulatedOptions } from "./simulated.ts";

/** Which platform, and what it is told: plain data, so that it can be written on a command line that is measured. */
export type PlatformOptions = SimulatedOptions | GramineSgxOptions | ConfidentialVmOptions;

/** What the platform is opened for. */
export interface PlatformIdentity {
  /** Of the bundle, 32 bytes. */
  readonly measurement: Uint8Array;
  readonly productId: number;
  readonly securityVersion: number;
}

/** What platforms work with. */
export interface PlatformParts {
  readonly files: FileOperations;
  readonly random: Random;
  /** Milliseconds since the epoch; only the simulated platform asks. */
  readonly now: () => number;
}

/** Opens it. Throws {@link RuntimeError} `platform-unavailable` where it is not present. */
export async function openPlatform(
  options: PlatformOptions,
  identity: PlatformIdentity,
  parts: PlatformParts,
): Promise<Platform> {
  switch (options.kind) {
    case "simulated":
      return openSimulated(options, identity, parts);
    case "gramine-sgx":
      return openGramineSgx(options, parts);
    case "tdx":
    case "sev-snp":
      return openConfidentialVm(options, identity, parts);
    default:
      options satisfies never;
      throw new RuntimeError("platform-unavailable", "There is no such platform.");
  }
}
