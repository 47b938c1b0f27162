// How long a wallet waits for Fog View, over attested RPCs on loopback, from a store of a million records and a router as they
// are shipped; and what loading those records takes.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_SUBADDRESS, subaddress, viewAccountKey } from "@fogbow/core-account";
import { matchTxOutRecord, openTxOutRecord, SubaddressTable } from "@fogbow/core-transaction";
import { parseShardingStrategy, type RunningViewStore, runViewRouter, runViewStore } from "@fogbow/fog-view";
import { openRecoveryDb, type RecoveryDb } from "@fogbow/recovery-db";
import { FogAccount, FogViewClient, type LedgerService, NO_EVENTS, type ViewService } from "@fogbow/sdk";
import { createLog, parseServiceUri, type ServiceUri, serviceClient } from "@fogbow/server";
import { type Figure, percentile, rounded, summary } from "../measure.ts";
import { fillRecords, type Recipient } from "./view-records.ts";

const RECORDS = 1_000_000;
const HITS = 100;
const KEYS = 128;
/** Round trips of a wallet that follows a sequence of a hundred: one for the events, then 2, 4, … 64 search keys. */
const ROUND_TRIPS = 7;
const QUERIES = { warmUp: 40, counted: 200 };
const POLLS = { warmUp: 5, counted: 40 };
const LIMIT_MS = 40;
const LOADED_MS_MAX = 600_000;
/** What `fogbow fog view-store` takes unless told otherwise. */
const CAPACITY = 1_048_576;
const POLL_MS = 250;

