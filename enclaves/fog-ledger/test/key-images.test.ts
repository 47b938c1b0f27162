// Tests of key images: what clients learn, what lengths tell, and what a host cannot do.
import { encodeSealedMessage } from "@fogbow/core-attest";
import { U64_MAX } from "@fogbow/core-bytes";
import { encodeMessage, KeyImageQueryOpenedSchema } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../runtime/test/test-parts.ts";
import { checked, type Opened, stateOf, TestEnclave } from "./test-enclaves.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const random = seededRandom("key images");
const keyImages = Array.from({ length: 40 }, () => random(32));
const image = (n: number): Uint8Array => keyImages[n] as Uint8Array;
const zeros = new Uint8Array(32);
const states = [stateOf(0n, 5n), stateOf(5n, 9n), stateOf(9n, 12n)];
const NAMES = ["store0.test:443", "store1.test:443", "store2.test:443"];

/** A router with three stores: of blocks 0 … 4, of 5 … 8, and of 9 on. */
async function start(): Promise<{
  readonly router: TestEnclave;
  readonly first: TestEnclave;
  readonly ask: (asked: readonly Uint8Array[], order?: readonly number[]) => Promise<Opened<CheckKeyImages>>;
}> {
  const router = await TestEnclave.start("router.test:443", {});
  const stores = await Promise.all(NAMES.map((name) => TestEnclave.start(name, { keyImageCapacity: 64n })));
  for (const store of stores) await router.connect(store);
  const [one, two, three] = stores as [TestEnclave, TestEnclave, TestEnclave];
  await one.add([image(0), image(1), zeros], 3n, 300n);
  await two.add([image(2)], 7n, 700n);
  await three.add([image(3)], 11n, U64_MAX);
  const ask = async (asked: readonly Uint8Array[], order: readonly number[] = [0, 1, 2]) => {
    const session = await router.client();
    const query = await router.open(session, asked);
    const queries = await router.seal(query);
    const answers = await Promise.all(order.map((i) => (stores[i] as TestEnclave).answer(queries, states[i] ?? {})));
    return checked(session, await router.collate(query, answers));
  };
  return { router, first: one, ask };
}

type CheckKeyImages = ReturnType<typeof checked>["response"];

describe("a client learns", () => {
  test("which key images are spent, in its own order, whatever the order of shards", async () => {
    const { ask } = await start();
    const asked = [image(9), image(3), image(0), image(2), zeros, image(0)];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const { response } = await ask(asked, order);
      expect(response.results.map(({ keyImage }) => keyImage?.data)).toEqual(asked);
      expect(response.results.map((each) => [each.keyImageResultCode, each.spentAt, each.timestamp])).toEqual([
        [2, 1n, U64_MAX],
        [1, 11n, U64_MAX],
        [1, 3n, 300n],
        [1, 7n, 700n],
        [1, 3n, 300n],
        [1, 3n, 300n],
      ]);
      expect(response.results.every(({ timestampResultCode }) => timestampResultCode === 1)).toBe(true);
      const { numBlocks, globalTxoCount, latestBlockVersion, maxBlockVersion } = response;
      expect([numBlocks, globalTxoCount, latestBlockVersion, maxBlockVersion]).toEqual([12n, 120n, 4, 4]);
    }
  });

  test("how many blocks there are, without asking for a key image", async () => {
    const { ask } = await start();
    expect((await ask([])).response).toMatchObject({ numBlocks: 12n, results: [] });
  });

  test("of the blocks that answer from the first on only", async () => {
    const { ask } = await start();
    expect((await ask([image(0)], [0, 2])).response.numBlocks).toBe(5n);
    expect((await ask([image(0)], [1, 2])).response.numBlocks).toBe(0n);
  });
});

test("answers are equally long, whatever is spent", async () => {
  const { ask } = await start();
  const lengths = [
    await ask([image(0), image(1), image(2), image(3)]),
    await ask([image(10), image(11), image(12), image(13)]),
    await ask([image(0), image(10), image(0), image(0)]),
  ].map(({ length }) => length);
  expect(new Set(lengths).size).toBe(1);
});

