// Publishing the report of the key that this server scans with (spec 03 §2.7).
import { equalBytes } from "@fogbow/core-bytes";
import type { IngressKeyStatus } from "@fogbow/recovery-db";
import { IngestError } from "../error.ts";
import type { ControllerParts, PublishedEvidence } from "../parts.ts";

/** What is published. */
export interface ReportToPublish {
  readonly ingressKey: Uint8Array;
  readonly reportId: string;
  readonly invocation: bigint | undefined;
  readonly pubkeyExpiry: bigint;
}

/**
 * Publishes, unless the key is retired; what is known of the key then. A report for another key than the one that is scanned
 * with would lose money: rejects with `evidence-differs` when evidence names another one, also after it was made anew, and as
 * the database does.
 */
export async function publishReport(
  { ingressKey, reportId, invocation, pubkeyExpiry }: ReportToPublish,
  { db, enclave, metrics }: Pick<ControllerParts, "db" | "enclave" | "metrics">,
): Promise<IngressKeyStatus> {
  const isRight = (evidence: PublishedEvidence | undefined): evidence is PublishedEvidence =>
    evidence !== undefined && equalBytes(evidence.ingressKey, ingressKey);
  let evidence = enclave.evidence();
  if (!isRight(evidence)) {
    await enclave.refreshEvidence();
    evidence = enclave.evidence();
  }
  if (!isRight(evidence)) {
    throw new IngestError("evidence-differs", "The enclave's evidence names another key: no report is published.");
  }
  const report = { evidence: evidence.encoded, pubkeyExpiry, ...(invocation !== undefined && { invocation }) };
  const status = await db.setReport(ingressKey, reportId, report);
  if (!status.retired) metrics.published(pubkeyExpiry);
  return status;
}
