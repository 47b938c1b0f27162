// Fog View as it is deployed, for tests: a recovery database, stores and routers with the built enclave, and a client.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import { beginChannel, Session } from "@fogbow/core-attest";
import { type Bytes, bytes } from "@fogbow/core-bytes";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import {
  AuthMessageSchema,
  decodeMessage,
  encodeMessage,
  FogViewAPI,
  type Message,
  MessageSchema,
  QueryRequestAADSchema,
  QueryRequestSchema,
  type QueryResponse,
  QueryResponseSchema,
} from "@fogbow/core-wire";
import { openRecoveryDb, type RecoveryDb } from "@fogbow/recovery-db";
import { buildBundle, writeBundle } from "@fogbow/runtime-enclave";
import { createLog, parseServiceUri, serviceClient } from "@fogbow/server";
import { randomBytesFrom } from "../../../kernel/test/random.ts";
import {
  parseShardingStrategy,
  type RunningViewRouter,
  type RunningViewStore,
  runViewRouter,
  runViewStore,
} from "../src/index.ts";

/** Random bytes that the seed of the run decides. */
export const random: (length: number) => Uint8Array = randomBytesFrom("fog view");

/** The bundle, built once for a file of tests. */
export class Bundle {
  readonly folder: string = mkdtempSync(join(tmpdir(), "fogbow-view-"));

