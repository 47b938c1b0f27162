// Keeps verdicts that hold, so that evidence that is seen again need not be verified again before it expires.
import { concatBytes, toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { policyDigest } from "../policy/policy.ts";
import { encodeEvidence } from "./evidence-codec.ts";
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
    const key = questionKey(question);
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

function questionKey({ evidence, policy, handshakeKey = new Uint8Array() }: EvidenceQuestion): string {
  const { sha256 } = kernel().hashes;
  const kind = Uint8Array.of(evidence.kind === "dcap" ? 0 : 1, handshakeKey.length);
  return toHex(sha256(concatBytes(kind, handshakeKey, policyDigest(policy), sha256(encodeEvidence(evidence)))));
}
