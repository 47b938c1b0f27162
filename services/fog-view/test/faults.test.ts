// What can fail around Fog View while clients ask (spec 03 §4.7, §4.8): replicas that go, stores that start anew in the middle of
// loading, routers that forget, a database that is away. Each is told by a code, and nobody is told less than there is.
import { Code } from "@connectrpc/connect";
import { encodeMessage, QueryRequestAADSchema } from "@fogbow/core-wire";
import type { RecoveryDb } from "@fogbow/recovery-db";
import { RecoveryDbError } from "@fogbow/recovery-db";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import { Balancer } from "./balancer.ts";
import {
  apiOf,
  Bundle,
  Deployment,
  lateBound,
  methods,
  random,
  randomRecords,
  searchKey,
  until,
} from "./deployment.ts";

const bundle = new Bundle();
beforeAll(() => bundle.build(), 60_000);
afterAll(() => bundle.remove());

const BLOCKS = 6;
const FOUND = 1;
const records = randomRecords(BLOCKS);
const keys = records.map((record) => record.searchKey);
const refused = (code: Code): unknown => expect.objectContaining({ code });

describe.each(await backEnds())("$name", ({ open }) => {
  let view: Deployment;
  beforeEach(async () => {
    view = await Deployment.begin(bundle, open);
    const key = random(32);
    await view.db.newIngressKey(key, 0n);
    const id = await view.db.newIngestInvocation(undefined, key, { publicKey: random(32), version: 0 }, 0n);
    for (const [i, record] of records.entries()) {
      await view.db.addBlockData(id, { index: BigInt(i), cumulativeTxoCount: BigInt(i + 1) }, 5n, [record]);
    }
  }, 60_000);
  afterEach(() => view.stop(), 60_000);

  const encodeCursor = (startFromUserEventId: bigint): Uint8Array =>
    encodeMessage(QueryRequestAADSchema, { startFromUserEventId });

  /** Asserts that all there is is found, and at its height. */
  function assertComplete(answer: Awaited<ReturnType<Awaited<ReturnType<Deployment["client"]>>["query"]>>): void {
    expect(answer.highestProcessedBlockCount).toBe(BigInt(BLOCKS));
    expect(answer.fixedTxOutSearchResults.map(({ resultCode }) => resultCode)).toEqual(keys.map(() => FOUND));
  }

  /** Asks for everything; whether it was answered, which is then complete, or else UNAVAILABLE. */
  function isAnswered(client: Awaited<ReturnType<Deployment["client"]>>): Promise<boolean> {
    return client.query(keys).then(
      (answer) => {
        assertComplete(answer);
        return true;
      },
      (error: unknown) => {
        expect(error).toEqual(refused(Code.Unavailable));
        return false;
      },
    );
  }

  test("replicas behind one address: whichever a connection leads to is attested, and answers", async () => {
    const replicas = [await view.store(), await view.store()];
    const balancer = await Balancer.begin(replicas.map(({ port }) => port));
    view.onStop(() => balancer.close());
    const shard = `insecure-fog-view-store://127.0.0.1:${balancer.port}/?sharding_strategy=default`;
    const client = await view.client(await view.router([shard]));
    for (let i = 0; i < 4; i++) {
      assertComplete(await client.query(keys));
      balancer.cut();
      await until(() =>
        client.query([]).then(
          () => true,
          () => false,
        ),
      );
    }
    await replicas[0]?.running.close();
    balancer.cut();
    await until(() => isAnswered(client)); // The next connection may still lead to the one that has gone, which is told.
  });

  test("ranges that overlap: what two shards have is found once, and either may be started anew", async () => {
    const early = await view.store({ strategy: "0-4" });
    const late = await view.store({ strategy: "2-100" });
    const client = await view.client(await view.router([early.shardUri, late.shardUri]));
    assertComplete(await client.query(keys));
    for (const [shard, strategy] of [
      [early, "0-4"],
      [late, "2-100"],
    ] as const) {
      await shard.running.close();
      await expect(client.query(keys)).rejects.toThrow(refused(Code.Unavailable));
      await view.store({ strategy, port: shard.port });
      assertComplete(await client.query(keys));
    }
  });

  test("a store that is started anew while it loads is never taken for one that has loaded", async () => {
    const db = methods(view.db);
    let allowed = 0;
    // As many blocks as are allowed, one at a time: what is behind them is said to be away.
    const slow: RecoveryDb = lateBound({
      ...db,
      txOutsByBlockRangeAndKey: async (key, first, count) => {
        if (first >= BigInt(allowed)) throw new RecoveryDbError("database-unavailable", "Away.");
        return db.txOutsByBlockRangeAndKey(key, first, Math.min(count, 1));
      },
    });
    let store = await view.store({ db: slow }, { waits: false });
    const client = await view.client(await view.router([store.shardUri]));
    let answers = 0;
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        await client.query(keys).then(
          (answer) => {
            assertComplete(answer);
            answers += 1;
          },
          (error: unknown) => expect(error).toEqual(refused(Code.Unavailable)),
        );
      }
    })();
    let failure: unknown;
    asking.catch((error: unknown) => {
      failure = error;
    });
    for (allowed = 1; allowed < BLOCKS; allowed++) {
      await until(() => store.running.state().records > 0);
      await store.running.close();
      store = await view.store({ db: slow, port: store.port }, { waits: false });
    }
    expect(answers).toBe(0);
    await until(() => {
      if (failure !== undefined) throw failure;
      return answers > 3;
    });
    isOver = true;
    await asking;
  });

  test("a router that was started anew denies the sessions of the one before, and takes new ones", async () => {
    const store = await view.store();
    const router = await view.router([store.shardUri]);
    const stale = await view.client(router);
    assertComplete(await stale.query(keys));
    await router.running.close();
    const { api, close } = apiOf(router.responderId);
    view.onStop(close);
    await expect(api.query(stale.seal(keys))).rejects.toThrow(refused(Code.Unavailable));
    const again = await view.router([store.shardUri], { port: router.port });
    await expect(api.query(stale.seal(keys))).rejects.toThrow(refused(Code.PermissionDenied));
    assertComplete(await (await view.client(again)).query(keys));
  });

  test("a database that is away is UNAVAILABLE to whoever asks, and the store goes on when it is back", async () => {
    const good = methods(view.db);
    let isAway = false;
    const away = async (): Promise<never> => {
      throw new RecoveryDbError("database-unavailable", "Away.");
    };
    const db = new Proxy(good, {
      get: (target, name) => {
        const isCall = name !== "onBlock" && name !== "close";
        return isAway && isCall ? away : target[name as keyof RecoveryDb];
      },
    });
    const store = await view.store({ db: lateBound(db) });
    const client = await view.client(await view.router([store.shardUri]));
    assertComplete(await client.query(keys));
    isAway = true;
    await expect(client.query(keys)).rejects.toThrow(refused(Code.Unavailable));
    isAway = false;
    assertComplete(await client.query([...keys]));
  });

  test("what stands in the open beside a query: unreadable, it is refused at once; changed on the way, it is denied", async () => {
    const store = await view.store();
    const router = await view.router([store.shardUri]);
    const client = await view.client(router);
    const { api, close } = apiOf(router.responderId);
    view.onStop(close);
    for (const aad of [Uint8Array.of(0xff), Uint8Array.of(0x08), encodeCursor(-1n), new Uint8Array(2_000)]) {
      await expect(api.query(client.sealWith(aad, keys))).rejects.toThrow(refused(Code.InvalidArgument));
    }
    assertComplete(await client.query(keys)); // The session goes on.
    const sealed = client.seal(keys, 5n);
    await expect(api.query({ ...sealed, aad: encodeCursor(6n) })).rejects.toThrow(refused(Code.PermissionDenied));
  });

  /** What a database says that lies about blocks from the fourth on. */
  const LIES: readonly (readonly [string, (db: RecoveryDb) => Partial<RecoveryDb>])[] = [
    [
      "rows in another order",
      (db) => ({
        txOutsByBlockRangeAndKey: async (...args) => (await db.txOutsByBlockRangeAndKey(...args)).toReversed(),
        egressKeyOfBlock: async () => undefined,
      }),
    ],
    [
      "rows that are cut short",
      (db) => ({
        txOutsByBlockRangeAndKey: async (...args) =>
          (await db.txOutsByBlockRangeAndKey(...args)).filter(({ index }) => index < 3n),
      }),
    ],
    [
      "yesterday's rows",
      (db) => ({
        ingressKeyRecords: async (...args) =>
          (await db.ingressKeyRecords(...args)).map((each) => ({ ...each, lastScannedBlock: 2n })),
        txOutsByBlockRangeAndKey: async (...args) =>
          (await db.txOutsByBlockRangeAndKey(...args)).filter(({ index }) => index < 3n),
        egressKeyOfBlock: async (key, index) => (index < 3n ? db.egressKeyOfBlock(key, index) : undefined),
      }),
    ],
    ["no key", () => ({ ingressKeyRecords: async () => [] })],
  ];

  test.each(LIES)(
    "%s, of a store that has loaded: whoever is answered is told all, and the height never goes back",
    async (_, lie) => {
      const good = methods(view.db);
      const bad = lie(good);
      let isLying = false;
      let lies = 0;
      const db = new Proxy(good, {
        get: (target, name) => {
          const told = isLying ? bad[name as keyof RecoveryDb] : undefined;
          if (told !== undefined) lies += 1;
          return told ?? target[name as keyof RecoveryDb];
        },
      });
      const store = await view.store({ db: lateBound(db) });
      const client = await view.client(await view.router([store.shardUri]));
      assertComplete(await client.query(keys));
      const asked = (): Promise<boolean> => isAnswered(client);
      isLying = true;
      for (const before = lies; lies < before + 20; ) await asked();
      isLying = false;
      await until(asked);
    },
  );

  test("keys of wrong lengths are answered each for itself, beside those that are right", async () => {
    const store = await view.store();
    const client = await view.client(await view.router([store.shardUri]));
    const wrong = [new Uint8Array(0), random(1), random(15), random(17), random(64), new Uint8Array(16)];
    const mixed = wrong.flatMap((each, i) => [each, keys[i] ?? searchKey()]);
    const { fixedTxOutSearchResults: results } = await client.query(mixed);
    expect(results.map(({ resultCode }) => resultCode)).toEqual(wrong.flatMap(() => [3, FOUND]));
    expect(results.map(({ searchKey: key }) => [...key])).toEqual(mixed.map((key) => [...key]));
    expect(new Set(results.map(({ ciphertext }) => ciphertext.length))).toEqual(new Set([255]));
  });
});
