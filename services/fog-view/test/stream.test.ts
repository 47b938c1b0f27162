// Sessions of Fog View on streams (spec 03 §4.8): messages in turn, and any error ends the stream.
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { AuthMessageSchema } from "@fogbow/core-wire";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import { Bundle, Deployment, random, randomRecords, searchKey, type TestRouter, type TestStore } from "./deployment.ts";
import { ViewStream } from "./view-stream.ts";

const bundle = new Bundle();
beforeAll(() => bundle.build(), 60_000);
afterAll(() => bundle.remove());

const records = randomRecords(3);
const [FOUND, NOT_FOUND, BAD_SEARCH_KEY] = [1, 2, 3];
const refused = (code: Code): unknown => expect.objectContaining({ code });

describe.each(await backEnds())("$name", ({ open }) => {
  let view: Deployment;
  let store: TestStore;
  let router: TestRouter;
  beforeEach(async () => {
    view = await Deployment.begin(bundle, open);
    const key = random(32);
    await view.db.newIngressKey(key, 0n);
    const id = await view.db.newIngestInvocation(undefined, key, { publicKey: random(32), version: 0 }, 0n);
    await view.db.addBlockData(id, { index: 0n, cumulativeTxoCount: 3n }, 5n, records);
    store = await view.store();
    router = await view.router([store.shardUri], { scheme: "insecure-fog-view-router" });
  }, 60_000);
  afterEach(() => view.stop(), 60_000);

  /** A stream that is closed in the end. */
  function opened(): ViewStream {
    const stream = new ViewStream(router);
    view.onStop(() => stream.close());
    return stream;
  }

  test("one stream serves a session: a handshake, queries in turn, and another handshake", async () => {
    const stream = opened();
    for (let session = 0; session < 2; session++) {
      const client = await stream.attest(router.responderId);
      for (let i = 0; i < 3; i++) {
        const [record] = records.slice(i);
        const answer = await client.query([record?.searchKey ?? searchKey(), searchKey(), random(15)]);
        expect(answer.highestProcessedBlockCount).toBe(1n);
        const codes = answer.fixedTxOutSearchResults.map(({ resultCode }) => resultCode);
        expect(codes).toEqual([FOUND, NOT_FOUND, BAD_SEARCH_KEY]);
      }
    }
  });

  test("a session belongs to no stream: it goes on where another one breaks", async () => {
    const first = opened();
    const client = await first.attest(router.responderId);
    await client.query([]);
    first.close();
    const message = client.seal([records[0]?.searchKey ?? searchKey()]);
    const answer = await opened().ask({ case: "query", value: message });
    if (answer.case !== "query") throw new Error("A query is answered with an answer.");
    expect(client.open(answer.value, message.aad).fixedTxOutSearchResults[0]?.resultCode).toBe(FOUND);
  });

  test("a message that is neither is an invalid argument; garbage and an unknown session are denied; each ends its stream", async () => {
    const client = await opened().attest(router.responderId);
    const another = await opened().attest(router.responderId);
    const unknown = { ...another.seal([]), channelId: random(64) };
    const garbage = create(AuthMessageSchema, { data: random(5) });
    for (const [request, code] of [
      [{ case: undefined }, Code.InvalidArgument],
      [{ case: "auth", value: garbage }, Code.PermissionDenied],
      [{ case: "query", value: unknown }, Code.PermissionDenied],
    ] as const) {
      const stream = opened();
      await expect(stream.ask(request)).rejects.toThrow(refused(code));
      await expect(stream.ask(request)).rejects.toThrow();
    }
    expect((await client.query([])).highestProcessedBlockCount).toBe(1n); // Nobody else's stream has ended.
  });

  test("a stream ends when its shard is away, and the session goes on by a new one", async () => {
    const stream = opened();
    const client = await stream.attest(router.responderId);
    await store.running.close();
    await expect(client.query([])).rejects.toThrow(refused(Code.Unavailable));
    await view.store({ port: store.port });
    const message = client.seal([]);
    const answer = await opened().ask({ case: "query", value: message });
    if (answer.case !== "query") throw new Error("A query is answered with an answer.");
    expect(client.open(answer.value, message.aad).highestProcessedBlockCount).toBe(1n);
  });
});
