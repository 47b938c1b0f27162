// What a node shows about its enclave in a block's metadata. Here it is hashed and carried; whether it convinces is
// decided elsewhere (spec 02 §1.4, §8.4).
import { aggregate, bytesOf, type Digestible, list, neverOmit, optional, text, tuple } from "@fogbow/core-crypto";

/** Evidence of an enclave, older or newer. */
export type AttestationEvidence =
  | { readonly kind: "verification-report"; readonly report: VerificationReport }
  | { readonly kind: "dcap"; readonly evidence: DcapEvidence };

/** A report that Intel's attestation service signed. */
export interface VerificationReport {
  readonly signature: Uint8Array;
  /** DER certificates, the leaf first. */
  readonly chain: readonly Uint8Array[];
  /** The JSON text exactly as it was signed. */
  readonly httpBody: string;
}

/** A quote with what it takes to verify it offline. */
export interface DcapEvidence {
  readonly quote: Uint8Array | undefined;
  readonly collateral: Collateral | undefined;
  readonly reportData: EnclaveReportData | undefined;
}

/** What the platform's maker says about the platform. Certificates and revocation lists are DER. */
export interface Collateral {
  readonly pckCrlIssuerChain: readonly Uint8Array[];
  readonly rootCaCrl: Uint8Array;
  readonly pckCrl: Uint8Array;
  readonly tcbInfoIssuerChain: readonly Uint8Array[];
  /** Signed JSON. */
  readonly tcbInfo: string;
  readonly qeIdentityIssuerChain: readonly Uint8Array[];
  /** Signed JSON. */
  readonly qeIdentity: string;
}

/** What the enclave bound its quote to. */
export interface EnclaveReportData {
  readonly nonce: Uint8Array;
  readonly key: Uint8Array;
  /** Empty when there is none. */
  readonly customIdentity: Uint8Array;
}

/** Evidence as part of a larger hashed object: the choice between the two has no node of its own. */
export function evidenceDigestible(evidence: AttestationEvidence): Digestible {
  switch (evidence.kind) {
    case "verification-report":
      return reportDigestible(evidence.report);
    case "dcap":
      return dcapDigestible(evidence.evidence);
  }
}

function reportDigestible({ signature, chain, httpBody }: VerificationReport): Digestible {
  return aggregate("VerificationReport", [
    ["sig", tuple("VerificationSignature", [neverOmit(bytesOf(signature))])],
    ["chain", list(chain.map(bytesOf))],
    ["http_body", neverOmit(text(httpBody))],
  ]);
}

function dcapDigestible({ quote, collateral, reportData }: DcapEvidence): Digestible {
  return aggregate("DcapEvidence", [
    ["quote", optional(quote && aggregate("Quote3", [["data", bytesOf(quote)]]))],
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

function reportDataDigestible({ nonce, key, customIdentity }: EnclaveReportData): Digestible {
  return aggregate("EnclaveReportDataContents", [
    ["nonce", bytesOf(nonce)],
    ["key", bytesOf(key)],
    ["custom_identity", bytesOf(customIdentity)],
  ]);
}
