// Evidence: what a platform signed about an enclave, and what it takes to verify that offline (spec 04 §5, §12.4, §13).

/** What Intel says about a platform, as it travels with a quote. Certificates and revocation lists are DER. */
export interface IntelCollateral {
  /** Of the authority that issued the platform's certificate: [PCK CA, root]. */
  readonly pckCrlIssuerChain: readonly Uint8Array[];
  readonly rootCaCrl: Uint8Array;
  readonly pckCrl: Uint8Array;
  /** [TCB signer, root]. */
  readonly tcbInfoIssuerChain: readonly Uint8Array[];
  /** `{"tcbInfo":{…},"signature":"…"}`, exactly as Intel wrote it. */
  readonly tcbInfo: string;
  /** [TCB signer, root]. */
  readonly qeIdentityIssuerChain: readonly Uint8Array[];
  /** `{"enclaveIdentity":{…},"signature":"…"}`, exactly as Intel wrote it. */
  readonly qeIdentity: string;
}

/** What an enclave binds its evidence to; the first half of the report data is its hash (spec 04 §5.1). */
export interface ReportDataContents {
  /** 16 bytes that the enclave drew. */
  readonly nonce: Uint8Array;
  /** The enclave's X25519 static public key: 32 bytes. */
  readonly key: Uint8Array;
  /** 32 bytes that the kind of enclave gives a meaning to; absent is not the same as zeros. */
  readonly customIdentity?: Uint8Array;
}

/** A quote of Intel's DCAP, about an SGX enclave or a TDX machine, or one of a simulated platform. */
export interface DcapEvidence {
  readonly kind: "dcap";
  readonly quote: Uint8Array;
  readonly collateral: IntelCollateral;
  readonly reportData: ReportDataContents;
}

/** A report of AMD's SEV-SNP. */
export interface SevSnpEvidence {
  readonly kind: "sev-snp";
  readonly report: Uint8Array;
  /** DER: VCEK, ASK, ARK. */
  readonly certificates: readonly Uint8Array[];
  /** DER of the ARK's revocation list; empty when there is none. */
  readonly crl: Uint8Array;
  readonly reportData: ReportDataContents;
}

/** Evidence of any kind that is verified here. */
export type Evidence = DcapEvidence | SevSnpEvidence;
