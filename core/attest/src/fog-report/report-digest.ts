// The digest that a report service signs: structured, so that it depends on every field of every report, and the same as
// before there was newer evidence (spec 04 §10.3).
import {
  aggregate,
  bytesOf,
  type Digestible,
  digest32,
  list,
  neverOmit,
  optional,
  text,
  tuple,
  uint64,
} from "@fogbow/core-crypto";
import type { Collateral, DcapEvidence, EnclaveReportDataContents, VerificationReport } from "@fogbow/core-wire";
import { evidenceMessage, type FogReport, type FogReportEvidence } from "./fog-report.ts";

const CONTEXT = "Fog ingest reports";

/** The 32-byte digest of a list of reports, in their order. Throws `report-malformed` for evidence that is no message. */
export function reportDigest(reports: readonly FogReport[]): Uint8Array {
  return digest32(CONTEXT, list(reports.map(reportDigestible)));
}

function reportDigestible({ fogReportId, evidence, pubkeyExpiry }: FogReport): Digestible {
  return aggregate("Report", [
    ["fog_report_id", neverOmit(text(fogReportId))],
    ["report", optional(evidence && evidenceDigestible(evidence))],
    ["pubkey_expiry", uint64(pubkeyExpiry)],
  ]);
}

/** Nothing marks which kind of evidence it is: the names inside do. */
function evidenceDigestible(evidence: FogReportEvidence): Digestible {
  const message = evidenceMessage(evidence);
  switch (message.case) {
    case "dcapEvidence":
      return dcapDigestible(message.value);
    case "verificationReport":
      return verificationReportDigestible(message.value);
  }
}

function dcapDigestible({ quote, collateral, reportData }: DcapEvidence): Digestible {
  return aggregate("DcapEvidence", [
    ["quote", optional(quote && aggregate("Quote3", [["data", bytesOf(quote.data)]]))],
    ["collateral", optional(collateral && collateralDigestible(collateral))],
    ["report_data", optional(reportData && reportDataDigestible(reportData))],
  ]);
}

function collateralDigestible(collateral: Collateral): Digestible {
  return aggregate("Collateral", [
    ["pck_crl_issuer_chain", list(collateral.pckCrlIssuerChain.map(bytesOf))],
    ["root_ca_crl", bytesOf(collateral.rootCaCrl)],
    ["pck_crl", bytesOf(collateral.pckCrl)],
    ["tcb_info_issuer_chain", list(collateral.tcbInfoIssuerChain.map(bytesOf))],
    ["tcb_info", text(collateral.tcbInfo)],
    ["qe_identity_issuer_chain", list(collateral.qeIdentityIssuerChain.map(bytesOf))],
    ["qe_identity", text(collateral.qeIdentity)],
  ]);
}

function reportDataDigestible({ nonce, key, customIdentity }: EnclaveReportDataContents): Digestible {
  return aggregate("EnclaveReportDataContents", [
    ["nonce", bytesOf(nonce)],
    ["key", bytesOf(key)],
    ["custom_identity", bytesOf(customIdentity)],
  ]);
}

function verificationReportDigestible({ sig, chain, httpBody }: VerificationReport): Digestible {
  return aggregate("VerificationReport", [
    ["sig", tuple("VerificationSignature", [neverOmit(bytesOf(sig?.contents ?? new Uint8Array()))])],
    ["chain", list(chain.map(bytesOf))],
    ["http_body", neverOmit(text(httpBody ?? ""))],
  ]);
}
