// Watches the archives of many validators.
export { WatcherError, type WatcherErrorCode } from "./error.ts";
export { type NodeAddress, parseNodeAddress } from "./node-address.ts";
export { type RunningWatcher, type RunWatcherOptions, runWatcher } from "./run-watcher.ts";
export { Watcher, type WatcherOptions, type WatcherParts } from "./watcher.ts";
export { parseWatcherConfig, type SourceConfig } from "./watcher-config.ts";
export { type WatcherMetrics, watcherMetrics } from "./watcher-metrics.ts";
