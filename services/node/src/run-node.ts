// A node as a process has it: everything that it is told, started in order and stopped in reverse (spec 05 §4.3).
import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { ArchiveBlockSource, archiveFilesAt, type BlockSource, s3CredentialsFrom } from "@fogbow/archive";
import { type Random, toHex, tokenValue } from "@fogbow/core-bytes";
import { BuildInfoSchema } from "@fogbow/core-wire";
import type { Ledger, LmdbLedger } from "@fogbow/ledger-db";
import { keepHeapClean } from "@fogbow/runtime-enclave";
import {
  adminService,
  buildInfoService,
  createLog,
  createMetrics,
  healthService,
  type ListenOptions,
  type Log,
  type Metrics,
  type ServedService,
  type Server,
  type ServerOptions,
  serve,
} from "@fogbow/server";
import { type NodeConfig, shownConfig } from "./config/node-config.ts";
import { type NodeUri, shownUri } from "./config/node-uri.ts";
import { NodeError } from "./error.ts";
import { FileJournal } from "./journal/file-journal.ts";
import type { ReplicaOptions } from "./options.ts";
import { Checkpoints, sealedSum } from "./process/checkpoints.ts";
import { folderOfFiles } from "./process/folder-of-files.ts";
import { ForgettingStore } from "./process/forgetting-store.ts";
import { ARCHIVE_SILENCE_MS_MAX, CLEAN_HEAP_MS } from "./process/limits.ts";
import { nativeSigner } from "./process/native-signer.ts";
import { type NodeEnclave, startNodeEnclave } from "./process/node-enclave.ts";
import { openNodeLedger } from "./process/node-ledger.ts";
import { replicaMetrics } from "./process/node-metrics.ts";
import { publishBlocks } from "./process/publish-blocks.ts";
import { watchSlots } from "./process/slot-watch.ts";
import { systemClock } from "./process/system-clock.ts";
import { Replica } from "./replica/replica.ts";
import type { ClientHandlers } from "./rpc/handlers.ts";
import type { PeerRpc } from "./rpc/peer-rpc.ts";
import { clientServices } from "./server/client-services.ts";
import { PEER_STREAMS_MAX } from "./server/limits.ts";
import { peerClient } from "./server/peer-client.ts";
import { peerServices } from "./server/peer-services.ts";
import { statusService } from "./server/status-service.ts";
import type { NodeStatus } from "./status.ts";
import { catchUp } from "./sync/catch-up.ts";

