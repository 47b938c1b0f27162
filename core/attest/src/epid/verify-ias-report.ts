// Verifying reports of Intel's attestation service (spec 04 §8), for old blocks and old servers. Everything is judged at the
// time the report was signed: its certificate has since expired.
import { CodedError, equalBytes, utf8 } from "@fogbow/core-bytes";
import { intelIasRoot } from "../anchors/intel-ias-root.ts";
import type { Check } from "../check.ts";
import { showTime } from "../der/time.ts";
import { checkMeasurement } from "../policy/check-measurement.ts";
import type { Policy } from "../policy/policy.ts";
import { isDebugEnclave } from "../sgx/report-body.ts";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import { verifyChain } from "../x509/verify-chain.ts";
import { verifySignature } from "../x509/verify-signature.ts";
import { type IasReport, iasStanding, parseIasReport } from "./ias-report.ts";

/** The most certificates beside a report. */
export const IAS_CHAIN_MAX = 5;

/** A report as it travels (external.VerificationReport). */
export interface SignedIasReport {
  /** RSA PKCS #1 v1.5 with SHA-256 over the UTF-8 bytes of `httpBody`. */
  readonly signature: Uint8Array;
  /** DER certificates in any order. */
  readonly chain: readonly Uint8Array[];
  /** The JSON text exactly as it was signed. */
  readonly httpBody: string;
}

/** Why a report does not hold. */
export type IasReportProblem =
  | "ias-report-malformed" // The text is not a report, or a certificate beside it cannot be read.
  | "ias-chain-missing" // There is no certificate beside the report, or more than are looked at.
  | "ias-signature" // No certificate beside the report signed it.
  | "ias-untrusted" // The certificate that signed it does not lead to Intel's authority at the report's time.
  | "debug-enabled" // The host could look into the enclave.
  | "report-data-mismatch" // The enclave bound its report to other keys.
  | "ias-status-refused" // The service said that the platform cannot be trusted.
  | "measurement-refused"; // The policy does not trust the enclave with these advisories.

/** What a report is verified with. */
export interface IasReportQuestion {
  readonly report: SignedIasReport;
  /** The handshake's static key of the enclave, or another 32 bytes that it must have put first; any unless stated. */
  readonly key?: Uint8Array;
  /** The measurements, with what they are trusted in spite of, and whether debug is allowed. */
  readonly policy: Pick<Policy, "measurements" | "allowDebug">;
  /** Instead of Intel's authority, in tests. */
  readonly anchors?: readonly Certificate[];
}

/** Whether a report holds. */
export type IasReportVerdict =
  | {
      readonly ok: true;
      readonly report: IasReport;
      /** What the enclave bound besides its key: its custom identity, 32 bytes. */
      readonly customIdentity: Uint8Array;
      readonly checks: readonly Check[];
    }
  | {
      readonly ok: false;
      readonly problem: IasReportProblem;
      /** What was found, for people. */
      readonly message: string;
      readonly checks: readonly Check[];
    };

/**
 * Whether a report holds and shows an enclave that the policy trusts. A policy without measurements trusts none, though the
 * reference would accept any (T16). Rejects with `web-crypto-unavailable`.
 */
export async function verifyIasReport(question: IasReportQuestion): Promise<IasReportVerdict> {
  const { chain, httpBody, signature } = question.report;
  if (chain.length === 0 || chain.length > IAS_CHAIN_MAX) {
    return refuse("ias-chain-missing", `There are ${chain.length} certificates and not 1 to ${IAS_CHAIN_MAX}.`, []);
  }
  const parsed = tryParse(httpBody, chain);
  if (parsed instanceof CodedError) {
    return refuse("ias-report-malformed", parsed.message, []);
  }
  const { report, certificates, message } = parsed;
  const signer = await findSigner(certificates, signature, message);
  const checks: Check[] = [{ id: "signature", ok: signer !== undefined }];
  if (signer === undefined) {
    return refuse("ias-signature", "No certificate beside the report signed it.", checks);
  }
  const trust = await checkSigner(signer, certificates, { ...question, at: report.timestamp });
  checks.push(trust);
  if (!trust.ok) {
    return refuse("ias-untrusted", "The report was not signed by Intel's attestation service.", checks);
  }
  return judge(report, question, checks);
}

