export { type AppendView, assertAppendable, METADATA_SINCE } from "./append-rules.ts";
export { LedgerError, type LedgerErrorCode, type LedgerErrorOptions } from "./error.ts";
export { createForgetLedger, type ForgetLedger, openForgetLedger, type RecordReader } from "./forget/forget-ledger.ts";
export type { SealedBlock, SealedKeyImage, SealedNode, SealedTxOut } from "./forget/sealed-block.ts";
export {
  type RecordsToVerify,
  type VerifyForgetOptions,
  type VerifyForgetReport,
  verifyForgetLedger,
} from "./forget/verify-forget-ledger.ts";
export type { AuditableLedger, EntryCounts, Ledger, LedgerReader, TxOutSpan } from "./ledger.ts";
export { REMEMBERED_BLOCKS_MAX } from "./limits.ts";
export type { LmdbLedger } from "./lmdb/lmdb-ledger.ts";
export { createLedger, type OpenOptions, openLedger } from "./lmdb/open-ledger.ts";
export { SCHEMA_VERSION } from "./lmdb/schema-version.ts";
export { MemoryLedger } from "./memory-ledger.ts";
export {
  BlockProvider,
  type BlockProviderOptions,
  type BlockProviderParts,
  type PollOptions,
  type ProvidedBlock,
  type TxOutInfo,
} from "./provider/block-provider.ts";
export { exportSnapshot } from "./snapshot/export-snapshot.ts";
export {
  type LoadedRecords,
  type LoadSnapshotParts,
  loadSnapshot,
  type VerifySnapshotParts,
  verifySnapshot,
} from "./snapshot/load-snapshot.ts";
export { type VerifyOptions, type VerifyReport, verifyLedger } from "./verify-ledger.ts";
export { type BlockTimestamp, TIMESTAMP_CODES } from "./watcher/block-timestamp.ts";
export {
  type SeenBlock,
  type SignerEvidence,
  type WatchedBlock,
  type WatchedBlockData,
  type WatchedConflict,
  type WatchedSource,
  WatcherDb,
  type WatcherOpenOptions,
} from "./watcher/watcher-db.ts";
