// An overseer as a process: its lease, its rounds, and what operators ask it.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import type { RecoveryDb } from "@fogbow/recovery-db";
import { buildInfoService, createMetrics, healthService, type ListenOptions, type Log, serve } from "@fogbow/server";
import { ingestNodes } from "./ingest-node.ts";
import { Leadership } from "./leadership.ts";
import { Overseer } from "./overseer.ts";
import { overseerMetrics } from "./overseer-metrics.ts";
import { overseerPages } from "./overseer-pages.ts";

/** What an overseer's process is told. */
export interface RunOverseerOptions {
  /** All ingest servers of the cluster, by the URIs for their operators. */
  readonly ingestUris: readonly string[];
  readonly chainId: string;
  readonly listen: ListenOptions;
  /** Milliseconds between rounds; 5 000 unless told otherwise. */
  readonly pollMs?: number;
  /** Milliseconds between tries; 200 unless told otherwise. */
  readonly retryMs?: number;
  /** What this program was built from. */
  readonly version: string;
}

/** What it uses. */
export interface RunOverseerParts {
  /** Stays open. */
  readonly db: RecoveryDb;
  readonly log: Log;
}

/** An overseer that runs. */
export interface RunningOverseer {
  readonly port: number;
  /** Whether this overseer leads. */
  readonly leads: () => boolean;
  /** Stops listening and acting, and lets another one lead. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** How long whoever acts gets to end, in ms. */
const CLOSE_MS = 800;

/** The lease that overseers of one database lead by. */
const LEASE_NAME = "overseer";

/** Runs an overseer. Rejects with `no-nodes`, `duplicate-node`, and as `serve` does. */
export async function runOverseer(options: RunOverseerOptions, parts: RunOverseerParts): Promise<RunningOverseer> {
  const { ingestUris, chainId, listen, pollMs, retryMs, version } = options;
  const { db, log } = parts;
  const nodes = ingestNodes(ingestUris, chainId);
  const metrics = createMetrics();
  const leadership = new Leadership({ name: LEASE_NAME, holder: randomUUID() }, { db, log });
  const overseer = new Overseer(
    { ...(pollMs !== undefined && { pollMs }), ...(retryMs !== undefined && { retryMs }) },
    { db, nodes, leadership, metrics: overseerMetrics(metrics.registry), log },
  );
  const stop = new AbortController();
  const server = await serve(
    {
      listen,
      chainId,
      services: [healthService(() => true), buildInfoService(create(BuildInfoSchema, { gitCommit: version }))],
      pages: overseerPages({ overseer, leadership, metrics, stop: stop.signal }),
    },
    { log, metrics, now: Date.now },
  );
  const acting = Promise.all([leadership.run(stop.signal), overseer.run(stop.signal)]);
  log.info("overseeing", { nodes: nodes.map(({ name }) => name), port: server.port });
  return {
    port: server.port,
    leads: () => leadership.term !== undefined,
    close: async () => {
      stop.abort();
      // A database that does not answer keeps nobody from ending.
      await Promise.all([server.close(), Promise.race([acting, pause(CLOSE_MS, undefined, { ref: false })])]);
      for (const { close } of nodes) close();
    },
  };
}
