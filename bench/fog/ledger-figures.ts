// How long a wallet waits for Fog Ledger, over attested RPCs on loopback, from the roles as they are shipped: a hundred key
// images of a store of 2^20, and a ring of eleven outputs with their proofs out of a ledger of 2^20.
import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Transport } from "@connectrpc/connect";
import {
  beginChannel,
  ChannelResponder,
  createSimulatedPlatform,
  encodeEvidence,
  KeyPair,
  makeSimulatedEvidence,
  type SealedMessage,
  Session,
} from "@fogbow/core-attest";
import { membershipProofToWire, type TxOut, txOutToWire } from "@fogbow/core-transaction";
import {
  type AuthMessage,
  CheckKeyImagesRequestSchema,
  decodeMessage,
  encodeMessage,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  GetOutputsRequestSchema,
  GetOutputsResponseSchema,
} from "@fogbow/core-wire";
import { runKeyImageStore, runLedgerRouter } from "@fogbow/fog-ledger";
import { createLedger, type Ledger } from "@fogbow/ledger-db";
import {
  createLog,
  createMetrics,
  parseServiceUri,
  type Server,
  serve,
  serveService,
  serviceClient,
} from "@fogbow/server";
import { fill } from "../ledger-chain.ts";
import { type Figure, summary } from "../measure.ts";

const CAPACITY = 2 ** 20;
/** As many blocks of 5 000 outputs as fit. */
const OUTPUTS = 1_045_000;
const RING = 11;
const KEY_IMAGES = 100;
const REQUESTS = 200;
const WARM_UP = 40;
const LOADED_MS_MAX = 1_200_000;
const RESPONDER = "ledger.test:443";
const ANY = { bytesMax: 16_777_216 };

