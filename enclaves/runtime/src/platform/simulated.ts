// The simulated platform: evidence under a development key that is in this repository. It protects nobody (spec 04 §12.4).
import { createSimulatedPlatform, type Simulation, simulatedMrSigner } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { boundKeys } from "../sealing/bound-keys.ts";
import type { SealingKeys } from "../sealing/sealing.ts";
import type { FileOperations } from "./file-operations.ts";
import type { PlatformIdentity } from "./open-platform.ts";
import type { Platform } from "./platform.ts";
import { readIfThere, storedCounter } from "./stored-counter.ts";

/** What the platform is told. */
export interface SimulatedOptions {
  readonly kind: "simulated";
  /** A folder for its sealing key and counter, which must exist; without it nothing can be sealed or counted. */
  readonly stateFolder?: string;
  /** Evidence under the root that MobileCoin's software-mode clients trust (spec 04 §9), instead of our own. */
  readonly softwareMode?: boolean;
}

const KEY_BYTES = 32;

/** Opens it; it is always there. `now` is in milliseconds since 1970. */
export function openSimulated(
  { stateFolder, softwareMode = false }: SimulatedOptions,
  identity: PlatformIdentity,
  { files, random, now }: { readonly files: FileOperations; readonly random: Random; readonly now: () => number },
): Platform {
  const simulation: Simulation = softwareMode ? "software-mode" : "simulated";
  const machine = createSimulatedPlatform(simulation, { random, now: now() });
  const mitigated = { configAdvisories: [], hardeningAdvisories: [] };
  return {
    kind: "simulated",
    evidencePlatform: simulation,
    identity: { kind: "mr-enclave", mrEnclave: identity.measurement, ...mitigated },
    quote: async (reportData) => ({
      kind: "quote",
      quote: machine.quote(identity, reportData),
      collateral: machine.collateral(now()),
    }),
    sealingKeys: stateFolder === undefined ? undefined : fileKeys(stateFolder, simulation, identity, { files, random }),
    counter: storedCounter(stateFolder === undefined ? undefined : `${stateFolder}/counter`, files),
  };
}

/** Keys from a file, which is made when there is none: whoever reads it opens every seal. */
function fileKeys(
  folder: string,
  simulation: Simulation,
  identity: PlatformIdentity,
  { files, random }: { readonly files: FileOperations; readonly random: Random },
): SealingKeys {
  const path = `${folder}/sealing-key`;
  const known = readIfThere(path, files);
  const key = known ?? random(KEY_BYTES);
  if (known === undefined) files.replaceFileSync(path, key);
  return boundKeys(key, { ...identity, signer: simulatedMrSigner(simulation) });
}