/** What a signed report says, against what is trusted. */
function judge(report: IasReport, { key, policy }: IasReportQuestion, checks: readonly Check[]): IasReportVerdict {
  const { body, timestamp } = report;
  if (isDebugEnclave(body) && !policy.allowDebug) {
    return refuse("debug-enabled", "The host could look into the enclave: it ran with debug.", checks);
  }
  if (key !== undefined && !equalBytes(body.reportData.subarray(0, 32), key)) {
    return refuse("report-data-mismatch", "The enclave is bound to another key.", checks);
  }
  const standing = iasStanding(report);
  if (standing === undefined) {
    return refuse("ias-status-refused", `The service said ${report.quoteStatus}: not to be trusted.`, checks);
  }
  const { findings } = checkMeasurement({ measurement: body, standing, at: timestamp }, policy);
  const all = [...checks, ...findings.checks];
  const [problem] = findings.problems;
  if (problem !== undefined) {
    return refuse("measurement-refused", `Expected ${problem.expected}; found ${problem.actual}.`, all);
  }
  return { ok: true, report, customIdentity: body.reportData.subarray(32), checks: all };
}

interface Parsed {
  readonly report: IasReport;
  readonly certificates: readonly Certificate[];
  /** What the signature is over. */
  readonly message: Uint8Array;
}

function tryParse(httpBody: string, chain: readonly Uint8Array[]): Parsed | CodedError<string> {
  try {
    return { report: parseIasReport(httpBody), certificates: chain.map(parseCertificate), message: utf8(httpBody) };
  } catch (error) {
    if (error instanceof CodedError) {
      return error;
    }
    throw error;
  }
}

async function findSigner(
  certificates: readonly Certificate[],
  signature: Uint8Array,
  message: Uint8Array,
): Promise<Certificate | undefined> {
  for (const certificate of certificates) {
    if (await verifySignature({ kind: "rsa-pkcs1", hash: "SHA-256" }, certificate.publicKey, signature, message)) {
      return certificate;
    }
  }
  return undefined;
}

/** Whether the certificate leads, over the others in any order, to the pinned authority, or has the authority's own key. */
async function checkSigner(
  signer: Certificate,
  certificates: readonly Certificate[],
  { anchors = [intelIasRoot()], at }: Pick<IasReportQuestion, "anchors"> & { readonly at: number },
): Promise<Check> {
  const chain = anchors.some(({ spki }) => equalBytes(spki, signer.spki)) ? [] : orderChain(signer, certificates);
  const verdict = await verifyChain({
    chain: chain.length === 0 ? anchors.filter(({ spki }) => equalBytes(spki, signer.spki)).slice(0, 1) : chain,
    anchors,
    crls: [], // The service's lists are not published any more.
    at,
    checkCertificateTimes: true,
    checkCrlTimes: true,
    requireCrls: false,
  });
  const expected = `issued by Intel's authority at ${showTime(at)}`;
  const actual = verdict.problems.join(", ");
  return { id: "chain", ok: verdict.ok, expected, ...(verdict.ok ? {} : { actual }), children: verdict.checks };
}

/** A certificate followed by its issuers, as far as they are there. */
function orderChain(signer: Certificate, certificates: readonly Certificate[]): Certificate[] {
  const chain = [signer];
  for (let last: Certificate | undefined = signer; last !== undefined && !equalBytes(last.subject, last.issuer); ) {
    const { issuer }: Certificate = last;
    last = certificates.find((each) => equalBytes(each.subject, issuer) && !chain.includes(each));
    chain.push(...(last === undefined ? [] : [last]));
  }
  return chain;
}

function refuse(problem: IasReportProblem, message: string, checks: readonly Check[]): IasReportVerdict {
  return { ok: false, problem, message, checks };
}
