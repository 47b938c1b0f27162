// Ties verification to Fog's reports: the evidence of an ingest enclave in, its ingress key out (spec 04 §10.2, step 7).
import { AttestError } from "../error.ts";
import type { FogReportEvidence } from "../fog-report/fog-report.ts";
import type { EvidenceVerdict } from "../fog-report/verify-fog-report.ts";
import { decodeDcapEvidence } from "./evidence-codec.ts";
import type { EvidenceVerifierParts } from "./evidence-verifier.ts";
import { explainVerdict } from "./verdict.ts";
import { verifyEvidence } from "./verify-evidence.ts";

/**
 * The function that `verifyFogReport` asks about evidence. The policy names ingest enclaves and no others: each kind of
 * enclave gives its custom identity another meaning. Evidence without one, and of the older kind, is refused.
 */
export function createReportEvidenceVerifier(
  parts: EvidenceVerifierParts,
): (evidence: FogReportEvidence) => Promise<EvidenceVerdict> {
  const { policy, now, verify = verifyEvidence } = parts;
  return async ({ kind, encoded }) => {
    if (kind !== "dcap") {
      return { ok: false, reason: "The report shows evidence of Intel's service for EPID, which has ended." };
    }
    try {
      const evidence = decodeDcapEvidence(encoded);
      const verdict = await verify({ evidence, policy: policy(), at: now() });
      const { validUntil, checks } = verdict;
      const { customIdentity } = evidence.reportData;
      const refusal = explainVerdict(verdict);
      if (refusal !== undefined) {
        return { ok: false, reason: refusal.message, checks };
      }
      if (customIdentity === undefined) {
        return { ok: false, reason: "The evidence names no ingress key: it is not that of an ingest enclave.", checks };
      }
      return { ok: true, ingressKey: customIdentity, checks, ...(validUntil === undefined ? {} : { validUntil }) };
    } catch (error) {
      if (!(error instanceof AttestError) || error.code === "web-crypto-unavailable") {
        throw error;
      }
      return { ok: false, reason: error.message };
    }
  };
}
