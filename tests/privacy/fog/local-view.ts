// The hosts of Fog View: one store, which loads the database's rows, and a router in front of it.
import type { ConnectRouter } from "@connectrpc/connect";
import { decodeNonceMessage } from "@fogbow/core-attest";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import {
  AddRecordsRequestSchema,
  BeginStoreRequestSchema,
  CollateRequestSchema,
  decodeMessage,
  encodeMessage,
  FinishStoreRequestSchema,
  FogViewAPI,
  MultiViewStoreQueryRequestSchema,
  OpenedQuerySchema,
  QueryRequestAADSchema,
  SealQueryRequestSchema,
  StoreQuerySchema,
  ViewInitRequestSchema,
} from "@fogbow/core-wire";
import type { RecoveryDb } from "@fogbow/recovery-db";
import { attestedService } from "./attested-service.ts";
import { connectStore } from "./connect-store.ts";
import type { Door } from "./door.ts";
import type { Notebook } from "./notebook.ts";

const ANY = { bytesMax: 67_108_864 };
/** Up to this block the store is responsible. */
const END = 2n ** 63n;

/** What the hosts work with. */
export interface LocalViewParts {
  readonly router: Door;
  readonly store: Door;
  readonly db: RecoveryDb;
  readonly notebook: Notebook;
  /** What becomes of a block's rows. */
  readonly forge: (rows: readonly ETxOutRecord[], block: bigint) => readonly ETxOutRecord[];
}

/** Fog View. */
export class LocalView {
  readonly #parts: LocalViewParts;
  #blockCount = 0n;
  #txoCount = 0n;

  private constructor(parts: LocalViewParts) {
    this.#parts = parts;
  }

  static async start(parts: LocalViewParts, capacity: number): Promise<LocalView> {
    const { router, store } = parts;
    await router.ask("init", encodeMessage(ViewInitRequestSchema, { responderId: router.name }));
    await store.ask("init", encodeMessage(ViewInitRequestSchema, { responderId: store.name, capacity }));
    await connectStore({
      router,
      store,
      authEntryPoint: "router-auth",
      encodeBegin: (message) => encodeMessage(BeginStoreRequestSchema, message),
      encodeFinish: (message) => encodeMessage(FinishStoreRequestSchema, message),
    });
    return new LocalView(parts);
  }

  /** Loads the rows of a block, which are noted as whoever reads the database sees them. */
  async load(ingressKey: Uint8Array, block: bigint): Promise<void> {
    const { db, store, notebook, forge } = this.#parts;
    const records = forge((await db.txOutsByBlockAndKey(ingressKey, block)) ?? [], block);
    for (const { searchKey, payload } of records) notebook.note("row", "record", Buffer.concat([searchKey, payload]));
    await store.ask("add-records", encodeMessage(AddRecordsRequestSchema, { records: [...records] }));
    this.#blockCount = block + 1n;
    this.#txoCount = (await db.cumulativeTxoCountForBlock(block)) ?? 0n;
  }

  /** Adds what clients call. */
  serve(router: ConnectRouter): void {
    const { router: door, notebook } = this.#parts;
    const { auth, send } = attestedService("view", { door, notebook }, (sealed) => this.#query(sealed));
    router.service(FogViewAPI, { auth, query: send });
  }

  async #query(sealed: Uint8Array): Promise<Uint8Array> {
    const { router, store } = this.#parts;
    const { query, aad } = decodeMessage(OpenedQuerySchema, await router.ask("open-query", sealed), ANY);
    const asked = await router.ask("seal-query", encodeMessage(SealQueryRequestSchema, { query }));
    const { queries } = decodeMessage(MultiViewStoreQueryRequestSchema, asked, ANY);
    const { startFromUserEventId } = decodeMessage(QueryRequestAADSchema, aad, ANY);
    const untrusted = await this.#says(startFromUserEventId);
    const told = await store.ask("answer-query", encodeMessage(StoreQuerySchema, { queries, untrusted }));
    const shard = {
      responderId: store.name,
      answer: decodeNonceMessage(told),
      blockRange: { startBlock: 0n, endBlock: END },
    };
    return router.ask("collate", encodeMessage(CollateRequestSchema, { query, shards: [shard] }));
  }

  /** What the store's host knows. */
  async #says(cursor: bigint) {
    const { events, next } = await this.#parts.db.searchUserEvents(cursor);
    return {
      highestProcessedBlockCount: this.#blockCount,
      lastKnownBlockCount: this.#blockCount,
      lastKnownBlockCumulativeTxoCount: this.#txoCount,
      nextStartFromUserEventId: next,
      rngs: events.flatMap((event) =>
        event.kind === "new-ingest-invocation"
          ? [
              {
                ingestInvocationId: event.invocation,
                pubkey: { pubkey: event.rng.publicKey, version: event.rng.version },
                startBlock: event.startBlock,
              },
            ]
          : [],
      ),
    };
  }
}
