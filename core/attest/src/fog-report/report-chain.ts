// The certificates of a report service: from the Ed25519 key that signs reports to a root whose key the owners of
// addresses sign themselves (spec 04 §10.2 steps 3 to 5). The root is no anchor: it is only as good as that signature.
import { equalBytes } from "@fogbow/core-bytes";
import type { Check } from "../check.ts";
import { AttestError, type AttestErrorCode } from "../error.ts";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import { CHAIN_LENGTH_MAX } from "../x509/limits.ts";
import { type ChainProblem, verifyChain } from "../x509/verify-chain.ts";
import { verifySignature } from "../x509/verify-signature.ts";

/** Why the chain of a report service does not hold: as other chains, or a certificate that cannot be read. */
export type ReportChainProblem =
  | ChainProblem
  | AttestErrorCode // Of a certificate that is not read, such as `certificate-malformed`.
  | "root-not-self-issued" // The last certificate is not that of a root.
  | "leaf-not-ed25519"; // The first certificate's key is not one that signs reports.

/** Whether the chain of a report service holds. */
export type ReportChainVerdict =
  | {
      readonly ok: true;
      readonly checks: readonly Check[];
      /** The Ed25519 key that reports are signed with: 32 bytes. */
      readonly reportKey: Uint8Array;
      /** DER SubjectPublicKeyInfo of the root, which addresses sign. */
      readonly rootSpki: Uint8Array;
      /** Milliseconds since 1970, included. */
      readonly validUntil: number;
    }
  | { readonly ok: false; readonly problem: ReportChainProblem; readonly checks: readonly Check[] };

/**
 * Verifies a chain of DER certificates, leaf first, at a time in milliseconds since 1970. Every certificate must be read:
 * leaving out the rest of a chain after a bad one would let somebody else be its root. Rejects with
 * `web-crypto-unavailable`.
 */
export async function verifyReportChain(chain: readonly Uint8Array[], at: number): Promise<ReportChainVerdict> {
  const parsed = parseAll(chain);
  if (!Array.isArray(parsed)) {
    return { ok: false, problem: parsed.problem, checks: [{ id: "certificates", ok: false, ...parsed.check }] };
  }
  const [leaf] = parsed;
  const root = parsed[parsed.length - 1];
  const verdict = await verifyChain({
    chain: parsed,
    anchors: root === undefined ? [] : [root],
    crls: [], // Fog operators publish none; an operator who loses a key changes the root, and addresses with it.
    at,
    checkCertificateTimes: true,
    checkCrlTimes: true,
    requireCrls: false,
  });
  const { checks } = verdict;
  if (verdict.problem !== undefined || leaf === undefined || root === undefined || verdict.validUntil === undefined) {
    return { ok: false, problem: verdict.problem ?? "chain-empty", checks };
  }
  if (!(await isSelfIssued(root))) {
    return { ok: false, problem: "root-not-self-issued", checks: [...checks, failed("root", "a self-signed root")] };
  }
  if (leaf.publicKey.kind !== "ed25519") {
    const check = failed("leaf", "an Ed25519 key", leaf.publicKey.kind);
    return { ok: false, problem: "leaf-not-ed25519", checks: [...checks, check] };
  }
  const { validUntil } = verdict;
  return { ok: true, checks, reportKey: leaf.publicKey.key, rootSpki: root.spki, validUntil };
}

interface Unread {
  readonly problem: ReportChainProblem;
  readonly check: Pick<Check, "expected" | "actual">;
}

function parseAll(chain: readonly Uint8Array[]): Certificate[] | Unread {
  if (chain.length > CHAIN_LENGTH_MAX) {
    const check = { expected: `at most ${CHAIN_LENGTH_MAX} certificates`, actual: `${chain.length}` };
    return { problem: "chain-too-long", check };
  }
  try {
    return chain.map(parseCertificate);
  } catch (error) {
    if (error instanceof AttestError) {
      return { problem: error.code, check: { expected: "certificates that can be read", actual: error.message } };
    }
    throw error;
  }
}

async function isSelfIssued(root: Certificate): Promise<boolean> {
  const { issuer, subject, signatureAlgorithm, publicKey, signature, tbs } = root;
  return equalBytes(issuer, subject) && (await verifySignature(signatureAlgorithm, publicKey, signature, tbs));
}

function failed(id: string, expected: string, actual?: string): Check {
  return { id, ok: false, expected, ...(actual === undefined ? {} : { actual }) };
}
