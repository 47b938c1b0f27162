// The shards of a router, and the stores behind them.
import { type Client, createClient } from "@connectrpc/connect";
import { FogViewStoreAPI } from "@fogbow/core-wire";
import { parseServiceUri, type ServiceClient, type ServiceUri, serviceClient } from "@fogbow/server";
import type { Blocks } from "../block-tracker.ts";
import { FogViewError } from "../error.ts";
import { REPLICAS_MAX, SHARDS_MAX, STORE_ANSWER_BYTES_MAX, STORE_CALL_MS_MAX } from "../limits.ts";
import { parseShardingStrategy } from "../sharding-strategy.ts";

/** A store that can be asked. */
export type StoreClient = Pick<Client<typeof FogViewStoreAPI>, "auth" | "multiViewStoreQuery">;

/** A shard: one address, behind which there may be several stores. */
export interface Shard {
  readonly uri: ServiceUri;
  readonly range: Blocks;
  readonly client: StoreClient;
}

/** Connects to a store; a test may do so in its own way. */
export type ConnectStore = (uri: ServiceUri) => { readonly client: StoreClient; readonly close: () => void };

/** Connects by gRPC. */
export function connectStore(chainId: string): ConnectStore {
  return (uri) => {
    const connection: ServiceClient = serviceClient(uri, {
      chainId,
      timeoutMs: STORE_CALL_MS_MAX,
      answerBytesMax: STORE_ANSWER_BYTES_MAX,
    });
    return { client: createClient(FogViewStoreAPI, connection.transport), close: connection.close };
  };
}

/** Whom a router asks. */
export class Shards {
  readonly #connect: ConnectStore;
  readonly #shards: Shard[] = [];
  readonly #connections = new Map<string, ReturnType<ConnectStore>>();

  constructor(connect: ConnectStore) {
    this.#connect = connect;
  }

  /** All shards, in the order in which they were added. */
  get all(): readonly Shard[] {
    return this.#shards;
  }

  /** Adds a shard. Throws ServerError `invalid-uri`, {@link FogViewError} `invalid-sharding-strategy`, `duplicate-shard`, `too-many-shards`. */
  add(text: string): void {
    const uri = parseServiceUri(text, "fog-view-store");
    const range = parseShardingStrategy(uri.param("sharding_strategy"));
    if (this.#shards.some((shard) => shard.uri.hostAndPort === uri.hostAndPort)) {
      throw new FogViewError("duplicate-shard", `The shard ${uri.hostAndPort} is asked already.`);
    }
    if (this.#shards.length >= SHARDS_MAX)
      throw new FogViewError("too-many-shards", `A router asks at most ${SHARDS_MAX} shards.`);
    this.#shards.push({ uri, range, client: this.#connected(uri) });
  }

  /** A store by the URI that it calls itself. Throws ServerError `invalid-uri`. */
  store(text: string): { readonly responderId: string; readonly client: StoreClient } {
    const uri = parseServiceUri(text, "fog-view-store");
    return { responderId: uri.hostAndPort, client: this.#connected(uri) };
  }

  /** Cuts all connections. */
  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  #connected(uri: ServiceUri): StoreClient {
    const known = this.#connections.get(uri.hostAndPort);
    if (known !== undefined) return known.client;
    const connection = this.#connect(uri);
    this.#connections.set(uri.hostAndPort, connection);
    if (this.#connections.size > SHARDS_MAX + REPLICAS_MAX) this.#dropReplica();
    return connection.client;
  }

  /** The replica that was met first makes room. */
  #dropReplica(): void {
    const isShard = (name: string): boolean => this.#shards.some((shard) => shard.uri.hostAndPort === name);
    const oldest = [...this.#connections.keys()].find((name) => !isShard(name));
    if (oldest === undefined) return;
    this.#connections.get(oldest)?.close();
    this.#connections.delete(oldest);
  }
}
