// Verifies evidence: everything its platform and its vendor vouch for, and whether the policy trusts that (spec 04 §7, §12).
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { intelSgxRoot } from "../anchors/intel-sgx-root.ts";
import { AttestError } from "../error.ts";
import { checkMeasurement } from "../policy/check-measurement.ts";
import { checkIntelPlatform, checkSecurityVersion, checkSnpPlatform } from "../policy/check-policy.ts";
import type { EvidencePlatform, Policy } from "../policy/policy.ts";
import { appraiseParsedQuote, type QuoteAppraisal } from "../sgx/appraise-quote.ts";

import { type ParsedCollateral, parseCollateral, parsePckChain } from "../sgx/parse-collateral.ts";
import { parseQuote, type Quote } from "../sgx/quote.ts";
import { simulatedRoot, softwareModeRoot } from "../simulated/roots.ts";
import { appraiseSnpReport } from "../snp/appraise-snp.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { DcapEvidence, Evidence, IntelCollateral, ReportDataContents, SevSnpEvidence } from "./evidence.ts";
import { assertContents } from "./evidence-codec.ts";
import { Findings } from "./findings.ts";
import { reportDataOf } from "./report-data.ts";
import type { Measurement, Verdict } from "./verdict.ts";

/** What is asked about evidence. */
export interface EvidenceQuestion {
  readonly evidence: Evidence;
  readonly policy: Policy;
  /** The time that counts, in milliseconds since 1970. */
  readonly at: number;
  /**
   * The peer's X25519 static key in the handshake, 32 bytes. Without it the verdict says that some enclave made the
   * evidence, not that it is the one that answers: leave it out only where there is no handshake, as in Fog's reports.
   */
  readonly handshakeKey?: Uint8Array;
}

/** What verifying may be given. */
export interface VerificationParts {
  /** Parses collateral, or knows it parsed: see `createCollateralParser`. */
  readonly parseCollateral?: (collateral: IntelCollateral) => ParsedCollateral;
}

/**
 * Verifies evidence and makes every check even after one has failed; only what cannot be read ends it early. Never throws
 * for what the evidence holds: the verdict says what is wrong. Rejects with `web-crypto-unavailable`.
 */
export async function verifyEvidence(question: EvidenceQuestion, parts: VerificationParts = {}): Promise<Verdict> {
  const { evidence } = question;
  try {
    assertContents(evidence.reportData);
    return evidence.kind === "dcap" ? await verifyDcap(evidence, question, parts) : await verifySnp(evidence, question);
  } catch (error) {
    if (!(error instanceof AttestError) || error.code === "web-crypto-unavailable") {
      throw error;
    }
    return unreadable(error);
  }
}

async function verifyDcap(
  evidence: DcapEvidence,
  question: EvidenceQuestion,
  { parseCollateral: parse = parseCollateral }: VerificationParts,
): Promise<Verdict> {
  const { policy, at } = question;
  const quote = parseQuote(evidence.quote.slice()); // Others may write to what they gave while signatures are checked.
  const collateral = parse(evidence.collateral);
  const { platform, root, isKnown } = originOf(quote);
  const findings = new Findings();
  const accepted = checkPlatform(platform, policy);
  if (isKnown) {
    findings.append(accepted);
  }
  const isSimulated = platform === "simulated" || platform === "software-mode";
  const appraisal = await appraiseParsedQuote(quote, collateral, {
    root,
    at,
    checkCertificateTimes: policy.checkCertificateTimes,
    checkCrlTimes: policy.checkCrlTimes,
    requireCrls: policy.requireCrls && platform !== "software-mode", // It has none of its own (spec 04 §9).
    allowDebug: policy.allowDebug || isSimulated, // Whoever runs a simulation can look into it anyway.
    softwareMode: platform === "software-mode",
  });
  findings.append(appraisal.findings);
  if (!isKnown) {
    findings.append(accepted); // After the chains: that they lead nowhere says more than what they would have to lead to.
  }
  findings.group("platform-policy", checkIntelPlatform(appraisal, policy));
  const measurement = quoteMeasurement(appraisal.body);
  const { tcbStatus, advisories } = appraisal;
  const standing = tcbStatus === undefined ? undefined : { status: tcbStatus, advisories };
  const trust = checkMeasurement({ measurement, standing, at }, policy);
  findings.append(trust.findings);
  findings.append(checkSecurityVersion(measurement, policy));
  findings.append(checkBinding(appraisal.body.reportData, evidence.reportData, question));
  return conclude(findings, {
    platform,
    measurement,
    advisories,
    ...(tcbStatus === undefined ? {} : { tcbStatus }),
    appraisal,
    trust,
  });
}

