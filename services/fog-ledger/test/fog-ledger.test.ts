// The roles of Fog Ledger over the wire: a router with two stores, the built enclave, and a ledger in a folder.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { beginChannel, Session } from "@fogbow/core-attest";
import { U64_MAX } from "@fogbow/core-bytes";
import { storedTxOutFromWire } from "@fogbow/core-transaction";
import {
  type AuthMessage,
  CheckKeyImagesRequestSchema,
  type CheckKeyImagesResponse,
  CheckKeyImagesResponseSchema,
  decodeMessage,
  encodeMessage,
  FogBlockAPI,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  FogUntrustedTxOutApi,
  GetOutputsRequestSchema,
  GetOutputsResponseSchema,
  Health,
  KeyImageStoreAPI,
  LedgerAPI,
  type LedgerRequest,
  LedgerRequestSchema,
  LedgerRouterAdminAPI,
  LookupOutputsRequestSchema,
  LookupOutputsResponseSchema,
  OutputLookupAPI,
} from "@fogbow/core-wire";
import { createLedger, type Ledger } from "@fogbow/ledger-db";
import { buildBundle, writeBundle } from "@fogbow/runtime-enclave";
import { createLog, parseServiceUri, tokenHeader } from "@fogbow/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendNext, contents, keyImage } from "../../../stores/ledger-db/test/chain.ts";
import { Balancer } from "../../fog-view/test/balancer.ts";
import {
  parseShardingStrategy,
  type RunningKeyImageStore,
  type RunningLedgerRouter,
  runKeyImageStore,
  runLedgerRouter,
} from "../src/index.ts";

const ANY = { bytesMax: 67_108_864 };
const BLOCKS = 6;
const log = createLog({ name: "test", level: "silent" });
const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
const bundle = join(folder, "bundle");
const folders = { ledger: join(folder, "ledger"), watcher: join(folder, "watcher") };
const parts = { log, version: "test" };
const enclave = { platform: { kind: "simulated" }, bundle } as const;
const usual = { ...folders, chainId: "test", pollMs: 20, watcherTimeoutMs: 0, enclave, adminListen: undefined };
const secret = new Uint8Array(32).fill(5);

let ledger: Ledger;
let stores: RunningKeyImageStore[];
let router: RunningLedgerRouter;

/** A store of some blocks, at a port or at any, known by its own address or by a balancer's. */
function startStore(strategy: string, port = 0, knownAs = port): Promise<RunningKeyImageStore> {
  return runKeyImageStore(
    {
      ...usual,
      clientListen: parseServiceUri(`insecure-key-image-store://127.0.0.1:${port || freePort()}/`, "key-image-store"),
      responderId: `127.0.0.1:${knownAs || lastPort}`,
      capacity: 64,
      range: parseShardingStrategy(strategy),
    },
    parts,
  );
}

let lastPort = 20_000 + (process.pid % 20_000);
const freePort = (): number => {
  lastPort += 1;
  return lastPort;
};

const transportTo = (port: number | undefined, authorization?: string, chainId = "test"): Transport =>
  createGrpcTransport({
    baseUrl: `http://127.0.0.1:${port}`,
    interceptors: [
      (next) => (request) => {
        request.header.set("chain-id", chainId);
        if (authorization !== undefined) request.header.set("authorization", authorization);
        return next(request);
      },
    ],
  });

const token = (): string => tokenHeader(secret, "user", Date.now());

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("It has taken too long.");
    await sleep(10);
  }
}

/** A client's session over one of the services. */
async function attest(auth: (request: { data: Uint8Array }) => Promise<AuthMessage>): Promise<Session> {
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const pending = beginChannel({ responderId: "router.test:443" }, { random });
  const { data } = await auth({ data: pending.request });
  return new Session((await pending.finish(data, () => undefined)).keys);
}

const isSpent = ({ results }: CheckKeyImagesResponse): boolean => results[0]?.keyImageResultCode === 1;

