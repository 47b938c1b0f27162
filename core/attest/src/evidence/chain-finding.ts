// One certificate chain as a check, with its problems in the words of evidence.
import { type ChainProblem, type ChainQuestion, type ChainVerdict, verifyChain } from "../x509/verify-chain.ts";
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

/** Verifies a chain and adds it as the check `id`; `what` names its leaf. */
export async function findChain(id: string, what: string, question: ChainQuestion): Promise<ChainFinding> {
  const { ok, problems, checks, validUntil }: ChainVerdict = await verifyChain(question);
  const findings = new Findings();
  findings.checks.push({
    id,
    ok,
    expected: expectation(what),
    ...(ok ? {} : { actual: problems.join(", ") }),
    children: checks,
  });
  for (const problem of problems) {
    findings.problems.push({ code: CODES[problem], expected: expectation(what), actual: problem });
  }
  return { findings, validUntil };
}

function expectation(what: string): string {
  return `a valid certificate chain for ${what}`;
}