async function verifySnp(evidence: SevSnpEvidence, question: EvidenceQuestion): Promise<Verdict> {
  const { policy, at } = question;
  const findings = new Findings();
  findings.append(checkPlatform("sev-snp", policy));
  const appraisal = await appraiseSnpReport(
    { ...evidence, report: evidence.report.slice() }, // As for quotes: nobody else writes to it meanwhile.
    {
      at,
      checkCertificateTimes: policy.checkCertificateTimes,
      checkCrlTimes: policy.checkCrlTimes,
      requireCrls: policy.requireCrls,
      allowDebug: policy.allowDebug,
      maximumVmpl: policy.maximumVmpl,
    },
  );
  findings.append(appraisal.findings);
  findings.group("platform-policy", checkSnpPlatform(appraisal.tcb, policy));
  const { measurement: launchMeasurement, hostData, guestSvn, reportData } = appraisal.report;
  const measurement: Measurement = { kind: "sev-snp", launchMeasurement, hostData, guestSvn };
  const trust = checkMeasurement({ measurement, standing: undefined, at }, policy);
  findings.append(trust.findings);
  findings.append(checkSecurityVersion(measurement, policy));
  findings.append(checkBinding(reportData, evidence.reportData, question));
  return conclude(findings, { platform: "sev-snp", measurement, advisories: [], appraisal, trust });
}

/** A platform, with the root that its certificates must lead to. */
interface Origin {
  readonly platform: EvidencePlatform;
  readonly root: Certificate;
  /** Whether the evidence shows that root; if not, its chains may lead there all the same, as a root can be left out. */
  readonly isKnown: boolean;
}

/** Where a quote comes from, by the root of its own certificates; one that shows another root, or none, is judged as Intel's. */
function originOf(quote: Quote): Origin {
  const root = parsePckChain(quote.pckChainPem).at(-1);
  const isRoot = (known: Certificate): boolean => root !== undefined && equalBytes(root.spki, known.spki);
  if (isRoot(simulatedRoot())) {
    return { platform: "simulated", root: simulatedRoot(), isKnown: true };
  }
  if (isRoot(softwareModeRoot())) {
    return { platform: "software-mode", root: softwareModeRoot(), isKnown: true };
  }
  return { platform: quote.body.kind, root: intelSgxRoot(), isKnown: isRoot(intelSgxRoot()) };
}

function checkPlatform(platform: EvidencePlatform, { platforms }: Policy): Findings {
  const findings = new Findings();
  const isSimulated = platform === "simulated" || platform === "software-mode";
  findings.add("platform", {
    ok: platforms.includes(platform),
    problem: isSimulated ? "simulated-refused" : "platform-refused",
    expected: platforms.join(" or "),
    actual: platform,
  });
  return findings;
}

function quoteMeasurement(body: QuoteAppraisal["body"]): Measurement {
  if (body.kind === "tdx") {
    return { kind: "tdx", mrTd: body.mrTd, rtmrs: body.rtmrs };
  }
  const { mrEnclave, mrSigner, productId, securityVersion } = body;
  return { kind: "sgx", mrEnclave, mrSigner, productId, securityVersion };
}

/** What ties the evidence to the key that came with it, and that key to the one that answers (spec 04 §5.1, §5.3). */
function checkBinding(
  reportData: Uint8Array,
  contents: ReportDataContents,
  { handshakeKey }: EvidenceQuestion,
): Findings {
  const findings = new Findings();
  const expected = reportDataOf(contents).subarray(0, 32); // The second half is masked out, as the reference does.
  const actual = reportData.subarray(0, 32);
  findings.add("report-data", {
    ok: equalBytes(actual, expected),
    problem: "report-data-mismatch",
    expected: toHex(expected),
    actual: toHex(actual),
  });
  if (handshakeKey !== undefined) {
    findings.add("handshake-key", {
      ok: equalBytes(contents.key, handshakeKey),
      problem: "handshake-key-mismatch",
      expected: toHex(handshakeKey),
      actual: toHex(contents.key),
    });
  }
  return findings;
}

type Facts = Pick<Verdict, "platform" | "measurement" | "tcbStatus" | "advisories"> & {
  /** Both end: what the platform vouches for, and the policy's trust in it. */
  readonly appraisal: Ending;
  readonly trust: Ending;
};

interface Ending {
  /** The last instant at which it holds; defined where everything does. */
  readonly validUntil: number | undefined;
}

function conclude({ ok, checks, problems }: Findings, { appraisal, trust, ...facts }: Facts): Verdict {
  const { validUntil: proofEnd = Number.NEGATIVE_INFINITY } = appraisal;
  const { validUntil: trustEnd = Number.NEGATIVE_INFINITY } = trust;
  return { ok, ...facts, ...(ok ? { validUntil: Math.min(proofEnd, trustEnd) } : {}), checks, problems };
}

function unreadable({ code, message }: AttestError): Verdict {
  const actual = `${code}: ${message.replace(/\.$/, "")}`; // The explanation ends the sentence itself.
  const findings = new Findings();
  const expected = "evidence that can be read";
  findings.add("parse", { ok: false, problem: "evidence-unreadable", expected, actual });
  return { ok: false, advisories: [], checks: findings.checks, problems: findings.problems };
}
