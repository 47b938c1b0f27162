// Ties verification to a handshake: evidence as it was received in, a verdict or one readable error out.
import type { EvidenceMessage, PeerEvidence } from "../channel/evidence-payload.ts";
import { AttestError } from "../error.ts";
import type { Policy } from "../policy/policy.ts";
import { createCollateralParser } from "./collateral-parser.ts";
import type { Evidence } from "./evidence.ts";
import { decodeDcapEvidence, decodeSevSnpEvidence } from "./evidence-codec.ts";
import { explainVerdict, type Verdict } from "./verdict.ts";
import { type EvidenceQuestion, verifyEvidence } from "./verify-evidence.ts";

/** What a verifier of handshakes is made with. */
export interface EvidenceVerifierParts {
  /** The policy in force, asked for each time, so that a measurement can be withdrawn while the program runs. */
  readonly policy: () => Policy;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** `verifyEvidence` with parsed collateral kept, unless stated: see `createVerdictCache`. */
  readonly verify?: (question: EvidenceQuestion) => Promise<Verdict>;
}

/**
 * The function that a channel verifies its peer with. Rejects with the code of the weightiest problem and a message that
 * says what was expected, what was found and what to do; with a code of decoding, or `evidence-unsupported`.
 */
export function createEvidenceVerifier(parts: EvidenceVerifierParts): (evidence: PeerEvidence) => Promise<Verdict> {
  const parseCollateral = createCollateralParser();
  const { policy, now, verify = (question) => verifyEvidence(question, { parseCollateral }) } = parts;
  return async ({ kind, bytes, key }) => {
    const verdict = await verify({
      evidence: decodeEvidence({ kind, bytes }),
      policy: policy(),
      at: now(),
      handshakeKey: key,
    });
    assertVerdict(verdict);
    return verdict;
  };
}

/** Throws what is wrong with a verdict that is not ok: the code of the weightiest problem, with its explanation. */
export function assertVerdict(verdict: Verdict): void {
  const explanation = explainVerdict(verdict);
  if (explanation !== undefined) {
    throw new AttestError(explanation.code, explanation.message);
  }
}

/**
 * Evidence of a kind from its message. Throws what decoding throws, and `evidence-unsupported` for reports of Intel's
 * former service.
 */
export function decodeEvidence({ kind, bytes }: EvidenceMessage): Evidence {
  switch (kind) {
    case "dcap":
      return decodeDcapEvidence(bytes);
    case "sev-snp":
      return decodeSevSnpEvidence(bytes);
    case "epid":
      throw new AttestError(
        "evidence-unsupported",
        "The server shows evidence of Intel's service for EPID, which has ended: it must be upgraded to show DCAP evidence.",
      );
  }
}
