// All of Fog in this process, beside a ledger on this machine: what a developer's network has. A deployment runs each role as a
// process of its own, with the commands next to this file.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromPem, parseCertificate } from "@fogbow/core-attest";
import { DEFAULTS, type RunningIngest, runIngest } from "@fogbow/fog-ingest";
import { runKeyImageStore, runLedgerRouter } from "@fogbow/fog-ledger";
import { runFogReport } from "@fogbow/fog-report";
import { parseShardingStrategy, type RunningViewStore, runViewRouter, runViewStore } from "@fogbow/fog-view";
import { openRecoveryDb, type RecoveryDb } from "@fogbow/recovery-db";
import {
  createLog,
  type Log,
  type LogLevel,
  listenOptionsOf,
  parseServiceUri,
  type ServedService,
} from "@fogbow/server";
import { runWatcher, type SourceConfig } from "@fogbow/watcher";
import { allStarted } from "../all-started.ts";
import { type FogPlace, fogAt } from "../client/fog-access.ts";
import { CommandError } from "../error.ts";
import type { Sink } from "../surroundings.ts";
import { packageVersion } from "../version.ts";
import { makeAuthority } from "./authority.ts";
import { LOCAL_FOG_READY_MS_MAX } from "./limits.ts";

/** Where Fog's roles listen on the loopback, and the folder of all that they keep. */
export interface LocalFogPlan {
  /** Made when it is not there. */
  readonly folder: string;
  readonly chainId: string;
  /** Of everything, as a node has it. */
  readonly logLevel: LogLevel;
  /** Added to the ports of `docs/fog.md`. */
  readonly portOffset: number;
  /** Of `localhost`, where wallets find {@link LocalFog.services}. */
  readonly walletPort: number;
}

/** Which ledger Fog follows. */
export interface FollowedLedger {
  /** Folder of a ledger that keeps blocks. */
  readonly ledger: string;
  /** The archives that say when a block was made. */
  readonly sources: readonly SourceConfig[];
}

/** What accounts are told of their Fog. */
export interface FogAddressFields {
  readonly fogReportUrl: string;
  readonly fogReportId: string;
  /** DER SubjectPublicKeyInfo of the authority's root. */
  readonly fogAuthoritySpki: Uint8Array;
}

/** Records, key images and outputs that the oblivious stores are made for: small, as each takes its memory at once. */
const CAPACITY = 16_384;
const POLL_MS = 250;
const WATCHER_TIMEOUT_MS = 5_000;
const HOST = "127.0.0.1";
const AUTHORITY_DAYS = "3650";

/** Fog for one machine, on simulated platforms, which protect nobody. */
export class LocalFog {
  readonly #plan: LocalFogPlan;
  readonly #log: (role: string) => Log;
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #services: ServedService[] = [];
  #store: RunningViewStore | undefined;
  #ingest: RunningIngest | undefined;
  /** What accounts that use it are made with. */
  readonly address: FogAddressFields;

  private constructor(plan: LocalFogPlan, address: FogAddressFields, stderr: Sink) {
    this.#plan = plan;
    this.address = address;
    this.#log = (role) =>
      createLog({ name: role, level: plan.logLevel }, { destination: { write: (line) => stderr.write(line) } });
  }

  /** Makes the authority of a Fog, which addresses are signed for, unless there is one; nothing runs yet. */
  static async make(plan: LocalFogPlan, { stderr }: { readonly stderr: Sink }): Promise<LocalFog> {
    const folder = authorityFolder(plan);
    if (!existsSync(folder)) {
      await makeAuthority({ out: folder, name: "Fogbow local Fog", days: AUTHORITY_DAYS });
    }
    const [certificate] = fromPem(readFileSync(join(folder, "root.pem"), "utf8"));
    if (certificate === undefined) throw new CommandError("invalid-argument", "The authority has no certificate.");
    const address = {
      fogReportUrl: `insecure-fog://localhost:${plan.walletPort}`,
      fogReportId: "",
      fogAuthoritySpki: parseCertificate(certificate).spki,
    };
    return new LocalFog(plan, address, stderr);
  }