async function checkKeyImages(keyImages: readonly Uint8Array[], asked = router): Promise<CheckKeyImagesResponse> {
  const client = createClient(FogKeyImageAPI, transportTo(asked.ports.client, token()));
  const session = await attest((request) => client.auth(request));
  const queries = keyImages.map((data) => ({ keyImage: { data } }));
  const sealed = await client.checkKeyImages(session.seal(encodeMessage(CheckKeyImagesRequestSchema, { queries })));
  return decodeMessage(CheckKeyImagesResponseSchema, session.open(sealed), ANY);
}

beforeAll(async () => {
  await writeBundle(bundle, await buildBundle(fileURLToPath(new URL("../../../enclaves/fog-ledger", import.meta.url))));
  ledger = createLedger(folders.ledger);
  for (let i = 0; i < BLOCKS; i++) appendNext(ledger);
  stores = [await startStore("0-3"), await startStore("3-1000")];
  const shardUris = stores.map(({ ports }) => `insecure-key-image-store://127.0.0.1:${ports.client}/`);
  router = await runLedgerRouter(
    {
      ...usual,
      clientListen: parseServiceUri(`insecure-fog-ledger://127.0.0.1:${freePort()}/`, "fog-ledger"),
      adminListen: parseServiceUri(`insecure-mca://127.0.0.1:${freePort()}/`, "mca"),
      responderId: "router.test:443",
      tokens: { sharedSecret: secret },
      shardUris,
      outputCapacity: 128,
      outputShardCapacity: 16,
      looksUpOutputs: true,
    },
    parts,
  );
  await until(() => router.nextBlock() === BigInt(BLOCKS) && stores[1]?.nextBlock() === BigInt(BLOCKS));
}, 60_000);