const PORT = 20_000 + (process.pid % 20_000);
const log = createLog({ name: "bench", level: "error" });
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** Reports `load-1000000`, `retrieve-100` and `retrieve-100-schedule`. Some two minutes; `records` are fewer in a trial. */
export async function viewFigures(report: (figure: Figure) => void, records: number = RECORDS): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fogbow-bench-"));
  const ends: (() => Promise<unknown> | unknown)[] = [() => rm(folder, { recursive: true })];
  try {
    console.error(`setting up: a recovery database of ${records} records`);
    const options = { folder: join(folder, "database") };
    const filled = await openRecoveryDb(options);
    await filled.migrate();
    const recipient = await fillRecords(filled, records, HITS);
    await filled.close();

    const db = await openRecoveryDb(options);
    ends.push(() => db.close());
    const { clientListen, responderId, figure } = await deployView(db, { records, port: PORT }, ends);
    report(figure);
    const { transport, close } = serviceClient(clientListen, { timeoutMs: 30_000, answerBytesMax: 16_777_216 });
    ends.push(close);
    const now = (): number => Date.now();
    const wait = async (ms: number): Promise<void> => void (await sleep(ms));
    const view = new FogViewClient({ responderId }, { transport, verify: () => ({}), random, now, wait });
    report(await retrieve(view, recipient));
    report(await followSchedule(view, recipient));
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** A view store at a port and a router at the next one, and what loading everything took. */
export async function deployView(
  db: RecoveryDb,
  { records, port }: { readonly records: number; readonly port: number },
  ends: (() => Promise<unknown> | unknown)[],
): Promise<{ readonly clientListen: ServiceUri; readonly responderId: string; readonly figure: Figure }> {
  const { store, figure } = await load(db, records, port);
  ends.push(() => store.close());
  const responderId = `127.0.0.1:${port + 1}`;
  const clientListen = parseServiceUri(`insecure-fog-view://${responderId}/`, "fog-view");
  const router = await runViewRouter(
    {
      clientListen,
      adminListen: undefined,
      responderId,
      chainId: "",
      shards: [`insecure-fog-view-store://127.0.0.1:${port}/`],
      tokens: undefined,
      enclave: { platform: { kind: "simulated" } },
    },
    { log, version: "bench" },
  );
  ends.push(() => router.close());
  return { clientListen, responderId, figure };
}

/** A store that has loaded everything, how long it took to, and by how much the process has grown. */
async function load(
  db: RecoveryDb,
  records: number,
  port: number,
): Promise<{ readonly store: RunningViewStore; readonly figure: Figure }> {
  const clientListen = parseServiceUri(`insecure-fog-view-store://127.0.0.1:${port}/`, "fog-view-store");
  const [begun, before] = [performance.now(), process.memoryUsage().rss];
  const store = await runViewStore(
    {
      clientListen,
      adminListen: undefined,
      responderId: clientListen.hostAndPort,
      chainId: "",
      shard: parseShardingStrategy("default"),
      capacity: CAPACITY,
      pollMs: POLL_MS,
      enclave: { platform: { kind: "simulated" } },
    },
    { db, log, version: "bench" },
  );
  let most = 0;
  while (!store.state().isReady) {
    if (performance.now() - begun > LOADED_MS_MAX) throw new Error("The records are not loaded in time.");
    await sleep(50);
    most = Math.max(most, process.memoryUsage().rss);
  }
  if (store.state().records !== records) throw new Error(`The store has loaded ${store.state().records} records.`);
  const seconds = rounded((performance.now() - begun) / 1_000);
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const details = {
    records,
    recordsPerSecond: Math.round(records / seconds),
    memoryMiB: mebibytes(process.memoryUsage().rss - before),
    memoryMostMiB: mebibytes(most - before),
  };
  return { store, figure: { name: "load-1000000", unit: "s", p50: seconds, p99: seconds, details } };
}

/** One query of 128 search keys, from sealing it to having opened a hundred records; and what recognising them takes then. */
async function retrieve(view: ViewService, { account, searchKeys }: Recipient): Promise<Figure> {
  const keys = searchKeys(KEYS);
  const { viewPrivateKey } = subaddress(account, DEFAULT_SUBADDRESS);
  const watching = viewAccountKey(account);
  const subaddresses = new SubaddressTable(watching, [DEFAULT_SUBADDRESS]);
  const reader = { viewPrivateKey: watching.viewPrivateKey, subaddresses };
  const [opening, recognising]: [number[], number[]] = [[], []];
  const times = await timed(QUERIES, async () => {
    const { results } = await view.query({ eventCursor: NO_EVENTS, blockCountCursor: 0n, searchKeys: keys });
    const answered = performance.now();
    const records = results.flatMap((result) =>
      result.kind === "found" ? openTxOutRecord(result.payload, viewPrivateKey) : [],
    );
    opening.push(performance.now() - answered);
    return () => {
      const opened = performance.now();
      const owned = records.filter((record) => matchTxOutRecord(record, reader) !== undefined);
      recognising.push(performance.now() - opened);
      if (owned.length !== HITS) throw new Error(`The wallet has found ${owned.length} of its ${HITS} records.`);
    };
  });
  const details = {
    opening: rounded(percentile(opening.slice(QUERIES.warmUp), 50)),
    recognising: rounded(percentile(recognising.slice(QUERIES.warmUp), 50)),
  };
  return { ...summary("retrieve-100", "ms", times), limit: LIMIT_MS, details };
}

/** A wallet that knows nothing yet polls, and finds a hundred outputs with as many round trips as it takes. */
async function followSchedule(view: ViewService, { account }: Recipient): Promise<Figure> {
  let roundTrips = 0;
  const counted: ViewService = {
    query: (question, signal) => {
      roundTrips += 1;
      return view.query(question, signal);
    },
  };
  const times = await timed(POLLS, async () => {
    roundTrips = 0;
    const wallet = new FogAccount({ account }, { view: counted, ledger: unspent, random });
    const { errors } = await wallet.poll();
    return () => {
      if (errors.length > 0) throw errors[0];
      if (wallet.spendable.length !== HITS || roundTrips !== ROUND_TRIPS) {
        throw new Error(`The wallet has found ${wallet.spendable.length} outputs in ${roundTrips} round trips.`);
      }
    };
  });
  return { ...summary("retrieve-100-schedule", "ms", times), details: { roundTrips: ROUND_TRIPS } };
}

/** In the place of Fog Ledger, whose figures are others: nothing is spent, and it says so at once. */
const unspent: LedgerService = {
  checkKeyImages: async (keyImages) => ({
    blockCount: 0n, // It does not know, and nobody compares heights.
    txoCount: 0n,
    statuses: keyImages.map(() => ({ kind: "not-spent" as const })),
    latestBlockVersion: 3,
    maxBlockVersion: 3,
  }),
  getBlocks: async () => {
    throw new Error("No blocks were missed.");
  },
};

/** Milliseconds of each run that counts, without what it gives back to be checked. */
async function timed(
  runs: { readonly warmUp: number; readonly counted: number },
  run: () => Promise<() => void>,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = -runs.warmUp; i < runs.counted; i++) {
    const start = performance.now();
    const check = await run();
    if (i >= 0) times.push(performance.now() - start);
    check();
  }
  return times;
}
