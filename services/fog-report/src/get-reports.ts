// `report.ReportAPI.GetReports`: everybody is given all reports, so that who asks does not say for whom (spec 03 §6).

import { Code, ConnectError } from "@connectrpc/connect";
import {
  encodeReportResponse,
  type FogReport,
  REPORT_RESPONSE_BYTES_MAX,
  type ReportSigner,
  signReports,
} from "@fogbow/core-attest";
import { decodeMessage, ReportAPI, type ReportResponse, ReportResponseSchema } from "@fogbow/core-wire";
import type { RecoveryDb } from "@fogbow/recovery-db";
import { type Log, type ServedService, serveService } from "@fogbow/server";
import { FogReportError } from "./error.ts";
import { REPORT_LIMITS } from "./report-rpc-limits.ts";
import { decodeStoredEvidence } from "./stored-evidence.ts";

/** What is needed to answer. */
export interface ReportParts {
  readonly db: Pick<RecoveryDb, "allReports">;
  readonly signer: ReportSigner;
  readonly log: Log;
}

/** Serves the reports as they are in the database when they are asked for. No credentials, and no choice. */
export function reportService(parts: ReportParts): ServedService {
  return serveService(ReportAPI, REPORT_LIMITS, { getReports: () => getReports(parts) });
}

/** All reports, signed together. Throws ConnectError `INTERNAL` when the database fails. */
async function getReports({ db, signer, log }: ReportParts): Promise<ReportResponse> {
  const stored = await db.allReports().catch((error: unknown) => {
    log.error("reports cannot be read", { error });
    throw new ConnectError("The recovery database does not answer.", Code.Internal);
  });
  const reports = stored.flatMap(({ reportId, evidence, pubkeyExpiry }): FogReport[] => {
    try {
      return [{ fogReportId: reportId, evidence: decodeStoredEvidence(evidence), pubkeyExpiry }];
    } catch (error) {
      if (!(error instanceof FogReportError)) throw error;
      // One row that is no report must not keep senders from all others.
      log.error("a stored report cannot be read", { reportId, code: error.code });
      return [];
    }
  });
  const encoded = encodeReportResponse(signReports(reports, signer));
  return decodeMessage(ReportResponseSchema, encoded, { bytesMax: REPORT_RESPONSE_BYTES_MAX });
}
