// How long a wallet waits for Fog Ledger, over attested RPCs on loopback, from the roles as they are shipped: a hundred key
// images of a store of 2^20, and a ring of eleven outputs with their proofs out of ledgers of 2^20 and of 2^14.
import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Transport } from "@connectrpc/connect";
import { beginChannel, Session } from "@fogbow/core-attest";
import {
  type AuthMessage,
  CheckKeyImagesRequestSchema,
  CheckKeyImagesResponseSchema,
  decodeMessage,
  encodeMessage,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  GetOutputsRequestSchema,
  GetOutputsResponseSchema,
} from "@fogbow/core-wire";
import { runKeyImageStore, runLedgerRouter } from "@fogbow/fog-ledger";
import { createLedger, type Ledger } from "@fogbow/ledger-db";
import { createLog, parseServiceUri, serviceClient } from "@fogbow/server";
import { fill } from "../ledger-chain.ts";
import { count, type Figure, rounded, summary } from "../measure.ts";
import { servePlainLedger } from "./plain-ledger-server.ts";

/** Capacities, and as many blocks of 5 000 outputs as fit. */
const LARGE = { capacity: 2 ** 20, outputs: 1_045_000 };
const SMALL = { capacity: 2 ** 14, outputs: 15_000 };
const RING = 11;
const KEY_IMAGES = 100;
const REQUESTS = 200;
const WARM_UP = 40;
const LOADED_MS_MAX = 1_200_000;
export const RESPONDER = "ledger.test:443";
const ANY = { bytesMax: 16_777_216 };

const log = createLog({ name: "bench", level: "error" });
const parts = { log, version: "bench" };
const PLAIN = "without obliviousness";
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** What is to be ended, the last first. */
export type Ends = (() => Promise<unknown> | unknown)[];

