// Whether a policy trusts what runs: some identity matches, now, with its advisories (spec 04 §7.3).
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { showTime } from "../der/time.ts";
import { Findings } from "../evidence/findings.ts";
import { describeMeasurement, type Measurement } from "../evidence/verdict.ts";
import type { Standing } from "../sgx/tcb-info.ts";
import { isAtLeast, type TcbStatus } from "../sgx/tcb-status.ts";
import type { AllowedMeasurement, Policy } from "./policy.ts";
import type { MitigatedAdvisories, TrustedIdentity } from "./trusted-identity.ts";

/** What is compared with a policy. */
export interface MeasurementQuestion {
  readonly measurement: Measurement;
  /** How Intel's platform stands; undefined for AMD's, and below every level. */
  readonly standing: Pick<Standing, "status" | "advisories"> | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Whether what runs is trusted. */
export interface MeasurementFinding {
  readonly findings: Findings;
  /** The last instant at which it is; undefined when it is not, Infinity when it is for ever. */
  readonly validUntil: number | undefined;
}

/** Compares what runs with everything that the policy trusts. The first of these rules that refuses is the problem. */
export function checkMeasurement(
  question: MeasurementQuestion,
  policy: Pick<Policy, "measurements">,
): MeasurementFinding {
  const { measurement, at } = question;
  const findings = new Findings();
  const matching = policy.measurements.filter(({ identity }) => matches(measurement, identity));
  const current = matching.filter((each) => isCurrent(each, at));
  const accepted = current.filter(({ identity }) => acceptsStanding(identity, question));
  const trusted = describeTrusted(policy.measurements.filter(({ withdrawn }) => withdrawn !== true));
  const actual = describeMeasurement(measurement);
  const refuse = (problem: Parameters<Findings["add"]>[1]["problem"], expected: string, found: string): void =>
    findings.add("measurement", { ok: false, problem, expected, actual: found });

  if (matching.length === 0) {
    const older = policy.measurements.some(({ identity }) => isOlder(measurement, identity));
    refuse(older ? "security-version-too-low" : "measurement-unknown", trusted, actual);
  } else if (matching.some(({ withdrawn }) => withdrawn === true)) {
    refuse("measurement-withdrawn", "a measurement that was not withdrawn", actual);
  } else if (current.length === 0) {
    refuse(
      "measurement-not-current",
      matching.map(describeWindow).join(" or "),
      `${actual}, checked at ${showTime(at)}`,
    );
  } else if (accepted.length === 0) {
    refuseStanding(findings, current, question);
  } else {
    findings.add("measurement", { ok: true, problem: "measurement-unknown", expected: trusted, actual });
    const ends = accepted.map(({ validUntil }) => validUntil ?? Number.POSITIVE_INFINITY);
    return { findings, validUntil: Math.max(...ends) };
  }
  return { findings, validUntil: undefined };
}

/** The worst state that an identity accepts: its lists of advisories say what was dealt with. */
export function allowedStatus({ configAdvisories, hardeningAdvisories }: MitigatedAdvisories): TcbStatus {
  const [config, hardening] = [configAdvisories.length > 0, hardeningAdvisories.length > 0];
  if (config) {
    return hardening ? "ConfigurationAndSWHardeningNeeded" : "ConfigurationNeeded";
  }
  return hardening ? "SWHardeningNeeded" : "UpToDate";
}

function matches(measurement: Measurement, identity: TrustedIdentity): boolean {
  switch (identity.kind) {
    case "mr-enclave":
      return measurement.kind === "sgx" && equalBytes(measurement.mrEnclave, identity.mrEnclave);
    case "mr-signer":
      return isProduct(measurement, identity) && !isOlder(measurement, identity);
    case "td":
      return (
        measurement.kind === "tdx" &&
        equalBytes(measurement.mrTd, identity.mrTd) &&
        measurement.rtmrs.every((rtmr, i) => {
          const trusted = identity.rtmrs[i];
          return trusted === undefined || equalBytes(rtmr, trusted);
        })
      );
    case "sev-snp":
      return (
        measurement.kind === "sev-snp" &&
        equalBytes(measurement.launchMeasurement, identity.launchMeasurement) &&
        (identity.hostData === undefined || equalBytes(measurement.hostData, identity.hostData))
      );
  }
}

function isProduct(measurement: Measurement, identity: TrustedIdentity): boolean {
  return (
    measurement.kind === "sgx" &&
    identity.kind === "mr-signer" &&
    equalBytes(measurement.mrSigner, identity.mrSigner) &&
    measurement.productId === identity.productId
  );
}

/** Whether it is a trusted product of a security version that is not trusted any more. */
function isOlder(measurement: Measurement, identity: TrustedIdentity): boolean {
  return (
    isProduct(measurement, identity) &&
    measurement.kind === "sgx" &&
    identity.kind === "mr-signer" &&
    measurement.securityVersion < identity.minimumSvn
  );
}

function isCurrent({ validFrom, validUntil }: AllowedMeasurement, at: number): boolean {
  return at >= (validFrom ?? Number.NEGATIVE_INFINITY) && at <= (validUntil ?? Number.POSITIVE_INFINITY);
}

function acceptsStanding(identity: TrustedIdentity, { measurement, standing }: MeasurementQuestion): boolean {
  if (identity.kind === "sev-snp" || measurement.kind === "sev-snp") {
    return true; // AMD states versions, not advisories.
  }
  if (standing === undefined) {
    return false;
  }
  const allowed = allowedAdvisories(identity);
  return isAtLeast(standing.status, allowedStatus(identity)) && standing.advisories.every((id) => allowed.includes(id));
}

function allowedAdvisories({ configAdvisories, hardeningAdvisories }: MitigatedAdvisories): string[] {
  return [...configAdvisories, ...hardeningAdvisories];
}

function refuseStanding(
  findings: Findings,
  current: readonly AllowedMeasurement[],
  { standing }: MeasurementQuestion,
): void {
  const identities = current.flatMap(({ identity }) => (identity.kind === "sev-snp" ? [] : [identity]));
  const statusIsFine = identities.some(
    (each) => standing !== undefined && isAtLeast(standing.status, allowedStatus(each)),
  );
  const expected = identities.map((each) =>
    [
      allowedStatus(each) === "UpToDate" ? "UpToDate" : `${allowedStatus(each)} or better`,
      ...allowedAdvisories(each),
    ].join(", "),
  );
  findings.add("measurement", {
    ok: false,
    problem: statusIsFine ? "advisory-refused" : "tcb-status-refused",
    expected: expected.join(" or "),
    actual: standing === undefined ? "below every level" : [standing.status, ...standing.advisories].join(", "),
  });
}

/** How many measurements an explanation names. */
const NAMED = 4;

function describeTrusted(measurements: readonly AllowedMeasurement[]): string {
  if (measurements.length === 0) {
    return "nothing, as all measurements were withdrawn";
  }
  const names = measurements.slice(0, NAMED).map(({ identity }) => describeIdentity(identity));
  const more = measurements.length - names.length;
  return [...names, ...(more > 0 ? [`one of ${more} others`] : [])].join(" or ");
}

function describeIdentity(identity: TrustedIdentity): string {
  switch (identity.kind) {
    case "mr-enclave":
      return `MRENCLAVE ${toHex(identity.mrEnclave)}`;
    case "mr-signer": {
      const { mrSigner, productId, minimumSvn } = identity;
      return `MRSIGNER ${toHex(mrSigner)} with product ${productId} from security version ${minimumSvn} on`;
    }
    case "td":
      return [
        `MRTD ${toHex(identity.mrTd)}`,
        ...identity.rtmrs.flatMap((rtmr, i) => (rtmr === undefined ? [] : [`RTMR${i} ${toHex(rtmr)}`])),
      ].join(" with ");
    case "sev-snp": {
      const host = identity.hostData === undefined ? "" : ` with host data ${toHex(identity.hostData)}`;
      return `launch measurement ${toHex(identity.launchMeasurement)}${host}`;
    }
  }
}

function describeWindow({ validFrom, validUntil }: AllowedMeasurement): string {
  const from = validFrom === undefined ? "" : ` from ${showTime(validFrom)}`;
  const until = validUntil === undefined ? "" : ` until ${showTime(validUntil)}`;
  return `a time${from}${until}`;
}