afterAll(async () => {
  await Promise.all([router?.close(), ...(stores ?? []).map((store) => store.close())]);
  await ledger?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("key images", () => {
  test("are spent in their block, wherever it is sharded, or not spent", async () => {
    const response = await checkKeyImages([keyImage(5, 1), new Uint8Array(32), keyImage(1, 0)]);
    expect(response.results.map((each) => [each.keyImageResultCode, each.spentAt])).toEqual([
      [1, 5n],
      [2, 1n],
      [1, 1n],
    ]);
    expect(response.numBlocks).toBe(BigInt(BLOCKS));
    expect(response.globalTxoCount).toBe(ledger.numTxOuts());
  });

  test("are answered on a stream, which ends for a message that is neither", async () => {
    const client = createClient(LedgerAPI, transportTo(router.ports.client, token()));
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
    const pending = beginChannel({ responderId: "router.test:443" }, { random });
    let answered: (session: Session) => void = () => undefined;
    const attested = new Promise<Session>((resolve) => {
      answered = resolve;
    });
    async function* requests(): AsyncIterable<LedgerRequest> {
      yield create(LedgerRequestSchema, { requestData: { case: "auth", value: { data: pending.request } } });
      const value = (await attested).seal(encodeMessage(CheckKeyImagesRequestSchema, {}));
      yield create(LedgerRequestSchema, { requestData: { case: "checkKeyImages", value } });
      yield create(LedgerRequestSchema, {});
    }
    const seen: unknown[] = [];
    let session: Session | undefined;
    const read = async (): Promise<void> => {
      for await (const { responseData } of client.request(requests())) {
        seen.push(responseData.case);
        if (responseData.case === "auth") {
          session = new Session((await pending.finish(responseData.value.data, () => undefined)).keys);
          answered(session);
        } else if (responseData.case === "checkKeyImageResponse") {
          const plaintext = session?.open(responseData.value) as Uint8Array;
          seen.push(decodeMessage(CheckKeyImagesResponseSchema, plaintext, ANY).numBlocks);
        }
      }
    };
    await expect(read()).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(seen).toEqual(["auth", "checkKeyImageResponse", BigInt(BLOCKS)]);
  });

  test("are answered again after a store was restarted, in the same call, and not while it is away", async () => {
    const port = stores[1]?.ports.client as number;
    await stores[1]?.close();
    await expect(checkKeyImages([keyImage(5, 1)])).rejects.toMatchObject({ code: Code.Unavailable });
    stores[1] = await startStore("3-1000", port);
    await until(() => stores[1]?.nextBlock() === BigInt(BLOCKS));
    expect((await checkKeyImages([keyImage(5, 1)])).results[0]?.keyImageResultCode).toBe(1);
  }, 30_000);

  test("are answered to all who ask at once after a store was restarted: nobody's answer is of a channel that is gone", async () => {
    const port = stores[0]?.ports.client as number;
    for (let round = 0; round < 3; round++) {
      await stores[0]?.close();
      stores[0] = await startStore("0-3", port);
      await until(() => stores[0]?.nextBlock() === 3n);
      const answers = await Promise.all(Array.from({ length: 12 }, () => checkKeyImages([keyImage(2, 0)])));
      for (const { results } of answers) expect(results[0]?.keyImageResultCode).toBe(1);
    }
  }, 60_000);

  test("that are malformed are invalid arguments; an unknown channel is denied", async () => {
    await expect(checkKeyImages([new Uint8Array(31)])).rejects.toMatchObject({ code: Code.InvalidArgument });
    const client = createClient(FogKeyImageAPI, transportTo(router.ports.client, token()));
    const unknown = { channelId: new Uint8Array(64), data: new Uint8Array(20) };
    await expect(client.checkKeyImages(unknown)).rejects.toMatchObject({ code: Code.PermissionDenied });
  });
});

describe("outputs", () => {
  test("come by index with proofs, and by public key", async () => {
    const proofs = createClient(FogMerkleProofAPI, transportTo(router.ports.client, token()));
    const lookups = createClient(OutputLookupAPI, transportTo(router.ports.client, token()));
    const session = await attest((request) => proofs.auth(request));
    const sealed = await proofs.getOutputs(
      session.seal(encodeMessage(GetOutputsRequestSchema, { indices: [7n, 99n] })),
    );
    const { results, numBlocks } = decodeMessage(GetOutputsResponseSchema, session.open(sealed), ANY);
    expect(numBlocks).toBe(BigInt(BLOCKS));
    expect(results.map(({ resultCode }) => resultCode)).toEqual([2, 1]);
    const output = storedTxOutFromWire(results[0]?.output as never);
    expect(output).toEqual(ledger.txOut(7n));
    const request = encodeMessage(LookupOutputsRequestSchema, { publicKeys: [output.publicKey] });
    const answer = await lookups.lookupOutputs(session.seal(request)); // One session serves all.
    const found = decodeMessage(LookupOutputsResponseSchema, session.open(answer), ANY).results[0];
    expect([found?.resultCode, found?.globalIndex, found?.blockIndex]).toEqual([2, 7n, ledger.blockIndexOfTxOut(7n)]);
  });

  test("of a block that is appended are there soon", async () => {
    appendNext(ledger);
    await until(() => router.nextBlock() === ledger.numBlocks());
    const { numBlocks } = await checkKeyImages([]);
    expect(numBlocks).toBeGreaterThanOrEqual(BigInt(BLOCKS));
    await until(async () => (await checkKeyImages([])).numBlocks === ledger.numBlocks());
  });
});

describe("in the open", () => {
  test("blocks come whole, as far as they exist, and no more than 1 000", async () => {
    const client = createClient(FogBlockAPI, transportTo(router.ports.client, token()));
    const ranges = [
      { startBlock: 4n, endBlock: U64_MAX },
      { startBlock: 1n, endBlock: 2n },
      { startBlock: 50n, endBlock: 60n },
    ];
    const { blocks, numBlocks, globalTxoCount } = await client.getBlocks({ ranges });
    const last = ledger.numBlocks() - 1n;
    expect(blocks.map(({ index }) => index)).toEqual(
      [...Array(Number(last) - 3).keys()].map((i) => BigInt(i) + 4n).concat(1n),
    );
    expect([numBlocks, globalTxoCount]).toEqual([ledger.numBlocks(), ledger.numTxOuts()]);
    expect(blocks.at(-1)?.globalTxoCount).toBe(ledger.block(1n)?.cumulativeTxoCount);
    expect(blocks.at(-1)?.outputs.map((each) => storedTxOutFromWire(each))).toEqual(contentsOf(1n));
    const many = Array.from({ length: 400 }, () => ({ startBlock: 0n, endBlock: 3n }));
    expect((await client.getBlocks({ ranges: many })).blocks).toHaveLength(1_000);
  });

  test("outputs are found by public key", async () => {
    const client = createClient(FogUntrustedTxOutApi, transportTo(router.ports.client, token()));
    const data = ledger.txOut(9n)?.publicKey as Uint8Array;
    const { results, numBlocks } = await client.getTxOuts({ txOutPubkeys: [{ data }, { data: new Uint8Array(32) }] });
    expect(results).toMatchObject([
      { resultCode: 1, txOutGlobalIndex: 9n, blockIndex: ledger.blockIndexOfTxOut(9n), txOutPubkey: { data } },
      { resultCode: 0 },
    ]);
    expect(numBlocks).toBe(ledger.numBlocks());
    const short = client.getTxOuts({ txOutPubkeys: [{ data: new Uint8Array(31) }] });
    await expect(short).rejects.toMatchObject({ code: Code.InvalidArgument });
  });
});

describe("a caller", () => {
  test.each([
    ["key images", FogKeyImageAPI, "auth"],
    ["proofs", FogMerkleProofAPI, "auth"],
    ["look-ups", OutputLookupAPI, "auth"],
    ["blocks", FogBlockAPI, "getBlocks"],
    ["outputs in the open", FogUntrustedTxOutApi, "getTxOuts"],
  ] as const)("without a token, or of another chain, is refused: %s", async (_, service, method) => {
    const call = (transport: Transport): Promise<unknown> =>
      (
        createClient(service as typeof FogBlockAPI, transport) as never as Record<
          string,
          (request: object) => Promise<unknown>
        >
      )[method]?.({}) as Promise<unknown>;
    await expect(call(transportTo(router.ports.client))).rejects.toMatchObject({ code: Code.Unauthenticated });
    const other = createGrpcTransport({
      baseUrl: `http://127.0.0.1:${router.ports.client}`,
      interceptors: [
        (next) => (request) => {
          request.header.set("chain-id", "other");
          return next(request);
        },
      ],
    });
    await expect(call(other)).rejects.toMatchObject({ code: Code.FailedPrecondition });
  });
});

test("a stream without a token, or of another chain, is refused before it says anything", async () => {
  async function* requests(): AsyncIterable<LedgerRequest> {
    yield create(LedgerRequestSchema, { requestData: { case: "auth", value: { data: new Uint8Array(32) } } });
  }
  const asked = async (transport: Transport): Promise<unknown> => {
    for await (const answer of createClient(LedgerAPI, transport).request(requests())) return answer;
    return undefined;
  };
  const { client } = router.ports;
  await expect(asked(transportTo(client))).rejects.toMatchObject({ code: Code.Unauthenticated });
  await expect(asked(transportTo(client, "Basic bm9ib2R5Om5vdGhpbmc="))).rejects.toMatchObject({
    code: Code.Unauthenticated,
  });
  await expect(asked(transportTo(client, token(), "other"))).rejects.toMatchObject({ code: Code.FailedPrecondition });
});

test("replicas of a shard behind one address: whichever a connection leads to is attested, and answers", async () => {
  const ports = [freePort(), freePort()];
  const balancer = await Balancer.begin(ports);
  const replicas = await Promise.all(ports.map((port) => startStore("default", port, balancer.port)));
  stores.push(...replicas);
  await until(() => replicas.every((store) => store.nextBlock() === ledger.numBlocks()));
  const behind = await runLedgerRouter(
    {
      ...usual,
      clientListen: parseServiceUri(`insecure-fog-ledger://127.0.0.1:${freePort()}/`, "fog-ledger"),
      responderId: "router.test:443",
      tokens: { sharedSecret: secret },
      shardUris: [`insecure-key-image-store://127.0.0.1:${balancer.port}/`],
      outputCapacity: 128,
      looksUpOutputs: false,
    },
    parts,
  );
  try {
    for (let i = 0; i < 4; i++) {
      await until(() => checkKeyImages([keyImage(5, 1)], behind).then(isSpent, () => false));
      balancer.cut();
    }
  } finally {
    balancer.close();
    await behind.close();
  }
}, 30_000);

test("the operator adds shards, each once, and health says whether all is loaded", async () => {
  const admin = createClient(LedgerRouterAdminAPI, transportTo(router.ports.admin));
  const known = `insecure-key-image-store://127.0.0.1:${stores[0]?.ports.client}/`;
  await expect(admin.addShard({ shardUri: known })).rejects.toMatchObject({ code: Code.FailedPrecondition });
  await expect(admin.addShard({ shardUri: "mc://x/" })).rejects.toMatchObject({ code: Code.InvalidArgument });
  const late = await startStore("0-2");
  stores.push(late);
  await admin.addShard({ shardUri: `insecure-key-image-store://127.0.0.1:${late.ports.client}/` });
  await until(() => late.nextBlock() === 2n);
  expect((await checkKeyImages([keyImage(1, 0)])).results[0]?.spentAt).toBe(1n);
  for (const port of [router.ports.client, late.ports.client]) {
    expect((await createClient(Health, transportTo(port, token())).check({})).status).toBe(1);
  }
});

test("figures say how much there is, and how much room", async () => {
  const page = await (await fetch(`http://127.0.0.1:${router.ports.admin}/metrics`)).text();
  const figure = (name: string): number =>
    Number(new RegExp(`^fog_ledger_router_${name} (\\d+)$`, "m").exec(page)?.[1]);
  await until(() => router.nextBlock() === ledger.numBlocks());
  expect(figure("outputs")).toBe(Number(ledger.numTxOuts()));
  expect(figure("output_capacity")).toBe(128);
  expect(figure("block_count")).toBe(Number(ledger.numBlocks()));
  expect(figure("shards")).toBeGreaterThanOrEqual(2);
});

test("a router is served nothing by a store that it has not attested", async () => {
  const store = createClient(KeyImageStoreAPI, transportTo(stores[0]?.ports.client));
  expect(await store.multiKeyImageStoreQuery({})).toMatchObject({
    status: 2,
    storeUri: `insecure-key-image-store://127.0.0.1:${stores[0]?.ports.client}/`,
  });
});

test("a router starts before there is a ledger, and ends within a second", async () => {
  const early = await runLedgerRouter(
    {
      ...usual,
      ledger: join(folder, "later"),
      clientListen: parseServiceUri(`insecure-fog-ledger://127.0.0.1:${freePort()}/`, "fog-ledger"),
      responderId: "early.test:443",
      tokens: undefined,
      shardUris: [],
      outputCapacity: 16,
      looksUpOutputs: false,
    },
    parts,
  );
  const client = createClient(FogBlockAPI, transportTo(early.ports.client));
  expect(await client.getBlocks({ ranges: [{ startBlock: 0n, endBlock: 9n }] })).toMatchObject({ numBlocks: 0n });
  const before = performance.now();
  await early.close();
  expect(performance.now() - before).toBeLessThan(1_000);
});

test("sharding strategies are all blocks, or a range", () => {
  expect(parseShardingStrategy("default")).toEqual({ start: 0n, end: U64_MAX });
  expect(parseShardingStrategy(" 5 - 9 ")).toEqual({ start: 5n, end: 9n });
  for (const wrong of ["5", "5-", "9-5", "5-5", "1-2-3", "a-b"]) {
    expect(() => parseShardingStrategy(wrong)).toThrow(expect.objectContaining({ code: "invalid-sharding-strategy" }));
  }
});

const contentsOf = (index: bigint): unknown => ledger.blockContents(index)?.outputs ?? contents(0);
