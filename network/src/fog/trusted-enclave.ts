// Which enclaves of a Fog are trusted, and on which platforms.
import { createPolicy, EVIDENCE_PLATFORMS, type Policy } from "@fogbow/core-attest";
import { identityOf, measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { identitiesIn, readMeasurements } from "../enclave/measurement-file.ts";
import type { RoleOptions } from "./role-options.ts";

/** An enclave by its name in files of measurements, and where the one is that was built with this program. */
export interface KnownEnclave {
  readonly name: string;
  readonly bundle: string;
}

/** What `--measurements` names, else what was built with this program; simulated platforms by `--trust-simulated` only. */
export async function trustedEnclave(options: RoleOptions, { name, bundle }: KnownEnclave): Promise<Policy> {
  const file = options.text("measurements");
  const identities =
    file === undefined
      ? [identityOf(measureBundle(await readBundle(bundle)))]
      : identitiesIn(await readMeasurements(file), name).map(({ identity }) => identity);
  const trustsSimulated = options.flag("trust-simulated");
  const platforms = EVIDENCE_PLATFORMS.filter((each) => trustsSimulated || !/simulated|software-mode/.test(each));
  return createPolicy({ measurements: identities.map((identity) => ({ identity })), platforms });
}