  /** Where wallets ask. */
  get forWallets(): FogPlace {
    return fogAt(`localhost:${this.#plan.walletPort}`, this.#plan.chainId);
  }

  /** What wallets ask, to be served at the wallet port. */
  get services(): readonly ServedService[] {
    return this.#services;
  }

  /** Starts all roles, which wait for the ledger. Rejects as they do; what was started has to be stopped even then. */
  async up(followed: FollowedLedger): Promise<void> {
    const watcher = join(this.#plan.folder, "watcher");
    const [db] = await allStarted([this.#openDatabase(), this.#runWatcher(followed.sources, watcher)]);
    await db.migrate();
    const places = { ledger: followed.ledger, watcher, pollMs: POLL_MS, watcherTimeoutMs: WATCHER_TIMEOUT_MS };
    [this.#store, this.#ingest] = await allStarted([
      this.#runViewStore(db),
      this.#runIngest(db, places),
      this.#runViewRouter(),
      this.#runReport(db),
      this.#runKeyImageStore(places),
      this.#runLedgerRouter(places),
    ]);
  }

  /**
   * Lets ingest publish its key, once the ledger has its first block, and waits until view has loaded what there is. Rejects
   * with IngestError, and with `fog-not-ready`.
   */
  async open(): Promise<void> {
    await this.#ingest?.controller.activate();
    const end = performance.now() + LOCAL_FOG_READY_MS_MAX;
    while (this.#store?.state().isReady !== true) {
      if (performance.now() > end) throw new CommandError("fog-not-ready", "Fog View has not loaded what there is.");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends all roles, the last first. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  async #openDatabase(): Promise<RecoveryDb> {
    const db = await openRecoveryDb({ folder: join(this.#plan.folder, "recovery-db") });
    this.#stops.push(() => db.close());
    return db;
  }

  async #runWatcher(sources: readonly SourceConfig[], directory: string): Promise<void> {
    const { chainId } = this.#plan;
    const running = await runWatcher(
      { sources, directory, chainId, listen: undefined, version: packageVersion() },
      { log: this.#log("watcher") },
    );
    this.#stops.push(() => running.close());
  }

  async #runIngest(db: RecoveryDb, places: Places): Promise<RunningIngest> {
    const { folder, chainId } = this.#plan;
    const { ingest, peer } = localFogPorts(this.#plan.portOffset);
    const localNodeId = `${HOST}:${peer}`;
    const running = await runIngest(
      {
        ...DEFAULTS,
        ...places,
        clientListen: parseServiceUri(`insecure-fog-ingest://${HOST}:${ingest}/`, "fog-ingest"),
        peerListen: parseServiceUri(`insecure-igp://${HOST}:${peer}/`, "igp"),
        adminListen: undefined,
        localNodeId,
        peers: [`insecure-igp://${localNodeId}/`],
        chainId,
        stateFile: join(folder, "ingest-state"),
        tokens: undefined,
        enclave: {
          localNodeId,
          capacity: CAPACITY,
          platform: { kind: "simulated", stateFolder: join(folder, "ingest-enclave") },
        },
      },
      { db, log: this.#log("fog-ingest"), version: packageVersion() },
    );
    this.#stops.push(() => running.close());
    return running;
  }

  async #runReport(db: RecoveryDb): Promise<void> {
    const authority = authorityFolder(this.#plan);
    const running = await runFogReport(
      {
        listen: listenOptionsOf(
          parseServiceUri(`insecure-fog://${HOST}:${localFogPorts(this.#plan.portOffset).report}/`, "fog"),
        ),
        adminListen: undefined,
        signer: { chainPath: join(authority, "chain.pem"), keyPath: join(authority, "key.pem") },
        chainId: this.#plan.chainId,
        version: packageVersion(),
      },
      { db, log: this.#log("fog-report") },
    );
    this.#services.push(...running.services);
    this.#stops.push(() => running.close());
  }

  async #runViewStore(db: RecoveryDb): Promise<RunningViewStore> {
    const responderId = `${HOST}:${localFogPorts(this.#plan.portOffset).viewStore}`;
    const running = await runViewStore(
      {
        clientListen: parseServiceUri(`insecure-fog-view-store://${responderId}/`, "fog-view-store"),
        adminListen: undefined,
        responderId,
        chainId: this.#plan.chainId,
        shard: parseShardingStrategy("default"),
        capacity: CAPACITY,
        pollMs: POLL_MS,
        enclave: { platform: SIMULATED },
      },
      { db, log: this.#log("fog-view-store"), version: packageVersion() },
    );
    this.#stops.push(() => running.close());
    return running;
  }

  async #runViewRouter(): Promise<void> {
    const { view, viewStore } = localFogPorts(this.#plan.portOffset);
    const running = await runViewRouter(
      {
        clientListen: parseServiceUri(`insecure-fog-view://${HOST}:${view}/`, "fog-view"),
        adminListen: undefined,
        responderId: this.forWallets.viewUri.responderId,
        chainId: this.#plan.chainId,
        shards: [`insecure-fog-view-store://${HOST}:${viewStore}/?sharding_strategy=default`],
        tokens: undefined,
        enclave: { platform: SIMULATED },
      },
      { log: this.#log("fog-view-router"), version: packageVersion() },
    );
    this.#services.push(...running.services);
    this.#stops.push(() => running.close());
  }

  async #runKeyImageStore(places: Places): Promise<void> {
    const responderId = `${HOST}:${localFogPorts(this.#plan.portOffset).keyImages}`;
    const running = await runKeyImageStore(
      {
        ...places,
        clientListen: parseServiceUri(`insecure-key-image-store://${responderId}/`, "key-image-store"),
        adminListen: undefined,
        responderId,
        chainId: this.#plan.chainId,
        capacity: CAPACITY,
        range: parseShardingStrategy("default"),
        enclave: { platform: SIMULATED },
      },
      { log: this.#log("key-image-store"), version: packageVersion() },
    );
    this.#stops.push(() => running.close());
  }

  async #runLedgerRouter(places: Places): Promise<void> {
    const { ledger, keyImages } = localFogPorts(this.#plan.portOffset);
    const running = await runLedgerRouter(
      {
        ...places,
        clientListen: parseServiceUri(`insecure-fog-ledger://${HOST}:${ledger}/`, "fog-ledger"),
        adminListen: undefined,
        responderId: this.forWallets.ledgerUri.responderId,
        chainId: this.#plan.chainId,
        tokens: undefined,
        shardUris: [`insecure-key-image-store://${HOST}:${keyImages}/`],
        outputCapacity: CAPACITY,
        looksUpOutputs: true,
        queryTries: 3,
        enclave: { platform: SIMULATED },
      },
      { log: this.#log("ledger-router"), version: packageVersion() },
    );
    this.#services.push(...running.services);
    this.#stops.push(() => running.close());
  }
}

const SIMULATED = { kind: "simulated" } as const;

interface Places {
  readonly ledger: string;
  readonly watcher: string;
  readonly pollMs: number;
  readonly watcherTimeoutMs: number;
}

const authorityFolder = ({ folder }: LocalFogPlan): string => join(folder, "authority");

/** Which port is whose: those of `docs/fog.md`, moved. */
export function localFogPorts(portOffset: number): Readonly<Record<LocalFogPort, number>> {
  const at = (base: number): number => base + portOffset;
  return {
    ingest: at(4200),
    peer: at(4300),
    view: at(5200),
    viewStore: at(5600),
    report: at(6200),
    ledger: at(7200),
    keyImages: at(7600),
  };
}

/** A listener of Fog. */
type LocalFogPort = "ingest" | "peer" | "view" | "viewStore" | "report" | "ledger" | "keyImages";
