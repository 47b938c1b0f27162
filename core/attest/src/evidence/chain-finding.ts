// One certificate chain as a check, with its problems in the words of evidence.
import { equalBytes } from "@fogbow/core-bytes";
import { type ChainProblem, type ChainQuestion, verifyChain } from "../x509/verify-chain.ts";
import { verifySignature } from "../x509/verify-signature.ts";
import { Findings } from "./findings.ts";
import type { ProblemCode } from "./problem.ts";

const CODES: Readonly<Record<ChainProblem, ProblemCode>> = {
  "chain-empty": "chain-invalid",
  "chain-too-long": "chain-invalid",
  "chain-broken": "chain-invalid",
  "untrusted-root": "chain-untrusted",
  "issuer-not-ca": "chain-invalid",
  "issuer-key-usage": "chain-invalid",
  "path-too-long": "chain-invalid",
  "unknown-critical-extension": "chain-invalid",
  "certificate-revoked": "certificate-revoked",
  "certificate-signature": "chain-invalid",
  "crl-missing": "crl-missing",
  "crl-signature": "crl-invalid",
  "crl-key-usage": "crl-invalid",
  "certificate-not-yet-valid": "certificate-not-yet-valid",
  "certificate-expired": "certificate-expired",
  "crl-not-yet-valid": "crl-not-yet-valid",
  "crl-expired": "crl-expired",
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
  const findings = new Findings();
  findings.checks.push({
    id,
    ok: problems.length === 0,
    expected: expectation(what),
    ...(problems.length === 0 ? {} : { actual: problems.join(", ") }),
    children: verdict.checks,
  });
  for (const problem of problems) {
    findings.problems.push({ code: CODES[problem], expected: expectation(what), actual: problem });
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

function expectation(what: string): string {
  return `a valid certificate chain for ${what}`;
}
