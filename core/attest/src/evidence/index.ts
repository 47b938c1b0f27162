// The evidence's part of the package's face.
export {
  COLLATERAL_KEPT_MAX,
  type CollateralCache,
  type CollateralCacheParts,
  collateralExpiry,
  createCollateralCache,
} from "../collateral/collateral-cache.ts";
export { type CollateralRequest, collateralRequestOf } from "../collateral/collateral-request.ts";
export {
  COLLATERAL_ANSWER_BYTES_MAX,
  type CollateralAnswer,
  type CollateralSignal,
  type GetCollateral,
  type IntelServiceOptions,
  loadIntelCollateral,
} from "../collateral/intel-collateral.ts";
export {
  type AllowedMeasurement,
  createPolicy,
  EVIDENCE_PLATFORMS,
  type EvidencePlatform,
  MEASUREMENTS_MAX,
  type Policy,
  type PolicyOptions,
  policyDigest,
  withdrawMeasurements,
} from "../policy/policy.ts";
export {
  MEASUREMENT_FILE_LENGTH_MAX,
  type MeasurementFile,
  type MitigatedAdvisories,
  type MrEnclaveIdentity,
  type MrSignerIdentity,
  parseMeasurementFile,
  parseTrustedIdentity,
  type SnpIdentity,
  type TdIdentity,
  type TrustedIdentity,
  trustedIdentityToJson,
} from "../policy/trusted-identity.ts";
export { appraiseQuote, type QuoteAppraisal, type QuoteRules } from "../sgx/appraise-quote.ts";
export { type ParsedCollateral, parseCollateral } from "../sgx/parse-collateral.ts";
export { parseQuote, QUOTE_BYTES_MAX, type Quote } from "../sgx/quote.ts";
export type { SgxReportBody } from "../sgx/report-body.ts";
export { ACCEPTABLE_TCB_STATUSES, TCB_STATUSES, type TcbStatus } from "../sgx/tcb-status.ts";
export { type Simulation, simulatedRoot, softwareModeRoot } from "../simulated/roots.ts";
export {
  createSimulatedPlatform,
  makeSimulatedEvidence,
  type SimulatedEnclave,
  type SimulatedPlatform,
  type SimulatedPlatformParts,
  simulatedMrSigner,
} from "../simulated/simulated-platform.ts";
export { AMD_ROOTS, type SnpRoot } from "../snp/amd-roots.ts";
export { appraiseSnpReport, type SnpAppraisal, type SnpRules, type SnpSubmission } from "../snp/appraise-snp.ts";
export {
  parseSnpReport,
  readSnpTcb,
  SNP_REPORT_BYTES,
  type SnpProduct,
  type SnpReport,
  type SnpTcb,
} from "../snp/snp-report.ts";
export type { TdReport } from "../tdx/td-report.ts";
export { createCollateralParser, PARSED_COLLATERAL_MAX } from "./collateral-parser.ts";
export type { DcapEvidence, Evidence, IntelCollateral, ReportDataContents, SevSnpEvidence } from "./evidence.ts";
export { decodeDcapEvidence, decodeSevSnpEvidence, EVIDENCE_BYTES_MAX, encodeEvidence } from "./evidence-codec.ts";
export { type EvidenceFields, evidenceDigestible } from "./evidence-digest.ts";
export {
  assertVerdict,
  createEvidenceVerifier,
  decodeEvidence,
  type EvidenceVerifierParts,
} from "./evidence-verifier.ts";
export type { Findings } from "./findings.ts";
export {
  PROBLEM_CLASSES,
  PROBLEMS,
  type Problem,
  type ProblemClass,
  type ProblemCode,
  type ProblemMeaning,
  weightiest,
} from "./problem.ts";
export { reportDataOf } from "./report-data.ts";
export { createReportEvidenceVerifier } from "./report-evidence.ts";
export { describeMeasurement, type Explanation, explainVerdict, type Measurement, type Verdict } from "./verdict.ts";
export { createVerdictCache, VERDICTS_MAX } from "./verdict-cache.ts";
export { type EvidenceQuestion, type VerificationParts, verifyEvidence } from "./verify-evidence.ts";
