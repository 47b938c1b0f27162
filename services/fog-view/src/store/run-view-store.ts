// A store as a process has it: its enclave, the database, fetcher and loader, and its listener.
import type { RecoveryDb } from "@fogbow/recovery-db";
import type { Log, ServiceUri } from "@fogbow/server";
import { Gauge } from "prom-client";
import type { Blocks } from "../block-tracker.ts";
import { startViewEnclave, type ViewEnclaveOptions } from "../enclave/start-view-enclave.ts";
import { Role } from "../role.ts";
import { Fetcher } from "./fetcher.ts";
import { type LoadedState, Loader } from "./loader.ts";
import { storeService } from "./store-service.ts";

/** What a store is told. */
export interface RunViewStoreOptions {
  /** `fog-view-store://` or `insecure-fog-view-store://`: where routers ask. */
  readonly clientListen: ServiceUri;
  /** `mca://` or `insecure-mca://`: figures and the log; nowhere unless given. */
  readonly adminListen: ServiceUri | undefined;
  /** Host and port that routers know this very store by. */
  readonly responderId: string;
  readonly chainId: string;
  readonly shard: Blocks;
  /** Records that the map is made for. */
  readonly capacity: number;
  /** Milliseconds between two looks at the database. */
  readonly pollMs: number;
  readonly enclave: ViewEnclaveOptions;
}

/** What a role of Fog View runs with. */
export interface RunViewParts {
  readonly log: Log;
  readonly version: string;
}

/** A store that runs. */
export interface RunningViewStore {
  /** Where it listens; ports that were 0 are those that it got. */
  readonly ports: { readonly client: number; readonly admin: number | undefined };
  readonly state: () => LoadedState & { readonly isReady: boolean; readonly records: number };
  /** Rejects when the store cannot go on: then the process should end. */
  readonly done: Promise<never>;
  /** Stops listening at once. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** Runs a store; the database stays open when it has ended. Rejects with ServerError, RuntimeError; what was started is stopped then. */
export async function runViewStore(
  options: RunViewStoreOptions,
  { log, db, version }: RunViewParts & { readonly db: RecoveryDb },
): Promise<RunningViewStore> {
  const { clientListen, responderId, chainId, shard, capacity, pollMs } = options;
  let loader: Loader | undefined;
  const role = new Role(
    { name: "fog-view-store", id: responderId, chainId, version, isServing: () => loader?.isReady === true },
    { log },
  );
  try {
    const enclave = await startViewEnclave(options.enclave, { responderId, capacity }, { log });
    role.onStop(() => enclave.close());
    const { door } = enclave;
    const fetcher = new Fetcher({ shard, pollMs }, { db, log, onFetched: () => loader?.wake() });
    loader = new Loader({ shard, pollMs }, { db, door, fetcher, log, elapsed: () => performance.now() });
    const running = loader;
    measure(role, running, capacity);
    const shown = { chainId, responderId, shard: `${shard.start}-${shard.end}`, capacity, pollMs };
    const admin = await role.listenForOperator(options.adminListen, shown);
    const scheme = `${clientListen.isSecure ? "" : "insecure-"}fog-view-store`;
    const parts = { db, door, loader: running, shard, storeUri: () => `${scheme}://${responderId}/` };
    const client = await role.listen(clientListen, [storeService(door, parts, { log })]);
    const stopping = new AbortController();
    const loading = [fetcher.run(stopping.signal), running.run(stopping.signal)];
    const unwatch = db.onBlock(() => fetcher.wake());
    role.onStop(async () => {
      unwatch();
      stopping.abort();
      await Promise.all(loading);
    });
    return {
      ports: { client, admin },
      state: () => ({ ...running.state, isReady: running.isReady, records: running.records }),
      done: enclave.ended,
      close: () => role.close(),
    };
  } catch (error) {
    await role.close();
    throw error;
  }
}

function measure({ metrics }: Role, loader: Loader, capacity: number): void {
  const registers = [metrics.registry];
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name: `fog_view_store_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  gauge("ready", "Whether everything is loaded.", () => Number(loader.isReady));
  gauge("records", "Records that were loaded.", () => loader.records);
  gauge("capacity", "Records that the map is made for.", () => capacity);
  gauge("highest_processed_block_count", "Blocks that are complete.", () => Number(loader.state.processedCount));
  gauge("last_known_block_count", "Blocks that are known of.", () => Number(loader.state.knownCount));
}
