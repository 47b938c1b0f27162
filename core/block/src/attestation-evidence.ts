// What a node shows about its enclave in a block's metadata. Here it is carried; whether it convinces is
// decided elsewhere (spec 02 §1.4, §8.4).
import type { IntelCollateral } from "@fogbow/core-attest";

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
  readonly collateral: IntelCollateral | undefined;
  readonly reportData: EnclaveReportData | undefined;
}

/** What the enclave bound its quote to. */
export interface EnclaveReportData {
  readonly nonce: Uint8Array;
  readonly key: Uint8Array;
  /** Empty when there is none. */
  readonly customIdentity: Uint8Array;
}