const log = createLog({ name: "bench", level: "error" });
const parts = { log, version: "bench" };
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** Measures both. Making and loading the ledger takes minutes; `outputs` is fewer where only the code is tried. */
export async function ledgerFigures(report: (figure: Figure) => void, outputs: number = OUTPUTS): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fogbow-bench-"));
  const ends: (() => Promise<unknown> | unknown)[] = [() => rm(folder, { recursive: true })];
  try {
    const folders = { ledger: join(folder, "ledger"), watcher: join(folder, "watcher") };
    const ledger = createLedger(folders.ledger);
    ends.push(() => ledger.close());
    await fill(ledger, outputs, async () => undefined);
    const usual = {
      ...folders,
      chainId: "",
      adminListen: undefined,
      pollMs: 50,
      watcherTimeoutMs: 0,
      enclave: { platform: { kind: "simulated" as const } },
    };
    const storeListen = parseServiceUri(`insecure-key-image-store://127.0.0.1:${PORT}/`, "key-image-store");
    const store = await runKeyImageStore(
      {
        ...usual,
        clientListen: storeListen,
        responderId: storeListen.responderId,
        capacity: CAPACITY,
        range: { start: 0n, end: 2n ** 64n - 1n },
      },
      parts,
    );
    ends.push(() => store.close());
    const clientListen = parseServiceUri(`insecure-fog-ledger://127.0.0.1:${PORT + 1}/`, "fog-ledger");
    const router = await runLedgerRouter(
      {
        ...usual,
        clientListen,
        responderId: RESPONDER,
        tokens: undefined,
        shardUris: [storeListen.text],
        outputCapacity: CAPACITY,
        looksUpOutputs: true,
      },
      parts,
    );
    ends.push(() => router.close());
    const begun = performance.now();
    const isLoaded = (): boolean => [store, router].every((role) => role.nextBlock() === ledger.numBlocks());
    while (!isLoaded()) {
      if (performance.now() - begun > LOADED_MS_MAX) throw new Error("The ledger is not loaded in time.");
      await sleep(50);
    }
    const loadSeconds = Math.round((performance.now() - begun) / 1000);
    const plain = await plainServer(ledger);
    ends.push(() => plain.close());
    const connect = (port: number): Transport => {
      const uri = parseServiceUri(`insecure-fog-ledger://127.0.0.1:${port}/`, "fog-ledger");
      const { transport, close } = serviceClient(uri, { timeoutMs: 30_000, answerBytesMax: 16_777_216 });
      ends.push(close);
      return transport;
    };
    report(await keyImages(connect(router.ports.client)));
    report(await rings(connect(router.ports.client), connect(plain.port), { outputs, loadSeconds }));
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

const PORT = 20_000 + (process.pid % 20_000);

/** From sealing the question to having read the answer. */
async function keyImages(transport: Transport): Promise<Figure> {
  const client = createClient(FogKeyImageAPI, transport);
  const session = await attest(client);
  const times = await timed([
    async () => {
      const queries = Array.from({ length: KEY_IMAGES }, () => ({ keyImage: { data: random(32) } }));
      session.open(await client.checkKeyImages(session.seal(encodeMessage(CheckKeyImagesRequestSchema, { queries }))));
    },
  ]);
  return { ...summary("key-images-100", "ms", times[0] ?? []), limit: 40 };
}

/** The same request to our router and to a server that looks indices up as they come, in turn. */
async function rings(ours: Transport, plain: Transport, details: Record<string, number>): Promise<Figure> {
  const asks = await Promise.all(
    [ours, plain].map(async (transport) => {
      const client = createClient(FogMerkleProofAPI, transport);
      const session = await attest(client);
      return async () => {
        const indices = Array.from({ length: RING }, () => BigInt(randomInt(details.outputs ?? 1)));
        const sealed = await client.getOutputs(session.seal(encodeMessage(GetOutputsRequestSchema, { indices })));
        decodeMessage(GetOutputsResponseSchema, session.open(sealed), ANY);
      };
    }),
  );
  const [times = [], plainTimes = []] = await timed(asks);
  const figure = summary("ring-with-proofs-11", "ms", times);
  const peer = summary("peer", "ms", plainTimes);
  const ratio = Number((peer.p50 / figure.p50).toPrecision(4));
  return { ...figure, peer: "without obliviousness", peerP50: peer.p50, ratio, limit: 25, details };
}

/** Milliseconds of each, one after the other in turn. */
async function timed(asks: readonly (() => Promise<void>)[]): Promise<number[][]> {
  const times = asks.map((): number[] => []);
  for (let i = -WARM_UP; i < REQUESTS; i++) {
    for (const [side, ask] of asks.entries()) {
      const start = performance.now();
      await ask();
      if (i >= 0) times[side]?.push(performance.now() - start);
    }
  }
  return times;
}

async function attest(client: { auth(request: { data: Uint8Array }): Promise<AuthMessage> }): Promise<Session> {
  const pending = beginChannel({ responderId: RESPONDER }, { random });
  const { data } = await client.auth({ data: pending.request });
  return new Session((await pending.finish(data, () => undefined)).keys);
}

/** A server that answers out of the ledger's own tables, as MobileCoin's does: its host sees every index. */
async function plainServer(ledger: Ledger): Promise<Server> {
  const staticKey = KeyPair.random(random);
  const now = Date.now();
  const machine = createSimulatedPlatform("simulated", { random, now });
  const simulated = { measurement: random(32), productId: 2, securityVersion: 1 };
  const contents = { nonce: random(16), key: staticKey.publicKey, customIdentity: new Uint8Array(32) };
  const bytes = encodeEvidence(makeSimulatedEvidence(machine, simulated, { contents, now }));
  const responder = new ChannelResponder(
    { responderId: RESPONDER },
    { staticKey, evidence: () => ({ kind: "dcap", bytes }), random },
  );
  const answer = (message: SealedMessage): SealedMessage => {
    const { plaintext, reply } = responder.open(message);
    const { indices } = decodeMessage(GetOutputsRequestSchema, plaintext, ANY);
    const proofs = ledger.membershipProofs(indices);
    const results = indices.map((index, i) => ({
      index,
      resultCode: 2,
      output: txOutToWire(ledger.txOut(index) as TxOut),
      proof: membershipProofToWire(proofs[i] as (typeof proofs)[number]),
    }));
    return reply(encodeMessage(GetOutputsResponseSchema, { results, numBlocks: ledger.numBlocks() }));
  };
  const limits = {
    requestBytesMax: 65_536,
    responseBytesMax: 8_388_608,
    deadlineMs: 30_000,
    concurrencyMax: 64,
    queueMax: 64,
  };
  const service = serveService(
    FogMerkleProofAPI,
    { auth: { ...limits, responseBytesMax: 327_680 }, getOutputs: limits },
    { auth: ({ data }) => ({ data: responder.auth(data) }), getOutputs: (message) => answer(message) },
  );
  return serve(
    { listen: { host: "127.0.0.1", port: 0 }, services: [service] },
    { log, metrics: createMetrics(), now: Date.now },
  );
}
