// Evidence as part of a larger hashed object: of a report of Fog (spec 04 §10.3) or of a block's metadata (spec 02 §1.4).
import { aggregate, bytesOf, type Digestible, list, neverOmit, optional, text, tuple } from "@fogbow/core-crypto";

/** The fields of evidence by the names that messages have for them, whichever message it is in. */
export type EvidenceFields =
  | { readonly case: "dcapEvidence"; readonly value: DcapFields }
  | { readonly case: "verificationReport"; readonly value: VerificationReportFields };

/** The fields of `external.DcapEvidence`. */
interface DcapFields {
  readonly quote?: { readonly data: Uint8Array } | undefined;
  readonly collateral?: CollateralFields | undefined;
  readonly reportData?: ReportDataFields | undefined;
}

/** The fields of `external.Collateral`. */
interface CollateralFields {
  readonly pckCrlIssuerChain: readonly Uint8Array[];
  readonly rootCaCrl: Uint8Array;
  readonly pckCrl: Uint8Array;
  readonly tcbInfoIssuerChain: readonly Uint8Array[];
  readonly tcbInfo: string;
  readonly qeIdentityIssuerChain: readonly Uint8Array[];
  readonly qeIdentity: string;
}

/** The fields of `external.EnclaveReportDataContents`. */
interface ReportDataFields {
  readonly nonce: Uint8Array;
  readonly key: Uint8Array;
  readonly customIdentity: Uint8Array;
}

/** The fields of `external.VerificationReport`. */
interface VerificationReportFields {
  readonly sig?: { readonly contents: Uint8Array } | undefined;
  readonly chain: readonly Uint8Array[];
  readonly httpBody?: string | undefined;
}

/** Evidence, hashed. Nothing marks which kind it is: the names inside do. */
export function evidenceDigestible(evidence: EvidenceFields): Digestible {
  switch (evidence.case) {
    case "dcapEvidence":
      return dcapDigestible(evidence.value);
    case "verificationReport":
      return verificationReportDigestible(evidence.value);
  }
}

function dcapDigestible({ quote, collateral, reportData }: DcapFields): Digestible {
  return aggregate("DcapEvidence", [
    ["quote", optional(quote && aggregate("Quote3", [["data", bytesOf(quote.data)]]))],
    ["collateral", optional(collateral && collateralDigestible(collateral))],
    ["report_data", optional(reportData && reportDataDigestible(reportData))],
  ]);
}

function collateralDigestible(collateral: CollateralFields): Digestible {
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

function reportDataDigestible({ nonce, key, customIdentity }: ReportDataFields): Digestible {
  return aggregate("EnclaveReportDataContents", [
    ["nonce", bytesOf(nonce)],
    ["key", bytesOf(key)],
    ["custom_identity", bytesOf(customIdentity)],
  ]);
}

function verificationReportDigestible({ sig, chain, httpBody }: VerificationReportFields): Digestible {
  return aggregate("VerificationReport", [
    ["sig", tuple("VerificationSignature", [neverOmit(bytesOf(sig?.contents ?? new Uint8Array()))])],
    ["chain", list(chain.map(bytesOf))],
    ["http_body", neverOmit(text(httpBody ?? ""))],
  ]);
}
