// A store that never knows its router must not keep a question for ever (spec 03 §4.8, FIX; §5.3): the rounds of attesting are counted.
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  MessageSchema,
  MultiKeyImageStoreResponseSchema,
  NonceMessageSchema,
  MultiKeyImageStoreResponseStatus as Status,
} from "@fogbow/core-wire";
import { createLog } from "@fogbow/server";
import { expect, test } from "vitest";
import { checkKeyImages } from "../src/router/check-key-images.ts";
import type { Shard } from "../src/router/shards.ts";

/** Shards that all answer with these statuses, one after the other, and the last one for ever. */
function world(count: number, statuses: readonly Status[]) {
  const counts = { attested: 0, asked: 0, dropped: 0, collated: 0 };
  const shard = (name: string): Shard => {
    let asked = 0;
    return {
      name,
      ask: async () => {
        counts.asked += 1;
        const status = statuses[Math.min(asked, statuses.length - 1)] ?? Status.UNKNOWN;
        asked += 1;
        const queryResponse = create(NonceMessageSchema);
        return create(MultiKeyImageStoreResponseSchema, {
          status,
          ...(status === Status.SUCCESS && { queryResponse }),
        });
      },
      attested: () => 0,
      attest: async () => {
        counts.attested += 1;
      },
      close: () => undefined,
    };
  };
  const all = Array.from({ length: count }, (_, i) => shard(`store${i}.test:3224`));
  const parts = {
    shards: { all: () => all },
    door: {
      openKeyImages: async () => 1n,
      sealKeyImages: async () => [],
      collateKeyImages: async () => {
        counts.collated += 1;
        return create(MessageSchema);
      },
      dropKeyImages: async () => {
        counts.dropped += 1;
      },
    },
    log: createLog({ name: "test", level: "silent" }),
  };
  const check = () => checkKeyImages(create(MessageSchema), parts as never); // Of doors and shards it uses no more.
  return { check, counts };
}

test.each([1, 3])(
  "%i stores that deny their router each time are attested in as many rounds as there are stores, and three more",
  async (count) => {
    const { check, counts } = world(count, [Status.AUTHENTICATION_ERROR]);
    await expect(check()).rejects.toMatchObject({ code: Code.Unavailable });
    expect(counts).toEqual({ attested: count * (count + 3), asked: count * (count + 4), dropped: 1, collated: 0 });
  },
);

test("attesting takes no try away, and a store that then answers is enough", async () => {
  const { check, counts } = world(1, [
    Status.AUTHENTICATION_ERROR,
    Status.AUTHENTICATION_ERROR,
    Status.UNKNOWN,
    Status.UNKNOWN,
    Status.SUCCESS,
  ]);
  await check();
  expect(counts).toEqual({ attested: 2, asked: 5, dropped: 0, collated: 1 });
});

test("a store that is not ready is not asked again", async () => {
  const { check, counts } = world(2, [Status.NOT_READY]);
  await expect(check()).rejects.toMatchObject({ code: Code.Unavailable });
  expect(counts).toMatchObject({ asked: 2, attested: 0, collated: 0 });
});
