// Which enclaves an app trusts: the measurements that it was built with, and on which platforms.
import { createPolicy, type EvidencePlatform, type Policy, parseMeasurementFile } from "@fogbow/core-attest";
import { SdkError } from "../error.ts";

/** A policy for each enclave that a wallet talks to, or whose report it relies on. */
export interface Trust {
  readonly consensus: Policy;
  readonly view: Policy;
  readonly ledger: Policy;
  readonly ingest: Policy;
}

/** By the names of files of measurements. */
const NAMES = { consensus: "consensus", view: "fog-view", ledger: "fog-ledger", ingest: "fog-ingest" } as const;

/**
 * Trusts what a file of measurements names, such as `enclaves/measurements.json` of a release, on some platforms; `simulated`
 * protects nobody from whoever runs the servers. Throws AttestError `policy-malformed`, and SdkError `trust-incomplete` when an
 * enclave is not named.
 */
export function trustMeasurements(
  text: string,
  { platforms }: { readonly platforms: readonly EvidencePlatform[] },
): Trust {
  const versions = [...parseMeasurementFile(text).values()];
  const policyOf = (name: string): Policy => {
    const measurements = versions.flatMap((enclaves) => {
      const identity = enclaves.get(name);
      return identity === undefined ? [] : [{ identity }];
    });
    if (measurements.length === 0) throw new SdkError("trust-incomplete", `No measurement of ${name} is named.`);
    return createPolicy({ measurements, platforms });
  };
  return {
    consensus: policyOf(NAMES.consensus),
    view: policyOf(NAMES.view),
    ledger: policyOf(NAMES.ledger),
    ingest: policyOf(NAMES.ingest),
  };
}
