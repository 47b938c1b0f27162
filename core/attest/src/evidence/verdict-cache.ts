// Keeps verdicts that hold, so that evidence that is seen again need not be verified again before it expires.
import { concatBytes, toHex } from "@fogbow/core-bytes";
import { WireError } from "@fogbow/core-wire";
import { kernel } from "@fogbow/kernel";
import { AttestError } from "../error.ts";
import { policyDigest } from "../policy/policy.ts";
import { assertContents, encodeEvidence } from "./evidence-codec.ts";
import { RecentEntries } from "./recent-entries.ts";
import type { Verdict } from "./verdict.ts";
import { type EvidenceQuestion, type VerificationParts, verifyEvidence } from "./verify-evidence.ts";

/** How many verdicts are kept. */
export const VERDICTS_MAX = 256;

/**
 * A function like `verifyEvidence` that keeps the verdicts that are ok. A verdict counts only for the same evidence, the same
 * handshake key and the same policy, so that none outlives a measurement that was withdrawn; and only from the time it was
 * made until its `validUntil`. Rejects as `verifyEvidence` does.
 */
export function createVerdictCache(parts: VerificationParts = {}): (question: EvidenceQuestion) => Promise<Verdict> {
  const kept = new RecentEntries<{ readonly verdict: Verdict; readonly madeAt: number }>(VERDICTS_MAX);
  return async (question) => {
    const { at } = question;
    const key = tryQuestionKey(question);
    if (key === undefined) {
      return await verifyEvidence(question, parts);
    }
    const known = kept.get(key);
    if (known !== undefined && at >= known.madeAt && at <= (known.verdict.validUntil ?? Number.NEGATIVE_INFINITY)) {
      return known.verdict;
    }
    const verdict = await verifyEvidence(question, parts);
    if (verdict.ok) {
      kept.set(key, { verdict, madeAt: at });
    } else {
      kept.delete(key);
    }
    return verdict;
  };
}

/** A name that questions share only when all of their bytes are the same; undefined for evidence that cannot travel. */
function tryQuestionKey({ evidence, policy, handshakeKey = new Uint8Array() }: EvidenceQuestion): string | undefined {
  const { sha256 } = kernel().hashes;
  const kind = Uint8Array.of(evidence.kind === "dcap" ? 0 : 1, handshakeKey.length);
  try {
    assertContents(evidence.reportData); // An empty custom identity would be encoded as an absent one.
    return toHex(sha256(concatBytes(kind, handshakeKey, policyDigest(policy), sha256(encodeEvidence(evidence)))));
  } catch (error) {
    if (error instanceof WireError || error instanceof AttestError) {
      return undefined;
    }
    throw error;
  }
}
