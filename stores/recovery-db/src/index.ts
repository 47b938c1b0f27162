// The recovery database of Fog.
export { RecoveryDbError, type RecoveryDbErrorCode } from "./error.ts";
export { LEASE_HEADER, leaseFromHeader, leaseToHeader } from "./lease-header.ts";
export { EVIDENCE_BYTES_MAX, REPORT_ID_CHARACTERS_MAX } from "./limits.ts";
export { openRecoveryDb, type RecoveryDbOptions } from "./open-recovery-db.ts";
export type {
  BlockRange,
  BlockRecords,
  IngestableRange,
  IngressKeyFilters,
  IngressKeyRecord,
  IngressKeyStatus,
  KexRngKey,
  LeaseClaim,
  RecoveryDb,
  ReportData,
  ScannedBlock,
  StoredReport,
  UserEvent,
  UserEvents,
} from "./recovery-db.ts";
export { type EmbeddedServer, type ServeEmbeddedOptions, serveEmbedded } from "./serve/serve-embedded.ts";
