// A watcher as a process: its store, its sources, and what operators and load balancers ask it.
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import { WatcherDb } from "@fogbow/ledger-db";
import {
  adminService,
  buildInfoService,
  createMetrics,
  healthService,
  type ListenOptions,
  type Log,
  serve,
} from "@fogbow/server";
import { Watcher } from "./watcher.ts";
import type { SourceConfig } from "./watcher-config.ts";
import { watcherMetrics } from "./watcher-metrics.ts";

/** What a watcher's process is told. */
export interface RunWatcherOptions {
  readonly sources: readonly SourceConfig[];
  /** Where it keeps what it sees; made when it is not there. */
  readonly directory: string;
  readonly chainId: string;
  readonly pollMs?: number;
  /** Where health, figures and administration are served; undefined for nowhere. */
  readonly listen: ListenOptions | undefined;
  /** What this program was built from, as administration shows it. */
  readonly version: string;
}

/** A watcher that runs. */
export interface RunningWatcher {
  /** The port that it listens on, if it does. */
  readonly port: number | undefined;
  readonly isReady: () => boolean;
  /** Rejects when the store fails: then the process should end. */
  readonly done: Promise<void>;
  /** Stops listening and watching. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** Runs a watcher. Rejects as `WatcherDb.open`, the addresses of archives and `serve` do. */
export async function runWatcher(options: RunWatcherOptions, { log }: { readonly log: Log }): Promise<RunningWatcher> {
  const { sources, directory, chainId, pollMs, listen, version } = options;
  const db = WatcherDb.open(directory);
  const metrics = createMetrics();
  let watcher: Watcher | undefined;
  const isReady = (): boolean => watcher?.isReady ?? false;
  try {
    watcher = new Watcher(
      { sources, chainId, ...(pollMs !== undefined && { pollMs }) },
      { db, log, metrics: watcherMetrics(metrics.registry) },
    );
    const buildInfo = create(BuildInfoSchema, { gitCommit: version });
    const config = { directory, chainId, sources: sources.map(({ archiveUrl }) => archiveUrl) };
    const server =
      listen &&
      (await serve(
        {
          listen,
          services: [
            healthService(isReady),
            buildInfoService(buildInfo),
            adminService({ name: "watcher", id: chainId, buildInfo, config }, { log, metrics }),
          ],
          pages: [
            { path: "/metrics", contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() },
          ],
        },
        { log, metrics, now: Date.now },
      ));
    const running = watcher;
    log.info("watching", { sources: sources.length, directory, port: server?.port });
    return {
      port: server?.port,
      isReady,
      done: running.done(),
      close: async () => {
        await Promise.all([server?.close(), running.close()]);
        await db.close();
      },
    };
  } catch (error) {
    await watcher?.close();
    await db.close();
    throw error;
  }
}
