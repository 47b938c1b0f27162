export { INTEL_IAS_ROOT_FINGERPRINT, intelIasRoot } from "./anchors/intel-ias-root.ts";
export { INTEL_SGX_ROOT_FINGERPRINT, intelSgxRoot } from "./anchors/intel-sgx-root.ts";
export * from "./channel/index.ts";
export type { Check } from "./check.ts";
export { fromPem, PEM_LENGTH_MAX, type PemLabel, toPem } from "./der/pem.ts";
export { IAS_REPORT_LENGTH_MAX, type IasReport, parseIasReport } from "./epid/ias-report.ts";
export {
  IAS_CHAIN_MAX,
  type IasReportProblem,
  type IasReportQuestion,
  type IasReportVerdict,
  type SignedIasReport,
  verifyIasReport,
} from "./epid/verify-ias-report.ts";
export { AttestError, type AttestErrorCode } from "./error.ts";
export * from "./evidence/index.ts";
export {
  decodeReportResponse,
  encodeReportResponse,
  type FogReport,
  type FogReportEvidence,
  type FogReportResponse,
} from "./fog-report/fog-report.ts";
export { tryNormaliseFogUrl } from "./fog-report/fog-url.ts";
export { REPORT_RESPONSE_BYTES_MAX, REPORTS_MAX } from "./fog-report/limits.ts";
export {
  type FogAuthority,
  type FogAuthorityOptions,
  type FogAuthorityParts,
  makeFogAuthority,
} from "./fog-report/make-fog-authority.ts";
export { type ReportChainProblem, type ReportChainVerdict, verifyReportChain } from "./fog-report/report-chain.ts";
export { reportDigest } from "./fog-report/report-digest.ts";
export { assertReportSigner, type ReportSigner, signReports } from "./fog-report/sign-reports.ts";
export {
  type EvidenceVerdict,
  type FogAddress,
  type FogReportParts,
  type FogReportProblem,
  type FogReportQuestion,
  type FogReportVerdict,
  verifyFogReport,
} from "./fog-report/verify-fog-report.ts";
export { type Certificate, parseCertificate } from "./x509/certificate.ts";
export type { BasicConstraints, Extension, KeyUsage } from "./x509/extensions.ts";
export {
  type CertificateFields,
  type CertificateSigner,
  ed25519Spki,
  issueCertificate,
  issuerExtensions,
  leafExtensions,
  RSA_SHA256,
} from "./x509/issue-certificate.ts";
export {
  ECDSA_SHA256,
  makeTlsAuthority,
  type TlsAuthority,
  type TlsAuthorityOptions,
} from "./x509/make-tls-authority.ts";
export { type PckExtension, type PckOptions, parsePckExtension } from "./x509/pck-extension.ts";
export { type Curve, ecPublicKey, parsePublicKey, type SubjectPublicKey } from "./x509/public-key.ts";
export { isRevoked, parseCrl, type RevocationList } from "./x509/revocation-list.ts";
export type { HashName, SignatureAlgorithm } from "./x509/signature-algorithm.ts";
export { type ChainProblem, type ChainQuestion, type ChainVerdict, verifyChain } from "./x509/verify-chain.ts";
export { verifyEcdsa, verifySignature } from "./x509/verify-signature.ts";
