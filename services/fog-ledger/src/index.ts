// Runs Fog's ledger: key-image stores, and routers.
export { fogLedgerBundle } from "./enclave/start-ledger-enclave.ts";
export { LedgerServiceError, type LedgerServiceErrorCode } from "./error.ts";
export { OUTPUT_CAPACITY_USUAL } from "./limits.ts";
export { type RunLedgerRouterOptions, type RunningLedgerRouter, runLedgerRouter } from "./router/run-ledger-router.ts";
export { type BlockRange, parseShardingStrategy } from "./sharding-strategy.ts";
export {
  type RunKeyImageStoreOptions,
  type RunningKeyImageStore,
  runKeyImageStore,
} from "./store/run-key-image-store.ts";
