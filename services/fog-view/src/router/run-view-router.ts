// A router as a process has it: its enclave without records, the shards it asks, and its listeners.
import type { ServedService, ServiceUri, TokenAuthOptions } from "@fogbow/server";
import { startViewEnclave, type ViewEnclaveOptions } from "../enclave/start-view-enclave.ts";
import { Role } from "../role.ts";
import type { RunViewParts } from "../store/run-view-store.ts";
import { routerAdminService, streamingService, unaryService } from "./router-services.ts";
import { connectStore, Shards } from "./shards.ts";
import { ViewRouter } from "./view-router.ts";

/** What a router is told. */
export interface RunViewRouterOptions {
  /** `fog-view://` for single calls or `fog-view-router://` for streams, each also `insecure-`: where clients ask. */
  readonly clientListen: ServiceUri;
  /** `mca://` or `insecure-mca://`: figures, the log, and more shards; nowhere unless given. */
  readonly adminListen: ServiceUri | undefined;
  /** Host and port that clients know the router by. */
  readonly responderId: string;
  readonly chainId: string;
  /** URIs of shards, with `sharding_strategy` where a shard is not responsible for all blocks. */
  readonly shards: readonly string[];
  readonly tokens: TokenAuthOptions | undefined;
  readonly enclave: ViewEnclaveOptions;
}

/** A router that runs. */
export interface RunningViewRouter {
  /** Where it listens; ports that were 0 are those that it got. */
  readonly ports: { readonly client: number; readonly admin: number | undefined };
  /** What it serves clients, for whoever serves them at another place too. */
  readonly services: readonly ServedService[];
  /** Rejects when the router cannot go on: then the process should end. */
  readonly done: Promise<never>;
  /** Stops listening at once. Resolves within a second. */
  readonly close: () => Promise<void>;
}

/** Runs a router. Rejects with ServerError, RuntimeError, FogViewError; what was started is stopped then. */
export async function runViewRouter(
  options: RunViewRouterOptions,
  { log, version }: RunViewParts,
): Promise<RunningViewRouter> {
  const { clientListen, responderId, chainId, tokens } = options;
  const role = new Role({ name: "fog-view-router", id: responderId, chainId, version, isServing: () => true }, { log });
  const shards = new Shards(connectStore(chainId));
  role.onStop(() => shards.close());
  try {
    for (const uri of options.shards) shards.add(uri);
    const enclave = await startViewEnclave(options.enclave, { responderId, capacity: 0 }, { log });
    role.onStop(() => enclave.close());
    const router = new ViewRouter({ door: enclave.door, shards, log, now: Date.now });
    const shown = { chainId, responderId, shards: shards.all.map(({ uri }) => uri.hostAndPort) };
    const admin = await role.listenForOperator(options.adminListen, shown, [routerAdminService(shards)]);
    const service = clientListen.scheme === "fog-view-router" ? streamingService(router) : unaryService(router);
    const client = await role.listen(clientListen, [service], { ...(tokens && { tokens }) });
    return { ports: { client, admin }, services: [service], done: enclave.ended, close: () => role.close() };
  } catch (error) {
    await role.close();
    throw error;
  }
}
