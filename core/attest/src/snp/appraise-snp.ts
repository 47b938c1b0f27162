// What a SEV-SNP report proves: signature, chain to AMD's root, firmware and chip (spec 04 §12.2). Nothing ends it early.
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { findChain } from "../evidence/chain-finding.ts";
import { Findings } from "../evidence/findings.ts";
import type { Problem } from "../evidence/problem.ts";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import { parseCrl, type RevocationList } from "../x509/revocation-list.ts";
import { verifyEcdsa, verifySignature } from "../x509/verify-signature.ts";
import { AMD_ROOTS, rootProduct, type SnpRoot } from "./amd-roots.ts";
import { parseSnpReport, readSnpTcb, type SnpProduct, type SnpReport, type SnpTcb } from "./snp-report.ts";
import { readVcek } from "./vcek.ts";

/** A report with what it takes to verify it. */
export interface SnpSubmission {
  readonly report: Uint8Array;
  /** DER: VCEK, ASK, ARK. */
  readonly certificates: readonly Uint8Array[];
  /** DER of the ARK's revocation list; empty when there is none. */
  readonly crl: Uint8Array;
}

/** By which rules a report is judged. */
export interface SnpRules {
  /** The roots that are trusted; those of all of AMD's product lines unless stated. */
  readonly roots?: readonly SnpRoot[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether certificates must be valid at that time. */
  readonly checkCertificateTimes: boolean;
  /** Whether the revocation list must be fresh at that time. */
  readonly checkCrlTimes: boolean;
  /** Whether there must be a revocation list. */
  readonly requireCrls: boolean;
  /** Whether the host may debug the machine. */
  readonly allowDebug: boolean;
  /** The least privileged level whose reports count: 0, the most privileged, unless stated. */
  readonly maximumVmpl?: number;
}

/** What a report proves, and whether the proof holds. */
export interface SnpAppraisal {
  readonly findings: Findings;
  readonly report: SnpReport;
  /** The security versions that the chip's key stands for; undefined without a chain to a trusted root. */
  readonly tcb: SnpTcb | undefined;
  /** The last instant at which nothing has expired; undefined when the chain does not hold. */
  readonly validUntil: number | undefined;
}

/**
 * Judges a report. It says what the processor vouches for, and not whether that is to be trusted: the caller compares the
 * measurement. Throws `snp-report-malformed`, `snp-certificate-malformed` or a code of a certificate or a revocation list.
 */
export async function appraiseSnpReport(submission: SnpSubmission, rules: SnpRules): Promise<SnpAppraisal> {
  const report = parseSnpReport(submission.report);
  const chain = submission.certificates.map(parseCertificate);
  const [vcek, ask, ark] = chain;
  if (vcek === undefined || ask === undefined || ark === undefined || chain.length !== 3) {
    throw new AttestError(
      "snp-certificate-malformed",
      `The evidence holds the certificates VCEK, ASK and ARK, this one has ${chain.length}.`,
    );
  }
  const crl = submission.crl.length === 0 ? undefined : parseCrl(submission.crl);
  const product = rootProduct(ark, rules.roots ?? AMD_ROOTS);

  const findings = new Findings();
  const { findings: chainFindings, validUntil } = await findChain("vcek-chain", "the chip's key", {
    ...rules,
    chain,
    anchors: product === undefined ? [] : [ark],
    crls: crl === undefined ? [] : [crl],
    requireCrls: false, // AMD has a list for the ARK's certificates only; whether it is there is the next check.
  });
  findings.append(chainFindings);
  findings.append(await checkRoot(ark));
  findings.append(checkCrlPresent(crl, ark, rules));
  const tcb = product === undefined ? undefined : appendChip(findings, { report, vcek, product });
  findings.group("report", await checkReport(report, vcek, rules));
  return { findings, report, tcb, validUntil };
}

/** The root is known by its key alone, so that what else the certificate says counts only if the key signed it. */
async function checkRoot(ark: Certificate): Promise<Findings> {
  const findings = new Findings();
  const isSigned = await verifySignature(ark.signatureAlgorithm, ark.publicKey, ark.signature, ark.tbs);
  findings.add("ark-signature", {
    ok: isSigned,
    problem: "chain-invalid",
    expected: "a root that signed its own certificate",
    actual: isSigned ? "it did" : "it did not",
  });
  return findings;
}

function checkCrlPresent(crl: RevocationList | undefined, ark: Certificate, { requireCrls }: SnpRules): Findings {
  const findings = new Findings();
  const isThere = crl !== undefined && equalBytes(crl.issuer, ark.subject);
  findings.add("revocation-list", {
    ok: isThere || !requireCrls,
    problem: "crl-missing",
    expected: requireCrls ? "the root's revocation list" : "a revocation list or none",
    actual: isThere ? "there" : "none of the root",
  });
  return findings;
}

/** Whether the certificate is about the chip and the firmware that made the report. */
function appendChip(
  findings: Findings,
  { report, vcek, product }: { readonly report: SnpReport; readonly vcek: Certificate; readonly product: SnpProduct },
): SnpTcb {
  const { productName, tcb, hardwareId } = readVcek(vcek, product);
  const reported = readSnpTcb(report.reportedTcb, product);
  const same = (id: string, problem: Problem["code"], actual: string, expected: string): void =>
    findings.add(id, { ok: actual === expected, problem, expected, actual });
  same("product", "chip-mismatch", productName.split("-")[0] ?? "", product);
  same("reported-tcb", "chip-mismatch", describeTcb(reported), describeTcb(tcb));
  same("chip-id", "chip-mismatch", toHex(report.chipId.subarray(0, hardwareId.length)), toHex(hardwareId));
  return tcb;
}

async function checkReport(
  report: SnpReport,
  vcek: Certificate,
  { allowDebug, maximumVmpl = 0 }: SnpRules,
): Promise<Findings> {
  const findings = new Findings();
  findings.add("signing-key", {
    ok: report.signingKey === 0,
    problem: "report-key-unsupported",
    expected: "the chip's key (VCEK, 0)",
    actual: report.signingKey === 1 ? "the cloud's key (VLEK, 1)" : `key ${report.signingKey}`,
  });
  const isSigned = await verifyEcdsa(vcek.publicKey, "SHA-384", report.signature, report.signedBytes);
  findings.add("report-signature", {
    ok: isSigned,
    problem: "report-signature",
    expected: "signed by the chip's key",
    actual: isSigned ? "so signed" : "not so signed",
  });
  findings.add("debug", {
    ok: allowDebug || !report.isDebug,
    problem: "debug-enabled",
    expected: allowDebug ? "anything" : "a policy of the guest that forbids debugging",
    actual: report.isDebug ? "debugging allowed" : "debugging forbidden",
  });
  findings.add("migration", {
    ok: !report.isMigratable,
    problem: "guest-policy",
    expected: "a policy of the guest that forbids migration agents (bit 18 clear)",
    actual: report.isMigratable ? "one that lets the host hand the machine's memory to an agent of its choice" : "such",
  });
  findings.add("privilege-level", {
    ok: report.vmpl <= maximumVmpl,
    problem: "privilege-level-refused",
    expected: `privilege level (VMPL) ${maximumVmpl}${maximumVmpl === 0 ? "" : " or below"}`,
    actual: report.vmpl > LAST_VMPL ? "a report that the host asked for" : `privilege level ${report.vmpl}`,
  });
  return findings;
}

/** The least privileged level that a machine has; reports that its host asks for state another. */
const LAST_VMPL = 3;

function describeTcb({ bootLoader, tee, snp, microcode, fmc }: SnpTcb): string {
  return `boot loader ${bootLoader}, TEE ${tee}, SNP ${snp}, microcode ${microcode}, FMC ${fmc}`;
}
