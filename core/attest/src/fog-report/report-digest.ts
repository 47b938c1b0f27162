// The digest that a report service signs: structured, so that it depends on every field of every report, and the same as
// before there was newer evidence (spec 04 §10.3).
import { aggregate, type Digestible, digest32, list, neverOmit, optional, text, uint64 } from "@fogbow/core-crypto";
import { evidenceDigestible } from "../evidence/evidence-digest.ts";
import { evidenceMessage, type FogReport } from "./fog-report.ts";

const CONTEXT = "Fog ingest reports";

/** The 32-byte digest of a list of reports, in their order. Throws `report-malformed` for evidence that is no message. */
export function reportDigest(reports: readonly FogReport[]): Uint8Array {
  return digest32(CONTEXT, list(reports.map(reportDigestible)));
}

function reportDigestible({ fogReportId, evidence, pubkeyExpiry }: FogReport): Digestible {
  return aggregate("Report", [
    ["fog_report_id", neverOmit(text(fogReportId))],
    ["report", optional(evidence && evidenceDigestible(evidenceMessage(evidence)))],
    ["pubkey_expiry", uint64(pubkeyExpiry)],
  ]);
}