/** Reports all of them. Making and loading the large ledger takes minutes; `large` is smaller where only the code is tried. */
export async function ledgerFigures(report: (figure: Figure) => void, large: typeof LARGE = LARGE): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fogbow-bench-"));
  const ends: Ends = [() => rm(folder, { recursive: true })];
  try {
    const whole = await deployLedger({ folder: join(folder, "large"), port: PORT, ...large }, ends);
    const few = await deployLedger({ folder: join(folder, "small"), port: PORT + 2, ...SMALL }, ends);
    const plain = await servePlainLedger(whole.ledger, RESPONDER);
    ends.push(() => plain.close());
    const connect = (port: number): Transport => {
      const uri = parseServiceUri(`insecure-fog-ledger://127.0.0.1:${port}/`, "fog-ledger");
      const { transport, close } = serviceClient(uri, { timeoutMs: 30_000, answerBytesMax: 16_777_216 });
      ends.push(close);
      return transport;
    };
    const [ours, theirs] = [connect(whole.port), connect(plain.port)];
    report(await keyImages(ours, theirs));
    const { loadSeconds } = whole;
    for (const figure of await rings(
      { ours, theirs, few: connect(few.port) },
      { outputs: large.outputs, loadSeconds },
    )) {
      report(figure);
    }
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** How large a ledger is that roles are started for, and where they listen. */
export interface LedgerSize {
  readonly folder: string;
  readonly port: number;
  /** Outputs that the roles have room for. */
  readonly capacity: number;
  readonly outputs: number;
  readonly outputsPerBlock?: number;
}

/** A ledger, and a store and a router that have loaded it, at a port and the next one. */
export async function deployLedger(
  size: LedgerSize,
  ends: Ends,
): Promise<{ readonly ledger: Ledger; readonly port: number; readonly loadSeconds: number }> {
  const { folder, port, capacity, outputs, outputsPerBlock } = size;
  console.error(`setting up: a ledger of ${outputs} outputs`);
  const folders = { ledger: join(folder, "ledger"), watcher: join(folder, "watcher") };
  const ledger = createLedger(folders.ledger);
  ends.push(() => ledger.close());
  await fill(ledger, outputs, async () => undefined, outputsPerBlock);
  const usual = {
    ...folders,
    chainId: "",
    adminListen: undefined,
    pollMs: 50,
    watcherTimeoutMs: 0,
    enclave: { platform: { kind: "simulated" as const } },
  };
  const storeListen = parseServiceUri(`insecure-key-image-store://127.0.0.1:${port}/`, "key-image-store");
  const range = { start: 0n, end: 2n ** 64n - 1n };
  const { responderId } = storeListen;
  const begun = performance.now();
  const store = await runKeyImageStore({ ...usual, clientListen: storeListen, responderId, capacity, range }, parts);
  ends.push(() => store.close());
  const clientListen = parseServiceUri(`insecure-fog-ledger://127.0.0.1:${port + 1}/`, "fog-ledger");
  const routed = { tokens: undefined, shardUris: [storeListen.text], outputCapacity: capacity, looksUpOutputs: true };
  const router = await runLedgerRouter({ ...usual, ...routed, clientListen, responderId: RESPONDER }, parts);
  ends.push(() => router.close());
  while (![store, router].every((role) => role.nextBlock() === ledger.numBlocks())) {
    if (performance.now() - begun > LOADED_MS_MAX) throw new Error("The ledger is not loaded in time.");
    await sleep(50);
  }
  return { ledger, port: router.ports.client, loadSeconds: Math.round((performance.now() - begun) / 1_000) };
}

const PORT = 20_000 + (process.pid % 20_000);

/** From sealing the question to having read the answer, of our router and of a server that looks them up as they come, in turn. */
async function keyImages(ours: Transport, plain: Transport): Promise<Figure> {
  const asks = await Promise.all(
    [ours, plain].map(async (transport) => {
      const client = createClient(FogKeyImageAPI, transport);
      const session = await attest(client);
      return async () => {
        const queries = Array.from({ length: KEY_IMAGES }, () => ({ keyImage: { data: random(32) } }));
        const request = session.seal(encodeMessage(CheckKeyImagesRequestSchema, { queries }));
        decodeMessage(CheckKeyImagesResponseSchema, session.open(await client.checkKeyImages(request)), ANY);
      };
    }),
  );
  const [times = [], theirs = []] = await timed(asks);
  return { ...summary("key-images-100", "ms", times, { name: PLAIN, times: theirs }), limit: 40 };
}

/** The same of rings, and how much longer one takes out of the large ledger than out of the small one. */
async function rings(
  { ours, theirs, few }: Readonly<Record<"ours" | "theirs" | "few", Transport>>,
  details: { readonly outputs: number; readonly loadSeconds: number },
): Promise<readonly Figure[]> {
  const asks = await Promise.all(
    [ours, theirs, few].map(async (transport) => {
      const client = createClient(FogMerkleProofAPI, transport);
      const session = await attest(client);
      const outputs = transport === few ? SMALL.outputs : details.outputs;
      return async () => {
        const indices = Array.from({ length: RING }, () => BigInt(randomInt(outputs)));
        const sealed = await client.getOutputs(session.seal(encodeMessage(GetOutputsRequestSchema, { indices })));
        decodeMessage(GetOutputsResponseSchema, session.open(sealed), ANY);
      };
    }),
  );
  const [times = [], plainTimes = [], fewTimes = []] = await timed(asks);
  const figure = summary("ring-with-proofs-11", "ms", times, { name: PLAIN, times: plainTimes });
  const smaller = summary("ring-with-proofs-11-2^14", "ms", fewTimes);
  const growth = count("ring-with-proofs-11-growth", "×", rounded(figure.p50 / smaller.p50));
  const grown = { ...growth, p99: rounded(figure.p99 / smaller.p99), limit: rounded((20 / 14) ** 2) };
  return [{ ...figure, limit: 25, details }, smaller, grown];
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
