// A ledger router as a process has it.
import { BlockProvider } from "@fogbow/ledger-db";
import type { Log, ServedService, ServiceUri, TokenAuthOptions } from "@fogbow/server";
import { type LedgerEnclaveOptions, startLedgerEnclave } from "../enclave/start-ledger-enclave.ts";
import { QUERY_TRIES_MAX } from "../limits.ts";
import { type Running, runRole } from "../run-role.ts";
import { OutputLoader } from "./load-outputs.ts";
import { routerAdminService, routerServices } from "./router-services.ts";
import { Shards } from "./shards.ts";

/** What a router is told. */
export interface RunLedgerRouterOptions {
  /** `fog-ledger://` or `insecure-fog-ledger://`: where clients ask. */
  readonly clientListen: ServiceUri;
  /** `mca://` or `insecure-mca://`: shards, figures and the log; nowhere unless given. */
  readonly adminListen: ServiceUri | undefined;
  /** Host and port that clients know it by. */
  readonly responderId: string;
  readonly chainId: string;
  readonly tokens: TokenAuthOptions | undefined;
  /** `key-image-store://…` of each shard. */
  readonly shardUris: readonly string[];
  /** The ledger's folder. */
  readonly ledger: string;
  /** The watcher's folder. */
  readonly watcher: string;
  /** Outputs that the enclave has room for: a power of two. */
  readonly outputCapacity: number;
  /** Of these, how many lie in one memory: a power of two; 2²² unless given. */
  readonly outputShardCapacity?: number;
  /** Whether outputs are looked up by public key too. */
  readonly looksUpOutputs: boolean;
  /** How often stores are asked for one answer. */
  readonly queryTries?: number;
  /** Milliseconds between two looks for the next block. */
  readonly pollMs: number;
  /** Milliseconds that the time of a block is waited for. */
  readonly watcherTimeoutMs: number;
  readonly enclave: LedgerEnclaveOptions;
}

/** A router that runs. */
export interface RunningLedgerRouter extends Running {
  /** What it serves clients, for whoever serves them at another place too. */
  readonly services: readonly ServedService[];
  /** The next block that the enclave takes. */
  readonly nextBlock: () => bigint;
}

/** Runs a router. Rejects with LedgerServiceError, RuntimeError, ServerError; what was started is stopped then. */
export async function runLedgerRouter(
  options: RunLedgerRouterOptions,
  { log, version }: { readonly log: Log; readonly version: string },
): Promise<RunningLedgerRouter> {
  const { clientListen, adminListen, responderId, chainId, tokens, outputCapacity, queryTries: tries } = options;
  const shards = new Shards(options.shardUris, { chainId });
  const blocks = new BlockProvider({ ledger: options.ledger, watcher: options.watcher });
  const stop = new AbortController();
  const init = {
    responderId,
    outputCapacity: BigInt(outputCapacity),
    outputShardCapacity: BigInt(options.outputShardCapacity ?? 0),
    lookupCapacity: options.looksUpOutputs ? BigInt(outputCapacity) : 0n,
  };
  const enclave = await startLedgerEnclave(options.enclave, init, { log }).catch(async (error: unknown) => {
    shards.close();
    await blocks.close();
    throw error;
  });
  const { door } = enclave;
  const loader = new OutputLoader(options, { blocks, door, log, signal: stop.signal });
  const parts = { door, shards, blocks, log, tries: tries ?? QUERY_TRIES_MAX, isLoaded: () => loader.isLoaded };
  const services = routerServices(parts);
  const running = await runRole(
    {
      name: "ledger-router",
      id: responderId,
      chainId,
      version,
      clientListen,
      adminListen,
      tokens,
      shown: { ledger: options.ledger, watcher: options.watcher, outputCapacity, shards: options.shardUris.length },
      isServing: () => loader.isLoaded,
      services,
      gauges: {
        outputs: { help: "Outputs that are served.", value: () => Number(loader.txoCount) },
        output_capacity: { help: "Outputs that there is room for.", value: () => outputCapacity },
        block_count: { help: "Blocks whose outputs are served.", value: () => Number(loader.next) },
        shards: { help: "Shards of key images that are asked.", value: () => shards.all().length },
      },
      adminServices: [routerAdminService(parts)],
      stop: async () => {
        stop.abort();
        shards.close();
        await enclave.close();
        await blocks.close();
      },
    },
    { log },
  );
  const done = Promise.race([enclave.done, loader.run().then(() => running.closed)]);
  done.catch(() => undefined); // Whoever awaits it hears of it.
  return { ...running, services, done, nextBlock: () => loader.next };
}
