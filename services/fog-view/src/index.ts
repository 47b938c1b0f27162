// Runs Fog View: stores that load records, and routers that clients ask.

export type { Blocks } from "./block-tracker.ts";
export { fogViewBundle, type ViewEnclaveOptions } from "./enclave/start-view-enclave.ts";
export { FogViewError, type FogViewErrorCode } from "./error.ts";
export { type RunningViewRouter, type RunViewRouterOptions, runViewRouter } from "./router/run-view-router.ts";
export { FOG_VIEW_LIMITS } from "./rpc-limits.ts";
export { parseShardingStrategy } from "./sharding-strategy.ts";
export type { LoadedState } from "./store/loader.ts";
export {
  type RunningViewStore,
  type RunViewParts,
  type RunViewStoreOptions,
  runViewStore,
} from "./store/run-view-store.ts";