describe("a host cannot", () => {
  test("answer one question with what a store said to another, nor let a store speak twice", async () => {
    const { router, first: store } = await start();
    const session = await router.client();
    const [one, two] = [await router.open(session, [image(0)]), await router.open(session, [image(8)])];
    const answer = await store.answer(await router.seal(two), stateOf(0n, 5n));
    await expect(router.collate(one, [answer])).rejects.toThrow(refused("foreign-answer"));
    const twice = [
      await store.answer(await router.seal(two), stateOf(0n, 5n)),
      await store.answer(await router.seal(two), stateOf(0n, 5n)),
    ];
    await expect(router.collate(two, twice)).rejects.toThrow(refused("foreign-answer"));
  });

  test("answer a question twice, or one that was dropped", async () => {
    const { router } = await start();
    const session = await router.client();
    const query = await router.open(session, [image(0)]);
    await router.collate(query, []);
    await expect(router.collate(query, [])).rejects.toThrow(refused("unknown-query"));
    const dropped = await router.open(session, [image(0)]);
    await router.ask("drop-key-images", encodeMessage(KeyImageQueryOpenedSchema, { query: dropped }));
    await expect(router.seal(dropped)).rejects.toThrow(refused("unknown-query"));
  });

  test("play a store's answer again", async () => {
    const { router, first } = await start();
    const session = await router.client();
    const query = await router.open(session, [image(0)]);
    const answer = await first.answer(await router.seal(query), stateOf(0n, 5n));
    await router.collate(query, [answer]);
    const again = await router.open(session, [image(0)]);
    await expect(router.collate(again, [answer])).rejects.toThrow(refused("nonce-seen"));
  });
});

describe("refused, and the channel goes on", () => {
  test.each<[string, Uint8Array[], string]>([
    ["a key image of another length", [random(31)], "malformed-request"],
    ["no key image at all", [new Uint8Array(0)], "malformed-request"],
    ["more than 4 000 key images", Array.from({ length: 4_001 }, () => zeros), "too-many-items"],
  ])("%s", async (_, asked, code) => {
    const { router } = await start();
    const session = await router.client();
    await expect(router.open(session, asked)).rejects.toThrow(refused(code));
    await router.open(session, [image(0)]);
  });

  test("what is no request", async () => {
    const { router } = await start();
    const session = await router.client();
    const sealed = encodeSealedMessage(session.seal(new Uint8Array(40).fill(255)));
    await expect(router.ask("open-key-images", sealed)).rejects.toThrow(refused("malformed-request"));
  });
});

test("a store that restarts answers once the router has attested it again", async () => {
  const { router } = await start();
  const again = await TestEnclave.start("store0.test:443", { keyImageCapacity: 64n });
  const session = await router.client();
  const query = await router.open(session, [image(0)]);
  await expect(again.answer(await router.seal(query), {})).rejects.toThrow(refused("unknown-channel"));
  await router.connect(again);
  await router.collate(query, [await again.answer(await router.seal(query), stateOf(0n, 5n))]);
});

test("a store that is full takes nothing of a block that does not fit", async () => {
  const store = await TestEnclave.start("store.test:443", { keyImageCapacity: 16n });
  await store.add(keyImages.slice(0, 15), 1n, 1n);
  await expect(store.add(keyImages.slice(15, 17), 2n, 2n)).rejects.toThrow(refused("store-full"));
  await store.add(keyImages.slice(15, 16), 2n, 2n);
});

test("before init nothing is answered, and init comes once", async () => {
  const enclave = new TestEnclave("router.test:443");
  await expect(enclave.client()).rejects.toThrow(refused("not-initialized"));
  const router = await TestEnclave.start("router.test:443", {});
  await expect(router.ask("init", new Uint8Array(0))).rejects.toThrow(refused("already-initialized"));
  await expect(router.add([zeros], 1n, 1n)).rejects.toThrow(refused("not-offered"));
  await expect(TestEnclave.start("r", { keyImageCapacity: 17n })).rejects.toThrow(refused("invalid-config"));
});
