// The shards of key images that a router knows, and what it says to their stores.
import { createClient } from "@connectrpc/connect";
import { KeyImageStoreAPI, type MultiKeyImageStoreResponse, type NonceMessage } from "@fogbow/core-wire";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";
import type { LedgerDoor } from "../enclave/ledger-door.ts";
import { LedgerServiceError } from "../error.ts";
import { SHARDS_MAX, STORE_ANSWER_BYTES_MAX, STORE_ANSWER_MS_MAX } from "../limits.ts";
import { parseShardingStrategy } from "../sharding-strategy.ts";

/** One shard. */
export interface Shard {
  /** Host and port: what its store is called. */
  readonly name: string;
  /** Asks the store. Rejects with ConnectError. */
  readonly ask: (queries: readonly NonceMessage[], signal?: AbortSignal) => Promise<MultiKeyImageStoreResponse>;
  /** How often the store was attested. */
  readonly attested: () => number;
  /**
   * Attests the store, unless that was done since it had been attested so often: a channel that is new must not be replaced while
   * answers come by it. Those who ask at one time share it. Rejects with ConnectError, RuntimeError.
   */
  readonly attest: (door: StoreDoor, before: number) => Promise<void>;
  readonly close: () => void;
}

/** The entry points by which a router attests a store. */
export type StoreDoor = Pick<LedgerDoor, "storeBegin" | "storeFinish">;

/** All shards. */
export class Shards {
  readonly #chainId: string;
  readonly #shards = new Map<string, Shard>();

  /** Throws as {@link add} does. */
  constructor(uris: readonly string[], { chainId }: { readonly chainId: string }) {
    this.#chainId = chainId;
    for (const uri of uris) this.add(uri);
  }

  /** The shards as they are now. */
  all(): readonly Shard[] {
    return [...this.#shards.values()];
  }

  /** Throws ServerError `invalid-uri`, LedgerServiceError `duplicate-shard`, `too-many-shards`, `invalid-sharding-strategy`. */
  add(text: string): void {
    const uri = parseServiceUri(text, "key-image-store");
    parseShardingStrategy(uri.param("sharding_strategy") ?? "default");
    const name = uri.hostAndPort;
    if (this.#shards.has(name)) throw new LedgerServiceError("duplicate-shard", "The shard is known already.");
    if (this.#shards.size >= SHARDS_MAX) {
      throw new LedgerServiceError("too-many-shards", `A router has at most ${SHARDS_MAX} shards.`);
    }
    const connection = serviceClient(uri, {
      chainId: this.#chainId,
      timeoutMs: STORE_ANSWER_MS_MAX,
      answerBytesMax: STORE_ANSWER_BYTES_MAX,
    });
    this.#shards.set(name, shardOver(name, connection));
  }

  /** Lets go of all connections. */
  close(): void {
    for (const shard of this.#shards.values()) shard.close();
  }
}

function shardOver(name: string, { transport, close }: ServiceClient): Shard {
  const store = createClient(KeyImageStoreAPI, transport);
  let attested = 0;
  let attesting: Promise<void> | undefined;
  const attest = async (door: StoreDoor): Promise<void> => {
    const answer = await store.auth(await door.storeBegin(name));
    await door.storeFinish(name, answer, BigInt(Date.now()));
    attested += 1;
  };
  return {
    name,
    attested: () => attested,
    ask: (queries, signal) => store.multiKeyImageStoreQuery({ queries: [...queries] }, signal && { signal }),
    attest: async (door, before) => {
      if (attested !== before) return;
      attesting ??= attest(door).finally(() => {
        attesting = undefined;
      });
      await attesting;
    },
    close,
  };
}