  async build(): Promise<void> {
    await writeBundle(
      this.folder,
      await buildBundle(fileURLToPath(new URL("../../../enclaves/fog-view", import.meta.url))),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const CHAIN = "local";
const quiet = createLog({ name: "test", level: "silent" });

async function embedded(): Promise<RecoveryDb> {
  const db = await openRecoveryDb({});
  await db.migrate();
  return db;
}

/** What a store differs in. */
export interface StoreOptions {
  readonly strategy?: string;
  readonly capacity?: number;
  readonly port?: number;
  /** Milliseconds between two looks at the database. */
  readonly pollMs?: number;
  /** What its host sees in the place of the database. */
  readonly db?: RecoveryDb;
}

/** Everything that a test starts, stopped in the end. */
export class Deployment {
  readonly #bundle: Bundle;
  readonly #stops: (() => Promise<void> | void)[] = [];
  readonly db: RecoveryDb;

  private constructor(bundle: Bundle, db: RecoveryDb) {
    this.#bundle = bundle;
    this.db = db;
  }

  /** On a database that is opened for it: embedded, unless told otherwise. */
  static async begin(bundle: Bundle, open: () => Promise<RecoveryDb> = embedded): Promise<Deployment> {
    return new Deployment(bundle, await open());
  }

  /** A store, which has loaded everything unless told not to wait. */
  async store(options: StoreOptions = {}, { waits = true }: { readonly waits?: boolean } = {}): Promise<TestStore> {
    const { strategy = "default", capacity = 1_024, port = await freePort(), pollMs = 20, db = this.db } = options;
    const uri = `insecure-fog-view-store://127.0.0.1:${port}/`;
    const running = await runViewStore(
      {
        clientListen: parseServiceUri(uri, "fog-view-store"),
        adminListen: undefined,
        responderId: `127.0.0.1:${port}`,
        chainId: CHAIN,
        shard: parseShardingStrategy(strategy),
        capacity,
        pollMs,
        enclave: { platform: { kind: "simulated" }, bundle: this.#bundle.folder },
      },
      { db, log: quiet, version: "" },
    );
    this.#stops.push(() => running.close());
    if (waits) await until(() => running.state().isReady);
    return { running, port, shardUri: `${uri}?sharding_strategy=${strategy}` };
  }

  async router(
    shards: readonly string[],
    more: {
      readonly scheme?: string;
      readonly secret?: Uint8Array;
      readonly admin?: boolean;
      readonly port?: number;
    } = {},
  ): Promise<TestRouter> {
    const { scheme = "insecure-fog-view", secret, admin, port = await freePort() } = more;
    const adminPort = await freePort();
    const responderId = `127.0.0.1:${port}`;
    const running = await runViewRouter(
      {
        clientListen: parseServiceUri(`${scheme}://${responderId}/`, "fog-view", "fog-view-router"),
        adminListen: admin === true ? parseServiceUri(`insecure-mca://127.0.0.1:${adminPort}/`, "mca") : undefined,
        responderId,
        chainId: CHAIN,
        shards,
        tokens: secret && { sharedSecret: secret },
        enclave: { platform: { kind: "simulated" }, bundle: this.#bundle.folder },
      },
      { log: quiet, version: "" },
    );
    this.#stops.push(() => running.close());
    return { running, responderId, port };
  }

  /** A client with a session. */
  async client({ responderId }: TestRouter): Promise<TestClient> {
    const { api, close } = apiOf(responderId);
    this.#stops.push(close);
    const pending = beginChannel({ responderId }, { random });
    const { data } = await api.auth(create(AuthMessageSchema, { data: pending.request }));
    const { keys } = await pending.finish(data, () => undefined);
    return new TestClient(api, new Session(keys));
  }

  /** Stops something in the end, too. */
  onStop(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
    await this.db.close();
  }
}

/** A store of a test. */
export interface TestStore {
  readonly running: RunningViewStore;
  readonly port: number;
  readonly shardUri: string;
}

/** A router of a test. */
export interface TestRouter {
  readonly running: RunningViewRouter;
  readonly responderId: string;
  readonly port: number;
}

/** Calls a router once for each query. */
export class TestClient {
  readonly #api: Pick<Client<typeof FogViewAPI>, "query">;
  readonly #session: Session;
  /** Bytes of the last answer. */
  answerBytes = 0;

  constructor(api: Pick<Client<typeof FogViewAPI>, "query">, session: Session) {
    this.#api = api;
    this.#session = session;
  }

  seal(keys: readonly Uint8Array[], cursor = 0n): Message {
    return this.sealWith(encodeMessage(QueryRequestAADSchema, { startFromUserEventId: cursor }), keys);
  }

  /** A query beside which other bytes stand in the open. */
  sealWith(aad: Uint8Array, keys: readonly Uint8Array[] = []): Message {
    const query = encodeMessage(QueryRequestSchema, { getTxos: [...keys] });
    return create(MessageSchema, this.#session.seal(query, aad));
  }

  async query(keys: readonly Uint8Array[], cursor = 0n): Promise<QueryResponse> {
    const request = this.seal(keys, cursor);
    return this.open(await this.#api.query(request), request.aad);
  }

  open(answer: Message, aad: Uint8Array): QueryResponse {
    if (answer.aad.join() !== aad.join()) throw new Error("The answer does not repeat the query's aad.");
    this.answerBytes = answer.data.length;
    return decodeMessage(QueryResponseSchema, this.#session.open(answer), { bytesMax: 16_777_216 });
  }
}

/** The unary API of a router. */
export function apiOf(
  responderId: string,
  more: { readonly chainId?: string; readonly authorization?: () => string } = {},
): { readonly api: Client<typeof FogViewAPI>; readonly close: () => void } {
  const options = { chainId: CHAIN, timeoutMs: 20_000, answerBytesMax: 16_777_216, ...more };
  const connection = serviceClient(parseServiceUri(`insecure-fog-view://${responderId}/`, "fog-view"), options);
  return { api: createClient(FogViewAPI, connection.transport), close: connection.close };
}

/** Records with keys that the seed decides. */
export function randomRecords(count: number, payloadBytes = 237): ETxOutRecord[] {
  return Array.from({ length: count }, () => ({ searchKey: searchKey(), payload: random(payloadBytes) }));
}

export const searchKey = (): Bytes<16> => bytes(random(16), 16, "search key");

/** Waits for something, for ten seconds at most. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("What was waited for did not come.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A database whose methods can be replaced one by one. */
export function methods(db: RecoveryDb): RecoveryDb {
  const bound = METHODS.map((name) => [name, (db[name] as (...args: unknown[]) => unknown).bind(db)] as const);
  return Object.fromEntries(bound) as unknown as RecoveryDb; // What view uses of it.
}

/** A database whose methods are looked up anew for each call. */
export function lateBound(db: RecoveryDb): RecoveryDb {
  const late = METHODS.map((name) => [
    name,
    (...args: unknown[]) => (db[name] as (...all: unknown[]) => unknown)(...args),
  ]);
  return Object.fromEntries(late) as RecoveryDb;
}

const METHODS = [
  "ingressKeyRecords",
  "egressKeyOfBlock",
  "txOutsByBlockRangeAndKey",
  "cumulativeTxoCountForBlock",
  "blockSignatureTimestampForBlock",
  "searchUserEvents",
  "onBlock",
] as const;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
