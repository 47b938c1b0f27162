// What a verifier accepts: measurements, platforms, states of platforms. Nothing is accepted that is not named.
import { toHex, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { AttestError } from "../error.ts";
import { ACCEPTABLE_TCB_STATUSES, type TcbStatus } from "../sgx/tcb-status.ts";
import type { SnpTcb } from "../snp/snp-report.ts";
import type { TrustedIdentity } from "./trusted-identity.ts";

/** Where evidence can come from. `simulated` and `software-mode` protect nobody: name them only in development. */
export const EVIDENCE_PLATFORMS = ["sgx", "tdx", "sev-snp", "simulated", "software-mode"] as const;

/** Where evidence comes from: `software-mode` is the reference's simulation (spec 04 §9), `simulated` is ours (§12.4). */
export type EvidencePlatform = (typeof EVIDENCE_PLATFORMS)[number];

/** The most measurements that a policy trusts at one time. */
export const MEASUREMENTS_MAX = 256;

/** A measurement that is trusted for some time. */
export interface AllowedMeasurement {
  readonly identity: TrustedIdentity;
  /** The first instant at which it is trusted, in milliseconds since 1970; always unless stated. */
  readonly validFrom?: number;
  /** The last instant at which it is trusted; for ever unless stated. */
  readonly validUntil?: number;
  /** Whether it was withdrawn: enclaves that match it are refused, whatever else they match. */
  readonly withdrawn?: boolean;
}

/** The options of a policy. */
export interface PolicyOptions {
  /** At least one; several while a release replaces another. */
  readonly measurements: readonly AllowedMeasurement[];
  /** Platforms that are trusted; the three of hardware unless stated. */
  readonly platforms?: readonly EvidencePlatform[];
  /** Whether hosts may look into enclaves on hardware; not unless stated. Simulated enclaves always can be. */
  readonly allowDebug?: boolean;
  /** The lowest security version of enclaves; 0 unless stated. TDX has none. */
  readonly minimumSecurityVersion?: number;
  /** States of Intel's platforms that are accepted, in addition to what the identity demands; all that can be trusted. */
  readonly acceptedTcbStatuses?: readonly TcbStatus[];
  /** Advisories that are accepted, in addition to what the identity demands; any unless stated. */
  readonly acceptedAdvisories?: readonly string[] | undefined;
  /** The lowest number of Intel's evaluation that collateral may follow; 0 unless stated. */
  readonly minimumEvaluationDataNumber?: number;
  /** The oldest date of the level of Intel's platforms, in milliseconds since 1970; any unless stated. */
  readonly minimumTcbDate?: number;
  /** The oldest firmware of AMD's platforms; any unless stated. */
  readonly minimumSnpTcb?: Partial<SnpTcb>;
  /**
   * The least privileged level of a SEV-SNP machine whose reports count, 0 to 3; 0, the level that owns the machine, unless
   * stated. Machines whose owner is a service module (SVSM) run their kernel at a higher number.
   */
  readonly maximumVmpl?: number;
  /** Whether certificates must be valid at the time of verification; they must unless stated. */
  readonly checkCertificateTimes?: boolean;
  /** Whether revocation lists must be fresh at the time of verification; they must unless stated. */
  readonly checkCrlTimes?: boolean;
  /** Whether there must be revocation lists; there must unless stated. The reference's software mode has none. */
  readonly requireCrls?: boolean;
}

/** A policy with nothing left open. Make one with {@link createPolicy}. */
export type Policy = Required<Omit<PolicyOptions, "acceptedAdvisories">> & {
  readonly acceptedAdvisories: readonly string[] | undefined;
};

/**
 * A policy from its options. Throws `policy-empty` when no measurement or no platform is named, and `policy-malformed`
 * for states that can never be trusted, measurements of a wrong length, windows that end before they begin, and numbers out
 * of range.
 */
export function createPolicy(options: PolicyOptions): Policy {
  const policy: Policy = {
    measurements: options.measurements,
    platforms: options.platforms ?? ["sgx", "tdx", "sev-snp"],
    allowDebug: options.allowDebug ?? false,
    minimumSecurityVersion: options.minimumSecurityVersion ?? 0,
    acceptedTcbStatuses: options.acceptedTcbStatuses ?? ACCEPTABLE_TCB_STATUSES,
    acceptedAdvisories: options.acceptedAdvisories,
    minimumEvaluationDataNumber: options.minimumEvaluationDataNumber ?? 0,
    minimumTcbDate: options.minimumTcbDate ?? Number.NEGATIVE_INFINITY,
    minimumSnpTcb: options.minimumSnpTcb ?? {},
    maximumVmpl: options.maximumVmpl ?? 0,
    checkCertificateTimes: options.checkCertificateTimes ?? true,
    checkCrlTimes: options.checkCrlTimes ?? true,
    requireCrls: options.requireCrls ?? true,
  };
  assertPolicy(policy);
  return policy;
}

/**
 * The same policy without trust in the enclaves that `isMeant` picks: their entries stay, so that the refusal can say why.
 * Verdicts kept under the old policy do not count under the new one.
 */
export function withdrawMeasurements(policy: Policy, isMeant: (identity: TrustedIdentity) => boolean): Policy {
  const measurements = policy.measurements.map((each) =>
    isMeant(each.identity) ? { ...each, withdrawn: true } : each,
  );
  return { ...policy, measurements };
}

/** 32 bytes that two policies share only when they say the same. */
export function policyDigest(policy: Policy): Uint8Array {
  return kernel().hashes.sha256(utf8(`fogbow-policy-v1${JSON.stringify(policy, canonical)}`));
}

/** Members in one order, bytes in hexadecimal, and the numbers that JSON lacks. */
function canonical(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return toHex(value);
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return `${value}`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function assertPolicy(policy: Policy): void {
  if (policy.measurements.length === 0 || policy.platforms.length === 0) {
    throw new AttestError("policy-empty", "A policy names at least one measurement and one platform that it trusts.");
  }
  if (policy.measurements.length > MEASUREMENTS_MAX) {
    throw malformed(`A policy names at most ${MEASUREMENTS_MAX} measurements.`);
  }
  const refused = policy.acceptedTcbStatuses.find((status) => !ACCEPTABLE_TCB_STATUSES.includes(status));
  if (refused !== undefined) {
    throw malformed(`A platform in state ${refused} can never be trusted.`);
  }
  const stranger = policy.platforms.find((platform) => !EVIDENCE_PLATFORMS.includes(platform));
  if (stranger !== undefined) {
    throw malformed(`There is no platform ${JSON.stringify(stranger)}; there are ${EVIDENCE_PLATFORMS.join(", ")}.`);
  }
  assertInteger(policy.maximumVmpl, 3, "privilege level");
  for (const { identity, validFrom, validUntil } of policy.measurements) {
    assertIdentity(identity);
    if (validFrom !== undefined && validUntil !== undefined && !(validFrom <= validUntil)) {
      throw malformed("A measurement is trusted until before it begins to be trusted.");
    }
  }
}

function assertIdentity(identity: TrustedIdentity): void {
  switch (identity.kind) {
    case "mr-enclave":
      assertLength(identity.mrEnclave, 32, "MRENCLAVE");
      break;
    case "mr-signer":
      assertLength(identity.mrSigner, 32, "MRSIGNER");
      assertInteger(identity.productId, 0xffff, "product id");
      assertInteger(identity.minimumSvn, 0xffff, "security version");
      break;
    case "td":
      assertLength(identity.mrTd, 48, "MRTD");
      for (const rtmr of identity.rtmrs) {
        assertLength(rtmr, 48, "RTMR");
      }
      if (identity.rtmrs.length !== 4) {
        throw malformed("A TDX machine has four registers, RTMR0 to RTMR3.");
      }
      break;
    case "sev-snp":
      assertLength(identity.launchMeasurement, 48, "launch measurement");
      assertLength(identity.hostData, 32, "host data");
      break;
    default:
      throw malformed(`There is no identity of kind ${JSON.stringify(identity satisfies never)}.`);
  }
}

function assertLength(value: Uint8Array | undefined, length: number, what: string): void {
  if (value !== undefined && value.length !== length) {
    throw malformed(`A trusted ${what} has ${value.length} bytes, not ${length}.`);
  }
}

/** What is no number is below and above nothing, so that every version would be new enough for it. */
function assertInteger(value: number, max: number, what: string): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw malformed(`A trusted ${what} is a whole number from 0 to ${max}.`);
  }
}

function malformed(message: string): AttestError {
  return new AttestError("policy-malformed", message);
}
