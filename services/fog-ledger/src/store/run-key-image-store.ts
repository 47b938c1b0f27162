// A key-image store as a process has it.
import { BlockProvider } from "@fogbow/ledger-db";
import type { Log, ServiceUri } from "@fogbow/server";
import { type LedgerEnclaveOptions, startLedgerEnclave } from "../enclave/start-ledger-enclave.ts";
import { type Running, runRole } from "../run-role.ts";
import type { BlockRange } from "../sharding-strategy.ts";
import { KeyImageLoader } from "./load-key-images.ts";
import { storeService } from "./store-services.ts";

/** What a store is told. */
export interface RunKeyImageStoreOptions {
  /** `key-image-store://` or `insecure-key-image-store://`: where routers ask. */
  readonly clientListen: ServiceUri;
  /** `mca://` or `insecure-mca://`: figures and the log; nowhere unless given. */
  readonly adminListen: ServiceUri | undefined;
  /** Host and port that routers know it by. */
  readonly responderId: string;
  readonly chainId: string;
  /** The ledger's folder. */
  readonly ledger: string;
  /** The watcher's folder. */
  readonly watcher: string;
  /** Key images: a power of two. */
  readonly capacity: number;
  readonly range: BlockRange;
  /** Milliseconds between two looks for the next block. */
  readonly pollMs: number;
  /** Milliseconds that the time of a block is waited for. */
  readonly watcherTimeoutMs: number;
  readonly enclave: LedgerEnclaveOptions;
}

/** A store that runs. */
export interface RunningKeyImageStore extends Running {
  /** The next block that is loaded. */
  readonly nextBlock: () => bigint;
}

/** Runs a store. Rejects with RuntimeError, ServerError; what was started is stopped then. */
export async function runKeyImageStore(
  options: RunKeyImageStoreOptions,
  { log, version }: { readonly log: Log; readonly version: string },
): Promise<RunningKeyImageStore> {
  const { clientListen, adminListen, responderId, chainId, range, pollMs, watcherTimeoutMs } = options;
  const blocks = new BlockProvider({ ledger: options.ledger, watcher: options.watcher });
  const stop = new AbortController();
  const keyImageCapacity = BigInt(options.capacity);
  const enclave = await startLedgerEnclave(options.enclave, { responderId, keyImageCapacity }, { log }).catch(
    async (error: unknown) => {
      await blocks.close();
      throw error;
    },
  );
  const { door } = enclave;
  const loader = new KeyImageLoader({ range, pollMs, watcherTimeoutMs }, { blocks, door, log, signal: stop.signal });
  const storeUri = `${clientListen.isSecure ? "" : "insecure-"}key-image-store://${clientListen.hostAndPort}/`;
  const running = await runRole(
    {
      name: "key-image-store",
      id: responderId,
      chainId,
      version,
      clientListen,
      adminListen,
      tokens: undefined,
      shown: { ledger: options.ledger, watcher: options.watcher, capacity: options.capacity, range },
      isServing: () => loader.isReady,
      services: [storeService({ storeUri, range, door, loader, blocks, log })],
      gauges: {
        key_images: { help: "Key images that were loaded.", value: () => loader.keyImages },
        capacity: { help: "Key images that the map is made for.", value: () => options.capacity },
        next_block_index: { help: "The next block that is loaded.", value: () => Number(loader.next) },
      },
      adminServices: [],
      stop: async () => {
        stop.abort();
        await enclave.close();
        await blocks.close();
      },
    },
    { log },
  );
  const done = Promise.race([enclave.done, loader.run().then(() => running.closed)]);
  done.catch(() => undefined); // Whoever awaits it hears of it.
  return { ...running, done, nextBlock: () => loader.next };
}
