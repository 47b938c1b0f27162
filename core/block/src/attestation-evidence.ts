// What a node shows about its enclave in a block's metadata. Here it is carried; whether it convinces is
// decided elsewhere (spec 02 §1.4, §8.4).
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