/** A node that runs. */
export interface RunningNode {
  /** Where it listens; ports that were 0 are those that it got. */
  readonly ports: { readonly client: number; readonly peer: number; readonly admin: number };
  readonly status: () => NodeStatus;
  /** What it answers clients, for whoever serves them at another place too. */
  readonly client: ClientHandlers;
  /** Reads the certificates of all listeners again. Throws ServerError `invalid-certificate`. */
  readonly reloadTls: () => void;
  /** Stops in reverse order; a block that is being appended is appended. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** What a node runs with, where it is not the usual. */
export interface RunNodeParts {
  /** To standard error unless given. */
  readonly log?: Log;
  readonly version?: string;
  /** Where the credentials of object storage are looked for. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs a node: administration, enclave and ledger, peers, consensus, clients, in this order. What fails stops what was
 * started. Rejects with ConfigError, ServerError, RuntimeError, LedgerError, NodeError.
 */
export async function runNode(config: NodeConfig, parts: RunNodeParts = {}): Promise<RunningNode> {
  const log = parts.log ?? createLog({ name: "node", level: config.logLevel });
  const started = new Started();
  try {
    return await start(config, { log, version: parts.version ?? "", env: parts.env ?? {} }, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** What was started, to be stopped in reverse. */
class Started {
  readonly #stops: (() => Promise<void> | void)[] = [];

  add(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }
}

async function start(
  config: NodeConfig,
  { log, version, env }: Required<RunNodeParts>,
  started: Started,
): Promise<RunningNode> {
  const { chainId, self, network, enclave: enclaveConfig } = config;
  const metrics = createMetrics();
  let replica: Replica | undefined;
  const status = (): NodeStatus | undefined => replica?.status();
  const isServing = (): boolean => ["in-sync", "maybe-behind", "silent"].includes(status()?.state ?? "starting");
  const common: readonly ServedService[] = [
    healthService(isServing),
    buildInfoService(create(BuildInfoSchema, { gitCommit: version })),
  ];
  const listen = (
    uri: NodeUri,
    services: readonly ServedService[],
    more: Partial<ServerOptions> = {},
  ): Promise<Server> =>
    serve({ listen: listenOptions(uri), services: [...common, ...services], ...more }, { log, metrics, now: Date.now });

  const admin = await listen(config.adminListen, adminServices(config, { log, metrics, version, status }), {
    pages: [{ path: "/metrics", contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() }],
  });
  started.add(() => admin.close());

  const sources = blockSources(network.txSourceUrls);
  const starting = new AbortController();
  started.add(() => starting.abort());
  const checkpointFolder = join(config.statePath, "checkpoints");
  if (config.retention === "forget") started.add(keepHeapClean(CLEAN_HEAP_MS));
  const forgetting = config.retention === "forget" ? new ForgettingStore(config) : undefined;
  started.add(() => forgetting?.close());
  const enclave = await startNodeEnclave(config, {
    log,
    sealedLedger: () => forgetting?.sealedLedger() ?? sealedSum(checkpointFolder),
  });
  started.add(() => enclave.close());
  const ledger = await (forgetting === undefined
    ? openNodeLedger(config, { sources, log }, starting.signal)
    : forgetting.begin(enclave.enclave, { sources, log }, starting.signal));
  started.add(() => ledger.close());

  const peers = new Map(
    network.broadcastPeers.map(({ node, uri }) => [node.responderId, peerClient(uri, chainId)] as const),
  );
  started.add(() => {
    for (const peer of peers.values()) peer.close();
  });
  replica = await makeReplica(config, { enclave, ledger, peers, sources, log, metrics, status });
  const consensus = replica;
  const peerListener = await listen(config.peerListen, peerServices(consensus.peer), {
    chainId,
    requiresChainId: config.isProduction,
    streamsMax: PEER_STREAMS_MAX,
  });
  started.add(() => peerListener.close());

  const checkpoints = new Checkpoints(
    { folder: checkpointFolder, retention: config.retention },
    { ledger, enclave: enclave.enclave, node: self, key: config.messageKey, log },
  );
  await consensus.start();
  started.add(() => checkpoints.stop());
  started.add(consensus.onBlock(() => void checkpoints.blockStored()));
  started.add(() => consensus.stop());
  void checkpoints.blockStored();
  started.add(
    publishBlocks(config.archiveDestinations, { replica: consensus, ledger, credentials: s3CredentialsFrom(env), log }),
  );
  started.add(
    watchSlots(
      { timeBaseMs: config.timeBaseMs, dumpFolder: config.scpDebugDump },
      { status: () => consensus.status(), log },
    ),
  );
  const client = await listen(
    config.clientListen,
    clientServices(() => consensus.client),
    {
      chainId,
      requiresChainId: config.isProduction,
      origins: config.isProduction ? config.clientOrigins : "any",
      ...(config.clientTokens && { tokens: config.clientTokens }),
    },
  );
  started.add(() => client.close());
  log.info("the node runs", {
    node: self.responderId,
    client: shownUri(config.clientListen),
    blocks: ledger.numBlocks(),
    platform: enclaveConfig.platform,
  });
  let closing: Promise<void> | undefined;
  return {
    ports: { client: client.port, peer: peerListener.port, admin: admin.port },
    status: () => consensus.status(),
    client: consensus.client,
    reloadTls: () => {
      for (const server of [admin, peerListener, client]) server.reloadTls();
    },
    close: () => {
      closing ??= started.stop();
      return closing;
    },
  };
}

function adminServices(
  config: NodeConfig,
  { log, metrics, version, status }: ProcessParts & { readonly version: string },
): readonly ServedService[] {
  const { chainId, self, clientResponderId } = config;
  const owner = { chainId, peerResponderId: self.responderId, clientResponderId };
  const buildInfo = create(BuildInfoSchema, { gitCommit: version });
  return [
    adminService({ name: "node", id: self.responderId, buildInfo, config: shownConfig(config) }, { log, metrics }),
    statusService(owner, status),
  ];
}

/** What everything in the process shares. */
interface ProcessParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly status: () => NodeStatus | undefined;
}

interface ReplicaSurroundings extends ProcessParts {
  readonly enclave: NodeEnclave;
  readonly ledger: Ledger | LmdbLedger;
  readonly peers: ReadonlyMap<string, PeerRpc>;
  readonly sources: readonly BlockSource[];
}

async function makeReplica(config: NodeConfig, surroundings: ReplicaSurroundings): Promise<Replica> {
  const { enclave, ledger, peers, sources, log, metrics, status } = surroundings;
  return new Replica(replicaOptions(config, enclave), {
    clock: systemClock,
    enclave: enclave.enclave,
    ledger,
    journal: new FileJournal(await folderOfFiles(join(config.statePath, "journal"))),
    peer: (responderId) => {
      const peer = peers.get(responderId);
      if (peer === undefined) throw new NodeError("invalid-options", `There is no peer ${responderId}.`);
      return peer;
    },
    blockSources: sources,
    ...("appendTogether" in ledger && { appendTogether: (appends) => ledger.appendTogether(appends) }),
    catchUp,
    isKnownSigner: (signer) => config.blockSigners.has(toHex(signer)),
    messageKey: config.messageKey,
    signer: nativeSigner(config.messageKey),
    evidence: enclave.evidence,
    random: systemRandom,
    log,
    metrics: replicaMetrics(metrics, status),
  });
}

function replicaOptions(config: NodeConfig, { identity }: NodeEnclave): ReplicaOptions {
  const { self, clientResponderId, network, tokens, blockVersion, leaderHash, timeBaseMs, settleMs } = config;
  return {
    self,
    clientResponderId,
    peers: network.broadcastPeers.map(({ node, broadcast, relayIncoming }) => ({
      ...node,
      broadcast,
      relayIncomingTxs: relayIncoming,
    })),
    knownNodes: network.knownPeers.map(({ node }) => node),
    quorumSet: network.quorumSet,
    chain: {
      blockVersion,
      tokens: [...tokens.tokens]
        .sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1))
        .map(({ tokenId, minimumFee, governors }) => ({
          tokenId,
          minimumFee: tokenValue(minimumFee),
          ...(governors && { governors }),
        })),
      ...(tokens.governorsSignature && { governorsSignature: tokens.governorsSignature }),
      leaderHash,
    },
    retention: config.retention,
    enclave: identity,
    sessionsTracked: config.clientTrackingCapacity,
    timing: {
      baseRoundMs: timeBaseMs,
      baseBallotMs: timeBaseMs,
      roundTripsMin: ROUND_TRIPS_MIN,
      settleMs,
      graceMs: GRACE_BASES * timeBaseMs,
    },
  };
}

/** What the bases of time are at least, in round trips (spec 05 §1.7). */
const ROUND_TRIPS_MIN = 3;

/** How long a node may seem to be behind before it stops voting, in bases of time (spec 05 §3.1). */
const GRACE_BASES = 10;

function blockSources(urls: readonly string[]): BlockSource[] {
  return urls.map((url) => new ArchiveBlockSource(archiveFilesAt(url, ARCHIVE_SILENCE_MS_MAX)));
}

function listenOptions(uri: NodeUri): ListenOptions {
  const [certificateChainPath, privateKeyPath] = [uri.param("tls-chain"), uri.param("tls-key")];
  const hasTls = uri.isSecure && certificateChainPath !== undefined && privateKeyPath !== undefined;
  return { host: uri.host, port: uri.port, ...(hasTls && { tls: { certificateChainPath, privateKeyPath } }) };
}

/** The system's generator. Filled in place: no copy stays behind. */
const systemRandom: Random = (length) => randomFillSync(new Uint8Array(length));
