// A store that never knows its router must not keep a query for ever (spec 03 §4.8, FIX): the rounds of attesting are counted.
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  AuthMessageSchema,
  MessageSchema,
  MultiViewStoreQueryResponseSchema,
  OpenedQuerySchema,
  MultiViewStoreQueryResponseStatus as Status,
} from "@fogbow/core-wire";
import { createLog } from "@fogbow/server";
import { expect, test } from "vitest";
import { Shards } from "../src/router/shards.ts";
import { ViewRouter } from "../src/router/view-router.ts";

const U64_MAX = 2n ** 64n - 1n;

/** A router before stores that answer the query with these statuses, one after the other, and the last one for ever. */
function routerBefore(stores: number, statuses: readonly Status[]) {
  const counts = { attested: 0, asked: 0, dropped: 0, collated: 0 };
  const rounds = [...statuses];
  let left = stores;
  const shards = new Shards((uri) => ({
    client: {
      auth: async () => {
        counts.attested += 1;
        return create(AuthMessageSchema);
      },
      multiViewStoreQuery: async () => {
        counts.asked += 1;
        const [status = Status.UNKNOWN] = rounds;
        left -= 1;
        if (left === 0 && rounds.length > 1) rounds.shift();
        if (left === 0) left = stores;
        return create(MultiViewStoreQueryResponseSchema, {
          status,
          storeUri: uri.text,
          blockRange: { startBlock: 0n, endBlock: U64_MAX },
          ...(status === Status.SUCCESS && { queryResponse: {} }),
        });
      },
    },
    close: () => undefined,
  }));
  for (let i = 0; i < stores; i++) shards.add(`insecure-fog-view-store://store${i}.test:3223/`);
  const router = new ViewRouter({
    door: {
      beginStore: async () => create(AuthMessageSchema),
      clientAuth: async (request) => request,
      collate: async () => {
        counts.collated += 1;
        return create(MessageSchema);
      },
      dropQuery: async () => {
        counts.dropped += 1;
      },
      finishStore: async () => undefined,
      openQuery: async () => create(OpenedQuerySchema, { query: 1n }),
      sealQuery: async () => ({ queries: [] }) as never,
    },
    shards,
    log: createLog({ name: "test", level: "silent" }),
    now: () => 0,
  });
  return { router, counts };
}

test.each([1, 3])(
  "%i stores that deny their router each time are attested in as many rounds as there are stores, and three more",
  async (stores) => {
    const { router, counts } = routerBefore(stores, [Status.AUTHENTICATION_ERROR]);
    await expect(router.query(create(MessageSchema))).rejects.toMatchObject({ code: Code.Unavailable });
    expect(counts).toEqual({
      attested: stores * (stores + 3),
      asked: stores * (stores + 3),
      dropped: 1,
      collated: 0,
    });
  },
);

test("attesting takes no try away, and a store that then answers is enough", async () => {
  const denied = Array.from({ length: 3 }, () => Status.AUTHENTICATION_ERROR);
  const { router, counts } = routerBefore(1, [...denied, Status.UNKNOWN, Status.UNKNOWN, Status.SUCCESS]);
  await router.query(create(MessageSchema));
  expect(counts).toMatchObject({ attested: 3, asked: 6, collated: 1 });
});

test("a store that fails three times is not asked again", async () => {
  const { router, counts } = routerBefore(1, [Status.UNKNOWN]);
  await expect(router.query(create(MessageSchema))).rejects.toMatchObject({ code: Code.Unavailable });
  expect(counts).toMatchObject({ attested: 0, asked: 3, collated: 0 });
});
