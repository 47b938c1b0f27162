// Tests of Fog View as clients see it: a recovery database, stores, routers, and the built enclave behind them (spec 03 §9.6).
import { Code, createClient } from "@connectrpc/connect";
import {
  FogViewAPI,
  FogViewRouterAdminAPI,
  FogViewRouterAPI,
  Health,
  HealthCheckResponse_ServingStatus,
} from "@fogbow/core-wire";
import type { RecoveryDb } from "@fogbow/recovery-db";
import { parseServiceUri, serviceClient, tokenHeader } from "@fogbow/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import {
  apiOf,
  Bundle,
  Deployment,
  lateBound,
  methods,
  random,
  randomRecords,
  searchKey,
  type TestStore,
  until,
} from "./deployment.ts";

const bundle = new Bundle();
beforeAll(() => bundle.build(), 60_000);
afterAll(() => bundle.remove());

describe.each(await backEnds())("$name", ({ open }) => {
  let view: Deployment;
  beforeEach(async () => {
    view = await Deployment.begin(bundle, open);
  }, 60_000);
  afterEach(() => view.stop(), 60_000);

  const [FOUND, NOT_FOUND, BAD_SEARCH_KEY] = [1, 2, 3];
  const refused = (code: Code): unknown => expect.objectContaining({ code });

  /** An ingress key with an invocation. */
  async function ingest(
    db: RecoveryDb,
    start = 0n,
  ): Promise<{ readonly key: Uint8Array; readonly invocation: bigint }> {
    const key = random(32);
    await db.newIngressKey(key, start);
    return {
      key,
      invocation: await db.newIngestInvocation(undefined, key, { publicKey: random(32), version: 0 }, start),
    };
  }

  const block = (index: bigint) => ({ index, cumulativeTxoCount: 10n * (index + 1n) });

  describe("what a client finds", () => {
    test("six blocks, of which two are empty", async () => {
      const { invocation } = await ingest(view.db);
      const sets = [2, 1, 0, 3, 0, 1].map((count) => randomRecords(count, 232));
      for (const [i, records] of sets.entries()) {
        await view.db.addBlockData(invocation, block(BigInt(i)), BigInt(100 + i), records);
      }
      await view.db.reportLostIngressKey((await ingest(view.db, 50n)).key); // More events.
      const store = await view.store();
      const client = await view.client(await view.router([store.shardUri]));
      const all = sets.flat();
      const unknown = searchKey();
      const keys = [...all.map((record) => record.searchKey), unknown, random(17), new Uint8Array(16)];
      const answer = await client.query(keys);
      expect(answer.highestProcessedBlockCount).toBe(6n);
      expect(answer.highestProcessedBlockSignatureTimestamp).toBe(105n);
      expect(answer.lastKnownBlockCount).toBe(6n);
      expect(answer.lastKnownBlockCumulativeTxoCount).toBe(60n);
      expect(answer.rngs).toHaveLength(2);
      const { next } = await view.db.searchUserEvents(0n);
      expect(answer.nextStartFromUserEventId).toBe(next);
      const results = answer.fixedTxOutSearchResults;
      expect(results.map((result) => result.resultCode)).toEqual([
        ...all.map(() => FOUND),
        NOT_FOUND,
        BAD_SEARCH_KEY,
        BAD_SEARCH_KEY,
      ]);
      expect(results.map((result) => [...result.searchKey])).toEqual(keys.map((key) => [...key]));
      for (const [i, { payload }] of all.entries()) {
        expect([...(results[i]?.ciphertext.subarray(0, results[i]?.payloadLength) ?? [])]).toEqual([...payload]);
        expect([...(answer.txOutSearchResults[i]?.ciphertext ?? [])]).toEqual([...payload]);
      }
      for (const result of results) expect([result.ciphertext.length, result.payloadLength]).toEqual([255, 232]);
      for (const { padding } of answer.txOutSearchResults) expect(padding).toHaveLength(23);
    });

    test("cursors: events after one, none for the last, and one from the future comes back as it is", async () => {
      await ingest(view.db);
      await ingest(view.db);
      const store = await view.store();
      const client = await view.client(await view.router([store.shardUri]));
      const first = await client.query([]);
      expect(first.rngs).toHaveLength(2);
      const then = await client.query([], first.nextStartFromUserEventId);
      expect([then.rngs.length, then.nextStartFromUserEventId]).toEqual([0, first.nextStartFromUserEventId]);
      for (const cursor of [80n, 2n ** 63n - 1n]) {
        expect((await client.query([], cursor)).nextStartFromUserEventId).toBe(cursor);
      }
      await expect(client.query([], -1n)).rejects.toThrow(refused(Code.InvalidArgument));
    });

    test("blocks that come later, and never a height that goes back", async () => {
      const { invocation } = await ingest(view.db);
      const store = await view.store();
      const client = await view.client(await view.router([store.shardUri]));
      expect((await client.query([])).highestProcessedBlockCount).toBe(0n);
      let before = 0n;
      for (let i = 0n; i < 4n; i++) {
        const [record] = randomRecords(1);
        await view.db.addBlockData(invocation, block(i), 5n, record ? [record] : []);
        await until(async () => (await client.query([])).highestProcessedBlockCount > before);
        const answer = await client.query([record?.searchKey ?? searchKey()]);
        expect(answer.highestProcessedBlockCount).toBe(i + 1n);
        expect(answer.fixedTxOutSearchResults[0]?.resultCode).toBe(FOUND);
        before = i + 1n;
      }
    });

    test("answers of one size for k found and k missing", async () => {
      const { invocation } = await ingest(view.db);
      const records = randomRecords(500);
      await view.db.addBlockData(invocation, block(0n), 5n, records);
      const store = await view.store();
      const client = await view.client(await view.router([store.shardUri]));
      for (const k of [0, 1, 2, 10, 200, 500]) {
        const known = records.slice(0, k).map((record) => record.searchKey);
        await client.query(known);
        const found = client.answerBytes;
        await client.query(known.map(() => searchKey()));
        expect(client.answerBytes).toBe(found);
      }
    });

    test("a query with too many keys, a message out of turn, and a session that is unknown", async () => {
      const store = await view.store();
      const router = await view.router([store.shardUri]);
      const client = await view.client(router);
      const { api, close } = apiOf(router.responderId);
      await expect(client.query(new Array<Uint8Array>(4_097).fill(random(16)))).rejects.toThrow(
        refused(Code.ResourceExhausted),
      );
      expect((await client.query([random(16)])).fixedTxOutSearchResults).toHaveLength(1);
      const message = client.seal([]);
      await expect(api.query({ ...message, channelId: random(64) })).rejects.toThrow(refused(Code.PermissionDenied));
      await expect(api.query({ ...message, data: random(30) })).rejects.toThrow(refused(Code.PermissionDenied));
      await api.query(message);
      await expect(api.query(message)).rejects.toThrow(refused(Code.PermissionDenied));
      close();
    });
  });

  describe("loading", () => {
    test("a block that is stored wakes a store that would look for it in a minute", async () => {
      const { invocation } = await ingest(view.db);
      const [record] = randomRecords(1);
      const store = await view.store({ pollMs: 60_000 });
      const client = await view.client(await view.router([store.shardUri]));
      for (let i = 0n; i < 3n; i++) {
        await view.db.addBlockData(invocation, block(i), 5n, i === 2n && record ? [record] : []);
        await until(async () => (await client.query([])).highestProcessedBlockCount === i + 1n);
      }
      expect((await client.query([record?.searchKey ?? searchKey()])).fixedTxOutSearchResults[0]?.resultCode).toBe(
        FOUND,
      );
    });

    test("a store that is loading answers nothing, is not healthy, and then everything", async () => {
      const { invocation } = await ingest(view.db);
      const records = randomRecords(3);
      for (const [i, record] of records.entries())
        await view.db.addBlockData(invocation, block(BigInt(i)), 9n, [record]);
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      const db = methods(view.db);
      // One block at a time, and none after the first until it is let.
      const txOutsByBlockRangeAndKey: RecoveryDb["txOutsByBlockRangeAndKey"] = async (key, first, count) => {
        if (first > 0n) await opened;
        return db.txOutsByBlockRangeAndKey(key, first, Math.min(count, 1));
      };
      const store = await view.store({ db: { ...db, txOutsByBlockRangeAndKey } }, { waits: false });
      const client = await view.client(await view.router([store.shardUri]));
      await expect(client.query([])).rejects.toThrow(refused(Code.Unavailable));
      expect(await health(store)).toBe(HealthCheckResponse_ServingStatus.NOT_SERVING);
      open();
      await until(() => store.running.state().isReady);
      expect(await health(store)).toBe(HealthCheckResponse_ServingStatus.SERVING);
      const answer = await client.query(records.map((record) => record.searchKey));
      expect(answer.highestProcessedBlockCount).toBe(3n);
      expect(answer.fixedTxOutSearchResults.map((result) => result.resultCode)).toEqual([FOUND, FOUND, FOUND]);
    });

    test.each<[string, (db: RecoveryDb) => Partial<RecoveryDb>]>([
      [
        "a block out of turn",
        (db) => ({
          txOutsByBlockRangeAndKey: async (...args) =>
            (await db.txOutsByBlockRangeAndKey(...args)).filter((each) => each.index !== 1n),
        }),
      ],
      [
        "a search key that is cut short",
        (db) => ({
          txOutsByBlockRangeAndKey: async (...args) =>
            (await db.txOutsByBlockRangeAndKey(...args)).map((each) => ({
              ...each,
              records: each.records.map((record) => ({ ...record, searchKey: record.searchKey.slice(1) as never })),
            })),
        }),
      ],
      [
        "a record that is too large",
        (db) => ({
          txOutsByBlockRangeAndKey: async (...args) =>
            (await db.txOutsByBlockRangeAndKey(...args)).map((each) => ({
              ...each,
              records: each.records.map((record) => ({ ...record, payload: random(240) })),
            })),
        }),
      ],
      ["a database that is away", () => ({ ingressKeyRecords: () => Promise.reject(new Error("away")) })],
    ])("%s is not loaded, and the store is not ready before it is right", async (_, spoil) => {
      const { invocation } = await ingest(view.db);
      const records = randomRecords(3);
      for (const [i, record] of records.entries())
        await view.db.addBlockData(invocation, block(BigInt(i)), 9n, [record]);
      const good = methods(view.db);
      let isSpoilt = true;
      const bad = spoil(good);
      const db = new Proxy(good, {
        get: (target, name) =>
          isSpoilt && name in bad ? bad[name as keyof RecoveryDb] : target[name as keyof RecoveryDb],
      });
      const store = await view.store({ db: lateBound(db) }, { waits: false });
      const client = await view.client(await view.router([store.shardUri]));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await expect(client.query([])).rejects.toThrow(refused(Code.Unavailable));
      isSpoilt = false;
      await until(() => store.running.state().isReady);
      const answer = await client.query(records.map((record) => record.searchKey));
      expect(answer.highestProcessedBlockCount).toBe(3n);
      expect(answer.fixedTxOutSearchResults.map((result) => result.resultCode)).toEqual([FOUND, FOUND, FOUND]);
    });

    test("a map that is full takes no more, and what it has is served", async () => {
      const { invocation } = await ingest(view.db);
      const first = randomRecords(4);
      await view.db.addBlockData(invocation, block(0n), 9n, first);
      const store = await view.store({ capacity: 5 });
      await view.db.addBlockData(invocation, block(1n), 9n, randomRecords(2));
      await view.db.addBlockData(invocation, block(2n), 9n, []);
      const client = await view.client(await view.router([store.shardUri]));
      await new Promise((resolve) => setTimeout(resolve, 200));
      const answer = await client.query(first.map((record) => record.searchKey));
      expect(answer.highestProcessedBlockCount).toBe(1n);
      expect(answer.fixedTxOutSearchResults.every((result) => result.resultCode === FOUND)).toBe(true);
    });
  });

  describe("shards", () => {
    test("the answer is that of all shards, up to the first that lacks a block", async () => {
      const { invocation } = await ingest(view.db);
      const records = randomRecords(8);
      for (const [i, record] of records.entries())
        await view.db.addBlockData(invocation, block(BigInt(i)), BigInt(i), [record]);
      const early = await view.store({ strategy: "0-4" });
      const late = await view.store({ strategy: "3-20" });
      const future = await view.store({ strategy: "20-30" }, { waits: false });
      const client = await view.client(await view.router([late.shardUri, early.shardUri, future.shardUri]));
      const answer = await client.query(records.map((record) => record.searchKey));
      expect(answer.fixedTxOutSearchResults.map((result) => result.resultCode)).toEqual(records.map(() => FOUND));
      expect([answer.highestProcessedBlockCount, answer.highestProcessedBlockSignatureTimestamp]).toEqual([8n, 7n]);
      expect([early, late].map(({ running }) => running.state().records)).toEqual([4, 5]);
    });

    test("without the first shard nothing is known, without a later one nothing behind it", async () => {
      const { invocation } = await ingest(view.db);
      const records = randomRecords(6);
      for (const [i, record] of records.entries())
        await view.db.addBlockData(invocation, block(BigInt(i)), 9n, [record]);
      const early = await view.store({ strategy: "0-3" });
      const late = await view.store({ strategy: "3-6" });
      const never = { ingressKeyRecords: () => Promise.reject(new Error("away")) };
      const loading = (strategy: string): Promise<TestStore> =>
        view.store({ strategy, db: { ...methods(view.db), ...never } }, { waits: false });
      const withoutFirst = await view.client(await view.router([(await loading("0-3")).shardUri, late.shardUri]));
      await expect(withoutFirst.query([])).rejects.toThrow(refused(Code.Unavailable));
      const withoutLast = await view.client(await view.router([early.shardUri, (await loading("3-6")).shardUri]));
      const answer = await withoutLast.query(records.map((record) => record.searchKey));
      expect(answer.highestProcessedBlockCount).toBe(3n);
    });

    test("a shard that was started anew is attested again, and one that is gone is UNAVAILABLE", async () => {
      const { invocation } = await ingest(view.db);
      const [record] = randomRecords(1);
      await view.db.addBlockData(invocation, block(0n), 9n, record ? [record] : []);
      const store = await view.store();
      const client = await view.client(await view.router([store.shardUri]));
      expect((await client.query([])).highestProcessedBlockCount).toBe(1n);
      await store.running.close();
      await expect(client.query([])).rejects.toThrow(refused(Code.Unavailable));
      await view.store({ port: store.port });
      const answer = await client.query([record?.searchKey ?? searchKey()]);
      expect([answer.highestProcessedBlockCount, answer.fixedTxOutSearchResults[0]?.resultCode]).toEqual([1n, FOUND]);
    });

    test("a shard of other blocks than the router was told is INTERNAL, and no shards are UNAVAILABLE", async () => {
      const store = await view.store({ strategy: "0-10" });
      const client = await view.client(await view.router([store.shardUri.replace("0-10", "0-11")]));
      await expect(client.query([])).rejects.toThrow(refused(Code.Internal));
      const other = await view.client(await view.router([]));
      await expect(other.query([])).rejects.toThrow(refused(Code.Unavailable));
    });

    test("an operator adds a shard", async () => {
      const { invocation } = await ingest(view.db);
      for (let i = 0n; i < 4n; i++) await view.db.addBlockData(invocation, block(i), 9n, randomRecords(1));
      const [early, late] = [await view.store({ strategy: "0-2" }), await view.store({ strategy: "2-9" })];
      const router = await view.router([early.shardUri], { admin: true });
      const client = await view.client(router);
      expect((await client.query([])).highestProcessedBlockCount).toBe(2n);
      const uri = parseServiceUri(`insecure-mca://127.0.0.1:${router.running.ports.admin}/`, "mca");
      const connection = serviceClient(uri, { timeoutMs: 5_000, answerBytesMax: 1_024 });
      const admin = createClient(FogViewRouterAdminAPI, connection.transport);
      for (const wrong of ["nothing", late.shardUri.replace("2-9", "9")]) {
        await expect(admin.addShard({ shardUri: wrong })).rejects.toThrow(refused(Code.InvalidArgument));
      }
      await admin.addShard({ shardUri: late.shardUri });
      await expect(admin.addShard({ shardUri: late.shardUri })).rejects.toThrow(refused(Code.FailedPrecondition));
      expect((await client.query([])).highestProcessedBlockCount).toBe(4n);
      connection.close();
    });
  });

  describe("who may ask", () => {
    test.each(["insecure-fog-view", "insecure-fog-view-router"])(
      "at %s: chain and token are asked for",
      async (scheme) => {
        const secret = random(32);
        const store = await view.store();
        const { responderId } = await view.router([store.shardUri], { scheme, secret });
        const uri = parseServiceUri(`insecure-fog-view://${responderId}/`, "fog-view");
        const code = async (chainId: string, authorization?: () => string): Promise<Code | "answered"> => {
          const connection = serviceClient(uri, {
            chainId,
            timeoutMs: 5_000,
            answerBytesMax: 1_048_576,
            ...(authorization && { authorization }),
          });
          try {
            const auth = { data: random(48) };
            if (scheme === "insecure-fog-view") {
              await createClient(FogViewAPI, connection.transport).auth(auth);
            } else {
              const client = createClient(FogViewRouterAPI, connection.transport);
              const requests = (async function* () {
                yield { requestData: { case: "auth" as const, value: auth } };
              })();
              for await (const _ of client.request(requests)) break;
            }
            return "answered";
          } catch (error) {
            return (error as { readonly code: Code }).code;
          } finally {
            connection.close();
          }
        };
        const token = (): string => tokenHeader(secret, "user", Date.now());
        expect(await code("other", token)).toBe(Code.FailedPrecondition);
        expect(await code("local")).toBe(Code.Unauthenticated);
        const wrong = [
          tokenHeader(random(32), "user", Date.now()),
          tokenHeader(secret, "user", Date.now() - 2 * 86_400_000),
          "Basic nonsense",
        ];
        for (const authorization of wrong) expect(await code("local", () => authorization)).toBe(Code.Unauthenticated);
        expect(["answered", Code.PermissionDenied]).toContain(await code("local", token));
      },
    );
  });

  async function health({ port }: TestStore): Promise<HealthCheckResponse_ServingStatus> {
    const uri = parseServiceUri(`insecure-fog-view-store://127.0.0.1:${port}/`, "fog-view-store");
    const connection = serviceClient(uri, { timeoutMs: 5_000, answerBytesMax: 1_024 });
    const { status } = await createClient(Health, connection.transport).check({});
    connection.close();
    return status;
  }
});
