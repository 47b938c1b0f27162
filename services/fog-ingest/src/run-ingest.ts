// An ingest server as a process has it: its enclave, the database, its controller, and three listeners.
import { create } from "@bufbuild/protobuf";
import { BuildInfoSchema } from "@fogbow/core-wire";
import { BlockProvider } from "@fogbow/ledger-db";
import type { RecoveryDb } from "@fogbow/recovery-db";
import {
  buildInfoService,
  createMetrics,
  healthService,
  type Log,
  listenOptionsOf,
  adminService as operatorService,
  type ServedService,
  type Server,
  type ServiceUri,
  serve,
  type TokenAuthOptions,
} from "@fogbow/server";
import { IngestController } from "./controller/controller.ts";
import { type IngestEnclaveOptions, startIngestEnclave } from "./enclave/start-ingest-enclave.ts";
import { IngestError } from "./error.ts";
import { ingestMetrics } from "./ingest-metrics.ts";
import type { IngestOptions } from "./options.ts";
import { peerClient } from "./peers/peer-client.ts";
import { adminService } from "./rpc/admin-service.ts";
import { peerServices } from "./rpc/peer-service.ts";
import { StateFile } from "./state/state-file.ts";
import { systemClock } from "./system-clock.ts";

/** What an ingest server is told. */
export interface RunIngestOptions extends IngestOptions {
  /** `fog-ingest://` or `insecure-fog-ingest://`: where operators ask. */
  readonly clientListen: ServiceUri;
  /** `igp://` or `insecure-igp://`: where peers ask. */
  readonly peerListen: ServiceUri;
  /** `mca://` or `insecure-mca://`: figures and the log; nowhere unless given. */
  readonly adminListen: ServiceUri | undefined;
  readonly chainId: string;
  /** The ledger's folder. */
  readonly ledger: string;
  /** The watcher's folder. */
  readonly watcher: string;
  readonly stateFile: string;
  readonly tokens: TokenAuthOptions | undefined;
  readonly enclave: IngestEnclaveOptions;
}

/** What an ingest server runs with. */
export interface RunIngestParts {
  readonly log: Log;
  /** The recovery database, which stays open when the server has ended. */
  readonly db: RecoveryDb;
  readonly version: string;
}

/** An ingest server that runs. */
export interface RunningIngest {
  /** Where it listens; ports that were 0 are those that it got. */
  readonly ports: { readonly client: number; readonly peer: number; readonly admin: number | undefined };
  readonly controller: IngestController;
  /** Rejects when the server cannot go on: then the process should end. */
  readonly done: Promise<void>;
  /** Stops listening at once, scans no more and writes no state. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** Milliseconds that what is in progress has to end. */
const CLOSE_MS = 700;

/** Runs an ingest server. Rejects with IngestError, ServerError, RuntimeError; what was started is stopped then. */
export async function runIngest(options: RunIngestOptions, parts: RunIngestParts): Promise<RunningIngest> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return await start(options, parts, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: RunIngestOptions,
  { log, db, version }: RunIngestParts,
  stops: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<RunningIngest> {
  const { chainId, clientListen, peerListen, adminListen, tokens } = options;
  const metrics = createMetrics();
  const figures = ingestMetrics(metrics.registry);
  const blocks = new BlockProvider({ ledger: options.ledger, watcher: options.watcher });
  stops.push(() => blocks.close());
  const state = new StateFile(options.stateFile);
  const kept = state.read();
  const enclave = await startIngestEnclave(options.enclave, kept?.sealedKey, { log, metrics: figures }).catch(
    (error: unknown) => {
      if (error instanceof IngestError && error.code === "sealed-key-refused") state.putAside();
      throw error;
    },
  );
  stops.push(() => enclave.close());
  // An egress key that serves fewer outputs than a call takes is given no more than it serves.
  const chunkOutputs = Math.min(options.chunkOutputs, options.enclave.capacity);
  const controller = await IngestController.begin(
    { ...options, chunkOutputs },
    {
      clock: systemClock,
      blocks,
      db,
      enclave,
      connect: (uri) => peerClient(uri, chainId),
      state,
      log,
      metrics: figures,
    },
    kept,
  );
  const buildInfo = create(BuildInfoSchema, { gitCommit: version });
  const common: readonly ServedService[] = [healthService(() => true), buildInfoService(buildInfo)];
  const listen = async (
    uri: ServiceUri,
    services: readonly ServedService[],
    more: Partial<Parameters<typeof serve>[0]> = {},
  ): Promise<Server> => {
    const server = await serve(
      { listen: listenOptionsOf(uri), services: [...common, ...services], chainId, ...more },
      { log, metrics, now: Date.now },
    );
    stops.push(() => server.close());
    return server;
  };
  const shown = { chainId, localNodeId: options.localNodeId, ledger: options.ledger, stateFile: options.stateFile };
  const admin =
    adminListen &&
    (await listen(
      adminListen,
      [operatorService({ name: "fog-ingest", id: options.localNodeId, buildInfo, config: shown }, { log, metrics })],
      {
        pages: [
          { path: "/metrics", contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() },
        ],
      },
    ));
  const peer = await listen(peerListen, peerServices(controller));
  const client = await listen(clientListen, [adminService(controller)], { ...(tokens && { tokens }) });
  const done = controller.run();
  done.catch(() => undefined); // Whoever awaits it hears of it.
  log.info("the ingest server runs", {
    node: options.localNodeId,
    blocks: blocks.numBlocks(),
  });
  let closing: Promise<void> | undefined;
  return {
    ports: { client: client.port, peer: peer.port, admin: admin?.port },
    controller,
    done,
    close: () => {
      closing ??= Promise.race([
        Promise.all([controller.close(), ...[client, peer, admin].map((server) => server?.close())]).then(stop),
        systemClock.sleep(CLOSE_MS, new AbortController().signal),
      ]).then(() => undefined);
      return closing;
    },
  };
}
