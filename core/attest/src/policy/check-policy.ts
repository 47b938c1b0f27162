// What a policy demands of a platform beyond the identity's own rule; both must be met (spec 04 §13).
import { showTime } from "../der/time.ts";
import { Findings } from "../evidence/findings.ts";
import type { Measurement } from "../evidence/verdict.ts";
import type { QuoteAppraisal } from "../sgx/appraise-quote.ts";
import type { SnpTcb } from "../snp/snp-report.ts";
import type { Policy } from "./policy.ts";

/** Checks an Intel platform's state, advisories and evaluation against the policy. */
export function checkIntelPlatform(appraisal: QuoteAppraisal, policy: Policy): Findings {
  const { tcbStatus, advisories, evaluationDataNumber, tcbDate } = appraisal;
  const findings = new Findings();
  findings.add("accepted-status", {
    ok: tcbStatus !== undefined && policy.acceptedTcbStatuses.includes(tcbStatus),
    problem: "tcb-status-refused",
    expected: policy.acceptedTcbStatuses.join(" or "),
    actual: [tcbStatus ?? "below every level", ...advisories].join(", "),
  });
  const accepted = policy.acceptedAdvisories;
  findings.add("accepted-advisories", {
    ok: accepted === undefined || advisories.every((id) => accepted.includes(id)),
    problem: "advisory-refused",
    expected: accepted === undefined ? "any advisories" : `none but ${accepted.join(", ") || "none"}`,
    actual: advisories.join(", ") || "none",
  });
  findings.add("evaluation", {
    ok: evaluationDataNumber >= policy.minimumEvaluationDataNumber,
    problem: "evaluation-too-old",
    expected: `evaluation ${policy.minimumEvaluationDataNumber} or later`,
    actual: `evaluation ${evaluationDataNumber}`,
  });
  findings.add("tcb-date", {
    ok: (tcbDate ?? Number.NEGATIVE_INFINITY) >= policy.minimumTcbDate,
    problem: "tcb-date-too-old",
    expected: Number.isFinite(policy.minimumTcbDate) ? `a level of ${showTime(policy.minimumTcbDate)} or later` : "any",
    actual: tcbDate === undefined ? "below every level" : showTime(tcbDate),
  });
  return findings;
}

/** Checks the firmware of an AMD platform against the policy; undefined firmware meets no demand. */
export function checkSnpPlatform(tcb: SnpTcb | undefined, { minimumSnpTcb }: Policy): Findings {
  const findings = new Findings();
  const parts = ["bootLoader", "tee", "snp", "microcode", "fmc"] as const;
  const demanded = parts.filter((part) => minimumSnpTcb[part] !== undefined);
  findings.add("accepted-firmware", {
    ok: demanded.every((part) => tcb !== undefined && tcb[part] >= (minimumSnpTcb[part] ?? 0)),
    problem: "snp-tcb-too-low",
    expected: demanded.map((part) => `${part} ${minimumSnpTcb[part]} or later`).join(", ") || "any",
    actual: tcb === undefined ? "unknown" : parts.map((part) => `${part} ${tcb[part]}`).join(", "),
  });
  return findings;
}

/** Checks the security version of the code that runs; TDX machines state none. */
export function checkSecurityVersion(measurement: Measurement, { minimumSecurityVersion }: Policy): Findings {
  const findings = new Findings();
  if (measurement.kind !== "tdx") {
    const version = measurement.kind === "sgx" ? measurement.securityVersion : measurement.guestSvn;
    findings.add("security-version", {
      ok: version >= minimumSecurityVersion,
      problem: "security-version-too-low",
      expected: `security version ${minimumSecurityVersion} or later`,
      actual: `security version ${version}`,
    });
  }
  return findings;
}
