// The file of measurements that clients trust: version → enclave → identity, in the form of spec 04 §7.3.
import { type MeasurementFile, type MrEnclaveIdentity, trustedIdentityToJson } from "@fogbow/core-attest";
import { utf8 } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";

/** A bundle's measurement, or a SIGSTRUCT's, as an identity without mitigated advisories. */
export function identityOf(mrEnclave: Uint8Array): MrEnclaveIdentity {
  return { kind: "mr-enclave", mrEnclave, configAdvisories: [], hardeningAdvisories: [] };
}

/**
 * The file's bytes: sorted names, two spaces, a line break at the end. Throws {@link RuntimeError}
 * `invalid-measurements` for an identity that the form has no place for.
 */
export function encodeMeasurements(measurements: MeasurementFile): Uint8Array {
  const sorted = <T>(entries: ReadonlyMap<string, T>): [string, T][] =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const ordered = sorted(measurements).map(([version, enclaves]) => {
    const identities = sorted(enclaves).map(([name, identity]) => {
      if (identity.kind !== "mr-enclave" && identity.kind !== "mr-signer") {
        throw new RuntimeError("invalid-measurements", "The file holds identities by MRENCLAVE and MRSIGNER only.");
      }
      return [name, trustedIdentityToJson(identity)];
    });
    return [version, Object.fromEntries(identities)];
  });
  return utf8(`${JSON.stringify(Object.fromEntries(ordered), undefined, 2)}\n`);
}
