// Evidence as the recovery database keeps it (spec 03 §3.1): a message with DCAP evidence as its field 4, which is what a
// `report.Report` has there too; or, from the time of EPID, a bare VerificationReport.
import type { FogReportEvidence } from "@fogbow/core-attest";
import {
  DcapEvidenceSchema,
  decodeMessage,
  encodeMessage,
  ReportSchema,
  VerificationReportSchema,
  WireError,
} from "@fogbow/core-wire";
import { EVIDENCE_BYTES_MAX } from "@fogbow/recovery-db";
import { FogReportError } from "./error.ts";

const LIMITS = { bytesMax: EVIDENCE_BYTES_MAX };

/** Throws `unreadable-evidence`. */
export function decodeStoredEvidence(stored: Uint8Array): FogReportEvidence {
  const evidence = tryDcap(stored) ?? tryVerificationReport(stored);
  if (evidence === undefined) throw new FogReportError("unreadable-evidence", "Stored evidence has no known form.");
  return evidence;
}

function tryDcap(stored: Uint8Array): FogReportEvidence | undefined {
  return tried(() => {
    const { attestationEvidence, fogReportId, pubkeyExpiry } = decodeMessage(ReportSchema, stored, LIMITS);
    if (attestationEvidence.case !== "dcapEvidence" || fogReportId !== "" || pubkeyExpiry !== 0n) return undefined;
    return { kind: "dcap", encoded: encodeMessage(DcapEvidenceSchema, attestationEvidence.value) };
  });
}

function tryVerificationReport(stored: Uint8Array): FogReportEvidence | undefined {
  return tried(() => {
    const report = decodeMessage(VerificationReportSchema, stored, LIMITS);
    if (report.httpBody === "") return undefined;
    return { kind: "verification-report", encoded: encodeMessage(VerificationReportSchema, report) };
  });
}

function tried(decode: () => FogReportEvidence | undefined): FogReportEvidence | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
