// One certificate chain as a check, with its problems in the words of evidence.
import { equalBytes } from "@fogbow/core-bytes";
import type { Check } from "../check.ts";
import { showTime } from "../der/time.ts";
import { type ChainProblem, type ChainQuestion, verifyChain } from "../x509/verify-chain.ts";
import { verifySignature } from "../x509/verify-signature.ts";
import { Findings } from "./findings.ts";
import type { ProblemCode } from "./problem.ts";

/** A problem of a chain in the words of evidence: its code, and what was found. */
const MEANINGS: Readonly<Record<ChainProblem, readonly [code: ProblemCode, found: string]>> = {
  "chain-empty": ["chain-invalid", "no certificate"],
  "chain-too-long": ["chain-invalid", "more certificates than are looked at"],
  "chain-broken": ["chain-invalid", "a certificate that is not followed by that of its issuer"],
  "untrusted-root": ["chain-untrusted", "a chain that ends elsewhere"],
  "issuer-not-ca": ["chain-invalid", "an issuer that may not issue certificates"],
  "issuer-key-usage": ["chain-invalid", "an issuer whose key may not sign certificates"],
  "path-too-long": ["chain-invalid", "more issuers than one of them allows"],
  "unknown-critical-extension": ["chain-invalid", "a certificate with a rule that is not known here"],
  "certificate-revoked": ["certificate-revoked", "a certificate that its issuer has revoked"],
  "certificate-signature": ["chain-invalid", "a certificate that its issuer did not sign"],
  "crl-missing": ["crl-missing", "no revocation list of an issuer"],
  "crl-signature": ["crl-invalid", "a revocation list that its issuer did not sign"],
  "crl-key-usage": ["crl-invalid", "a revocation list by a key that may not sign any"],
  "certificate-not-yet-valid": ["certificate-not-yet-valid", "a certificate that is not yet valid"],
  "certificate-expired": ["certificate-expired", "a certificate that has expired"],
  "crl-not-yet-valid": ["crl-not-yet-valid", "a revocation list of the future"],
  "crl-expired": ["crl-expired", "a revocation list that is no longer fresh"],
};

/** A chain of evidence that was verified. */
export interface ChainFinding {
  readonly findings: Findings;
  /** In milliseconds since 1970; undefined for a chain that does not hold. */
  readonly validUntil: number | undefined;
}

/**
 * Verifies a chain and adds it as the check `id`; `what` names its leaf. Roots are known by name and key, as a maker may
 * renew a root's certificate: a root that is shown must then at least be what its key signed, to the last bit.
 */
export async function findChain(id: string, what: string, question: ChainQuestion): Promise<ChainFinding> {
  const verdict = await verifyChain(question);
  const isAltered = await showsAlteredRoot(question);
  const problems = isAltered ? [...verdict.problems, "certificate-signature" as const] : verdict.problems;
  const expected = `a certificate chain for ${what} that holds at ${showTime(question.at)} and ends at a trusted root`;
  const findings = new Findings();
  findings.checks.push({
    id,
    ok: problems.length === 0,
    expected,
    ...(problems.length === 0 ? {} : { actual: problems.join(", ") }),
    children: verdict.checks,
  });
  for (const problem of problems) {
    const [code, found] = MEANINGS[problem];
    const shown = detailOf(problem, verdict.checks);
    findings.problems.push({ code, expected, actual: shown === undefined ? found : `${found} (${shown})` });
  }
  return { findings, validUntil: verdict.validUntil };
}

/** Whether a chain ends with a root's name and key in a certificate that is neither the pinned one nor signed by the key. */
async function showsAlteredRoot({ chain, anchors }: ChainQuestion): Promise<boolean> {
  const top = chain[chain.length - 1];
  if (top === undefined || anchors.some(({ der }) => equalBytes(der, top.der))) {
    return false;
  }
  const isRoot = anchors.some(({ subject, spki }) => equalBytes(subject, top.subject) && equalBytes(spki, top.spki));
  return isRoot && !(await verifySignature(top.signatureAlgorithm, top.publicKey, top.signature, top.tbs));
}

/** What the check that found a problem shows beside it, such as from when to when a certificate is valid. */
function detailOf(problem: ChainProblem, checks: readonly Check[]): string | undefined {
  for (const { actual = "", children } of checks) {
    const shown = children === undefined ? actual.split(": ") : [];
    const detail = shown.includes(problem)
      ? shown.find((part) => !Object.hasOwn(MEANINGS, part))
      : detailOf(problem, children ?? []);
    if (detail !== undefined) {
      return detail;
    }
  }
  return undefined;
}
