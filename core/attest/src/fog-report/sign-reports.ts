// The report service's part: signing what it publishes, with a key that its chain vouches for (spec 03 §6.2).
import { equalBytes } from "@fogbow/core-bytes";
import { type Ed25519PrivateKey, ed25519Sign } from "@fogbow/core-crypto";
import { AttestError } from "../error.ts";
import type { FogReport, FogReportResponse } from "./fog-report.ts";
import { REPORTS_MAX } from "./limits.ts";
import { verifyReportChain } from "./report-chain.ts";
import { reportDigest } from "./report-digest.ts";

/** What a report service signs with. */
export interface ReportSigner {
  /** DER certificates, leaf first. */
  readonly chain: readonly Uint8Array[];
  readonly key: Ed25519PrivateKey;
}

/** Rejects with `report-unsignable` unless clients would accept, at this time, what the signer signs. */
export async function assertReportSigner({ chain, key }: ReportSigner, at: number): Promise<void> {
  const verdict = await verifyReportChain(chain, at);
  if (!verdict.ok) {
    throw new AttestError(
      "report-unsignable",
      `Senders would refuse the report service's certificates (${verdict.problem}). Give a valid chain, leaf first.`,
    );
  }
  if (!equalBytes(verdict.reportKey, key.publicKey())) {
    throw new AttestError("report-unsignable", "The signing key is not that of the chain's first certificate.");
  }
}

/** Signs reports. Throws `report-malformed` for evidence that is no message, and for more reports than are read. */
export function signReports(reports: readonly FogReport[], { chain, key }: ReportSigner): FogReportResponse {
  if (reports.length > REPORTS_MAX) {
    throw new AttestError("report-malformed", `An answer has at most ${REPORTS_MAX} reports.`);
  }
  return { reports, chain, signature: ed25519Sign(key, reportDigest(reports)) };
}
