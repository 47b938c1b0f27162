// Publishes the attested keys of ingest.
export { FogReportError, type FogReportErrorCode } from "./error.ts";
export type { SignerFiles } from "./read-signer.ts";
export { REPORT_LIMITS } from "./report-rpc-limits.ts";
export {
  type RunFogReportOptions,
  type RunFogReportParts,
  type RunningFogReport,
  runFogReport,
} from "./run-fog-report.ts";
